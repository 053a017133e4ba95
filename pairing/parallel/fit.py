"""Programs that are too long together made to fit: functions left out of all of them together. Pure functions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pairing.match.connect import connect
from pairing.parallel.comments import parses_as_well
from pairing.parallel.units import Unit, exposed, parents, removable, removal
from parsers.syntax import ParseBudgetExceeded, Syntax, parse

Count = Callable[[str], int]

ROUNDS = 8
"""How often the rest is counted again before programs are too long. What functions take is estimated by their share of
the bytes, so that the first count is already near: of 3,108 real pairs none that was fitted to 1,000 or 2,000 tokens
took more than two rounds (and none parsed worse afterwards)."""


@dataclass(frozen=True, slots=True)
class Side:
    """A program as it is going to be written, with its functions."""

    syntax: Syntax
    units: Sequence[Unit]
    path: str = ""

    @property
    def text(self) -> str:
        """The program."""
        return self.syntax.source.decode()


class Match(NamedTuple):
    """Two functions that correspond, by number, and how sure that is."""

    a: int
    b: int
    score: float
    kind: str | None = None


Place = tuple[int, int]
"""A function: number of its program, its own number there."""


class Family(NamedTuple):
    """Functions of several programs that correspond, one of a program at most, and how sure the least sure is."""

    units: tuple[Place, ...]
    score: float


class Fitted(NamedTuple):
    """Programs that fit.

    Attributes:
        texts: of each program.
        dropped: functions left out of all of them, those inside others included.
        kept: smallest share of its bytes that any of them keeps.
    """

    texts: tuple[str, ...]
    dropped: int
    kept: float


def pair_families(matches: Sequence[Match]) -> list[Family]:
    """The families of two programs."""
    return [Family(((0, match.a), (1, match.b)), match.score) for match in matches]


def families(sizes: Sequence[int], matches: Mapping[tuple[int, int], Sequence[Match]]) -> list[Family]:
    """The families of several programs: functions that are connected by matches, the surest first.

    Args:
        sizes: functions of each program.
        matches: of two programs, by their numbers.
    """
    start = np.cumsum([0, *sizes]).tolist()
    links = [(start[x] + m.a, start[y] + m.b, m.score) for (x, y), found in matches.items() for m in found]
    if not links:
        return []
    a, b = (np.array([link[side] for link in links], np.int64) for side in (0, 1))
    score = np.array([link[2] for link in links], float)
    program = np.repeat(np.arange(len(sizes)), sizes)
    root = connect(a, b, program, score)
    lowest: dict[int, float] = {}
    for one, other, value in zip(root[a].tolist(), root[b].tolist(), score.tolist(), strict=True):
        if one == other:
            lowest[one] = min(value, lowest.get(one, value))
    members: dict[int, list[Place]] = {number: [] for number in lowest}
    for number, (own, of) in enumerate(zip(root.tolist(), program.tolist(), strict=True)):
        if own in members:
            members[own].append((of, number - start[of]))
    return [Family(tuple(places), lowest[number]) for number, places in sorted(members.items())]


def among(found: Sequence[Family], programs: Sequence[int]) -> list[Family]:
    """The families of some of the programs alone, which are numbered anew in their order."""
    place = {x: number for number, x in enumerate(programs)}
    rest = [Family(tuple((place[x], n) for x, n in family.units if x in place), family.score) for family in found]
    return [family for family in rest if len(family.units) > 1]


def drops(sides: Sequence[Side], found: Sequence[Family]) -> list[tuple[Place, ...]]:
    """What may be left out as one, in the order in which it is: what should be missed least comes first.

    First functions without a counterpart, the largest first, then families, those of the fewest programs first and of
    them the least similar. At least one family always stays.

    Args:
        sides: the programs.
        found: their families.
    """
    partnered: list[set[int]] = [set() for _ in sides]
    for family in found:
        for x, n in family.units:
            partnered[x].add(n)
    shown = [
        {n for n in exposed(side.units, own) if removable(side.syntax.source, side.units[n])}
        for side, own in zip(sides, partnered, strict=True)
    ]
    alone = [(-_size(sides[x].units[n]), x, n) for x, own in enumerate(shown) for n in own if n not in partnered[x]]
    whole = [family for family in found if all(n in shown[x] for x, n in family.units)]
    paired = sorted((len(family.units), family.score, family.units) for family in whole)
    kept = 1 if len(paired) == len(found) else 0
    return [((x, n),) for _, x, n in sorted(alone)] + [places for _, _, places in paired[: len(paired) - kept]]


def _size(unit: Unit) -> int:
    return unit.end - unit.outer


def fitted(sides: Sequence[Side], found: Sequence[Family], count: Count, budget: int) -> Fitted | None:
    """Programs within a budget of tokens.

    Args:
        sides: the programs.
        found: their families.
        count: counts the tokens of a text.
        budget: tokens that all may have together.

    Returns:
        None where leaving out functions does not do: the rest is still too long, would not parse as well as the
        whole, or there is a program without a function that corresponds to another's.
    """
    tokens = [count(side.text) for side in sides]
    if sum(tokens) <= budget:
        return Fitted(tuple(side.text for side in sides), 0, 1.0)
    if {x for family in found for x, _ in family.units} != set(range(len(sides))):
        return None
    share = [n / max(1, len(side.syntax.source)) for n, side in zip(tokens, sides, strict=True)]
    waiting = iter(drops(sides, found))
    left_out: list[set[int]] = [set() for _ in sides]
    excess: float = sum(tokens) - budget
    for _ in range(ROUNDS):
        taken = list(_enough(waiting, sides, share, excess))
        if not taken:
            return None
        for x, n in taken:
            left_out[x].add(n)
        texts = _without(sides, left_out)
        if texts is None:
            return None
        excess = sum(map(count, texts)) - budget
        if excess <= 0:
            return _made(sides, found, texts, left_out)
    return None


def _made(
    sides: Sequence[Side], found: Sequence[Family], texts: Sequence[str], left_out: Sequence[set[int]]
) -> Fitted | None:
    """What was fitted, if each of the programs still holds a function that corresponds to another's."""
    gone = [_gone(side.units, numbers) for side, numbers in zip(sides, left_out, strict=True)]
    there = [[(x, n) for x, n in family.units if not gone[x][n]] for family in found]
    if {x for places in there if len(places) > 1 for x, _ in places} != set(range(len(sides))):
        return None
    kept = [len(text.encode()) / max(1, len(side.syntax.source)) for text, side in zip(texts, sides, strict=True)]
    return Fitted(tuple(texts), sum(map(sum, gone)), min(kept))


def _gone(units: Sequence[Unit], left_out: set[int]) -> list[bool]:
    """Which functions are left out, by themselves or with one that they stand in."""
    gone: list[bool] = []
    for number, parent in enumerate(parents(units)):
        gone.append(number in left_out or (parent >= 0 and gone[parent]))
    return gone


def _enough(
    waiting: Iterator[tuple[Place, ...]], sides: Sequence[Side], share: Sequence[float], excess: float
) -> Iterator[Place]:
    """The next of what may be left out, until that makes up for so many tokens."""
    for places in waiting:
        yield from places
        excess -= sum(_size(sides[x].units[n]) * share[x] for x, n in places)
        if excess <= 0:
            return


def _without(sides: Sequence[Side], left_out: Sequence[set[int]]) -> list[str] | None:
    texts = []
    for side, numbers in zip(sides, left_out, strict=True):
        if not numbers:
            texts.append(side.text)
            continue
        text = removal(side.syntax, [side.units[n] for n in sorted(numbers)]).apply(side.syntax.source)
        try:
            rest = parse(text, side.syntax.language, side.path)
        except ParseBudgetExceeded:
            return None
        if not parses_as_well(rest, side.syntax):
            return None
        texts.append(text.decode())
    return texts
