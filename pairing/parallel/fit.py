"""Pairs that are too long made to fit: functions left out of both programs together. Pure functions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pairing.parallel.comments import parses_as_well
from pairing.parallel.units import Unit, exposed, removable, removal
from parsers.syntax import ParseBudgetExceeded, Syntax, parse

Count = Callable[[str], int]

ROUNDS = 8
"""How often the rest is counted again before a pair is too long. What functions take is estimated by their share of
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


class Drop(NamedTuple):
    """What is left out as one: functions of a, functions of b."""

    a: tuple[int, ...]
    b: tuple[int, ...]


def drops(a: Side, b: Side, matches: Sequence[Match]) -> list[Drop]:
    """What may be left out, in the order in which it is: the functions that should be missed least come first.

    First functions without a counterpart, the largest first, then pairs of functions, the least similar first. At
    least one pair always stays.
    """
    partner_a, partner_b = {m.a: m.b for m in matches}, {m.b: m.a for m in matches}
    shown_a = {n for n in exposed(a.units, partner_a) if removable(a.syntax.source, a.units[n])}
    shown_b = {n for n in exposed(b.units, partner_b) if removable(b.syntax.source, b.units[n])}
    alone = [(_size(a.units[n]), 0, n) for n in shown_a if n not in partner_a]
    alone += [(_size(b.units[n]), 1, n) for n in shown_b if n not in partner_b]
    found = [Drop((), (n,)) if side else Drop((n,), ()) for _, side, n in sorted(alone, key=_largest_first)]
    paired = sorted((m.score, m.a, m.b) for m in matches if m.a in shown_a and m.b in shown_b)
    kept = 1 if len(paired) == len(matches) else 0
    return found + [Drop((i,), (j,)) for _, i, j in paired[: len(paired) - kept]]


def _size(unit: Unit) -> int:
    return unit.end - unit.outer


def _largest_first(item: tuple[int, int, int]) -> tuple[int, int, int]:
    size, side, number = item
    return -size, side, number


def fitted(a: Side, b: Side, matches: Sequence[Match], count: Count, budget: int) -> tuple[str, str, int] | None:
    """Both programs within a budget of tokens.

    Args:
        a: one program.
        b: the other.
        matches: the functions that correspond.
        count: counts the tokens of a text.
        budget: tokens that both may have together.

    Returns:
        both texts and how many functions were left out of them; None where leaving out functions does not do: the rest
        is still too long, would not parse as well as the whole, or holds no corresponding functions.
    """
    text_a, text_b = a.text, b.text
    tokens = [count(text_a), count(text_b)]
    if sum(tokens) <= budget:
        return text_a, text_b, 0
    if not matches:
        return None
    share = [n / max(1, len(side.syntax.source)) for n, side in zip(tokens, (a, b), strict=True)]
    waiting = iter(drops(a, b, matches))
    left_out: list[Drop] = []
    excess: float = sum(tokens) - budget
    for _ in range(ROUNDS):
        taken = list(_enough(waiting, a, b, share, excess))
        if not taken:
            return None
        left_out += taken
        made = _without(a, b, left_out)
        if made is None:
            return None
        excess = count(made[0]) + count(made[1]) - budget
        if excess <= 0:
            dropped = sum(len(drop.a) + len(drop.b) for drop in left_out)
            return (*made, dropped) if _corresponds(a, b, matches, left_out) else None
    return None


def _corresponds(a: Side, b: Side, matches: Sequence[Match], left_out: Sequence[Drop]) -> bool:
    """Whether functions that correspond are left; one inside another goes with it."""
    gone_a = [a.units[n] for drop in left_out for n in drop.a]
    gone_b = [b.units[n] for drop in left_out for n in drop.b]
    return any(not _inside(a.units[m.a], gone_a) and not _inside(b.units[m.b], gone_b) for m in matches)


def _inside(unit: Unit, others: Sequence[Unit]) -> bool:
    return any(other.outer <= unit.outer and unit.end <= other.end for other in others)


def _enough(waiting: Iterator[Drop], a: Side, b: Side, share: Sequence[float], excess: float) -> Iterator[Drop]:
    """The next of what may be left out, until that makes up for so many tokens."""
    for drop in waiting:
        yield drop
        excess -= sum(_size(a.units[n]) for n in drop.a) * share[0] + sum(_size(b.units[n]) for n in drop.b) * share[1]
        if excess <= 0:
            return


def _without(a: Side, b: Side, left_out: Sequence[Drop]) -> tuple[str, str] | None:
    texts = []
    for side, numbers in ((a, [n for d in left_out for n in d.a]), (b, [n for d in left_out for n in d.b])):
        text = removal(side.syntax, [side.units[n] for n in sorted(numbers)]).apply(side.syntax.source)
        try:
            rest = parse(text, side.syntax.language, side.path)
        except ParseBudgetExceeded:
            return None
        if not parses_as_well(rest, side.syntax):
            return None
        texts.append(text.decode())
    return texts[0], texts[1]
