"""Whether programs may stand in one text by their licences. Pure functions over `licence_table`; no legal advice."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from contracts.spdx import Alternatives, NotSpdx, alternatives
from pairing.parallel.licence_table import ANY_TERMS, FREEING, PASSED_ON

KNOWN = frozenset(PASSED_ON)
"""Licences of the table."""

_WRITTEN = {name.lower(): name for name in (*KNOWN, *FREEING)}
"""Identifiers count whatever their case (SPDX 2.3, annex D.2); hosts write them small."""


class Verdict(StrEnum):
    """What is known of several licences."""

    COMPATIBLE = "compatible"
    INCOMPATIBLE = "incompatible"
    UNKNOWN = "unknown"


class Read(NamedTuple):
    """A licence: the alternatives that count, and whether the table holds all that they name."""

    alternatives: Alternatives
    complete: bool


NOTHING_KNOWN = Read(frozenset({frozenset()}), complete=False)


@lru_cache(maxsize=4096)
def read(licence: str | None) -> Read:
    """A licence's alternatives, those that the table knows whole; if there are none, what it knows of each."""
    try:
        found = alternatives(licence or "")
    except NotSpdx:
        return NOTHING_KNOWN
    named = [frozenset(map(_plain, each)) for each in found]
    whole = frozenset(each for each in named if each <= KNOWN)
    return Read(whole, complete=True) if whole else Read(frozenset(each & KNOWN for each in named), complete=False)


def _plain(name: str) -> str:
    written = _WRITTEN.get(name.lower(), name)
    bare = FREEING.get(written, written.split(" WITH ")[0])
    return _WRITTEN.get(bare.lower(), bare)


def judge(licences: Iterable[str | None]) -> Verdict:
    """Whether programs under these licences may be joined in one text.

    Compatible: some choice of alternatives leaves terms that all of them allow. Incompatible: none does, whatever is
    unknown; also where what one licence joins by AND does not go together. Unknown: one of the licences is null, no
    SPDX expression or not in the table, and the rest goes together.
    """
    return _judged(tuple(dict.fromkeys(licences)))


@lru_cache(maxsize=4096)
def _judged(licences: tuple[str | None, ...]) -> Verdict:
    found = [read(licence) for licence in licences]
    left = {ANY_TERMS}
    for each in found:
        allowed = {terms_of(names) for names in each.alternatives}
        left = {both for terms in left for other in allowed if (both := terms & other)}
    if not left:
        return Verdict.INCOMPATIBLE
    return Verdict.COMPATIBLE if all(each.complete for each in found) else Verdict.UNKNOWN


def largest_part(licences: Sequence[str | None]) -> list[int]:
    """Which of several programs may be joined in one text, by number: as many as can be, of equally many the first.

    Programs may be joined if there are terms that each of them allows, so the part is that of the terms that most do.
    """
    allowed = [frozenset().union(*map(terms_of, read(licence).alternatives)) for licence in licences]
    parts = ([n for n, own in enumerate(allowed) if terms in own] for terms in ANY_TERMS)
    return min(parts, key=lambda part: (-len(part), part))


def terms_of(names: Iterable[str]) -> frozenset[str]:
    """The terms that licences of the table allow which hold together."""
    return ANY_TERMS.intersection(*(PASSED_ON[name] for name in names))


def joined(licences: Iterable[str | None]) -> str | None:
    """The licence of a text made of several programs: all of theirs; null where one is unknown."""
    found = list(dict.fromkeys(licences))
    if None in found:
        return None
    if len(found) == 1:
        return found[0]
    return " AND ".join(f"({each})" if " OR " in str(each).upper() else str(each) for each in found)
