"""Which programs of a group become a text that is not too long, and what of them. Pure functions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pairing.parallel.fit import Family, Side, among, fitted
from pairing.parallel.items import longest_around
from pairing.parallel.refusals import TOO_FEW, TOO_LITTLE, Refusal
from pairing.parallel.texts import Program, grouped
from pairing.parallel.tokens import END, total

ALONE = "no function of it corresponds to another program's"
"""Why a program is left out before others."""

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Member:
    """A program of a group.

    Attributes:
        number: its place in the group.
        program: as it is written where all of it is.
        side: with its functions; None: they cannot be told.
    """

    number: int
    program: Program
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class FittedGroup:
    """Programs that fit, how many functions they lost, and the numbers of the others with what is known of why."""

    programs: Sequence[Program]
    units_dropped: int
    left_out: dict[int, str]


def fits(members: Sequence[Member], budget: int, count: Count) -> bool:
    """Whether whole programs fit."""
    return _tokens(members, count) <= budget


def fitting(
    members: Sequence[Member], found: Sequence[Family], budget: int, min_kept: float, count: Count
) -> FittedGroup | Refusal:
    """The first choice of programs that fits, functions left out of all of them together.

    All programs are tried first, then all but those of which no function corresponds to another's, since nothing can
    be taken out of them: one such program less each time, the largest first. Then the same without the largest of the
    programs whose functions correspond, and so on until two are left. Of equally large ones the first goes first.

    Args:
        members: at least two, in the order in which they shall stand.
        found: functions that correspond, by the places of the programs in `members`.
        budget: tokens that the text may have.
        min_kept: share of its bytes that each program keeps.
        count: counts tokens.
    """
    why = Refusal(TOO_FEW)
    sizes = [count(member.program.text) for member in members]
    for chosen in _choices(sizes, found):
        rest = [members[n] for n in chosen]
        made = _made(rest, among(found, chosen), budget, min_kept, count)
        if not isinstance(made, Refusal):
            paired = {x for family in found for x, _ in family.units}
            gone = [n for n in range(len(members)) if n not in chosen]
            return replace(made, left_out={members[n].number: "" if n in paired else ALONE for n in gone})
        why = made
    return why


def _choices(sizes: Sequence[int], found: Sequence[Family]) -> Iterator[list[int]]:
    """Places of the programs to try, at most as many times as the square of their number."""
    rest = list(range(len(sizes)))
    largest_first = sorted(rest, key=lambda n: (-sizes[n], n))
    while len(rest) > 1:
        paired = {rest[x] for family in among(found, rest) for x, _ in family.units}
        alone = [n for n in largest_first if n in rest and n not in paired]
        for number in range(min(len(alone), len(rest) - 2) + 1):
            gone = set(alone[:number])
            yield [n for n in rest if n not in gone]
        if not paired:
            return
        rest.remove(next(n for n in largest_first if n in paired))


def _made(
    members: Sequence[Member], found: Sequence[Family], budget: int, min_kept: float, count: Count
) -> FittedGroup | Refusal:
    tokens, programs = _tokens(members, count), [member.program for member in members]
    if tokens <= budget:
        return FittedGroup(programs, 0, {})
    sides = [member.side for member in members if member.side is not None]
    made = None
    if found and len(sides) == len(members):
        made = fitted(sides, found, count, budget - _around(programs, count))
    if made is None:
        return Refusal(TOO_FEW, tokens, budget)
    if made.kept < min_kept:
        return Refusal(TOO_LITTLE, made.kept, min_kept)
    texts = [replace(program, text=text) for program, text in zip(programs, made.texts, strict=True)]
    return FittedGroup(texts, made.dropped, {})


def _tokens(members: Sequence[Member], count: Count) -> int:
    return total(grouped([member.program for member in members]).pieces(), count)


def _around(programs: Sequence[Program], count: Count) -> int:
    """Tokens around the programs, the end token included; any of them may lack its last line end."""
    texts = [grouped([replace(program, text=end) for program in programs]) for end in ("x", "x\n")]
    return longest_around(texts, count) + END
