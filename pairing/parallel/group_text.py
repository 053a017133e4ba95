"""The parallel document of a group: its programs one after another, made to fit. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from pairing.config import ParallelConfig
from pairing.parallel.aligning import Document
from pairing.parallel.fit import Family, Fitted, Match, Side, families, fitted, without_first
from pairing.parallel.items import longest_around
from pairing.parallel.programs import prepare, program_of
from pairing.parallel.refusals import TOO_FEW, TOO_LITTLE, Refusal, refusal_of
from pairing.parallel.texts import ParallelText, Program, grouped
from pairing.parallel.tokens import END, total

Matches = Mapping[tuple[str, str], Sequence[Match]]
"""Corresponding functions of two documents, by their ids."""

Made = tuple[ParallelText, int]
"""A text, and how many functions were left out of its programs."""


def group_text(
    documents: Sequence[Document], matches: Matches, config: ParallelConfig, count: Callable[[str], int]
) -> Made | Refusal:
    """The parallel document of a group, within max_tokens.

    What is too long loses functions of all programs together, as pairs do. Where that does not do, the first program
    is left out, and so on until two are left.

    Args:
        documents: the programs, in the order in which they shall stand.
        matches: their corresponding functions.
        config: what is asked for.
        count: counts tokens.
    """
    refusal = refusal_of(documents, config)
    if refusal is not None:
        return refusal
    programs = [program_of(document, str(document["content"])) for document in documents]
    if config.comments == "keep" and (config.max_tokens is None or _fits(programs, config.max_tokens, count)):
        return grouped(programs), 0
    sides = [prepare(document, document["functions"], config) for document in documents]
    broken = next((side for side in sides if isinstance(side, Refusal)), None)
    if broken is not None and config.comments != "keep":
        return broken
    whole = [side for side in sides if isinstance(side, Side)]
    if len(whole) == len(programs):
        programs = [replace(program, text=side.text) for program, side in zip(programs, whole, strict=True)]
    if config.max_tokens is None:
        return grouped(programs), 0
    found = _families(documents, whole, matches) if len(whole) == len(programs) else []
    return _fitting(programs, whole, found, config, config.max_tokens, count)


def _families(documents: Sequence[Document], sides: Sequence[Side], matches: Matches) -> list[Family]:
    between: dict[tuple[int, int], Sequence[Match]] = {}
    for (x, a), (y, b) in combinations(enumerate(documents), 2):
        if (ahead := matches.get((a["id"], b["id"]))) is not None:
            between[x, y] = ahead
        elif (back := matches.get((b["id"], a["id"]))) is not None:
            between[y, x] = back
    return families([len(side.units) for side in sides], between)


def _fits(programs: Sequence[Program], budget: int, count: Callable[[str], int]) -> bool:
    return total(grouped(programs).pieces(), count) <= budget


def _fitting(
    programs: Sequence[Program],
    sides: Sequence[Side],
    found: Sequence[Family],
    config: ParallelConfig,
    budget: int,
    count: Callable[[str], int],
) -> Made | Refusal:
    """The first choice of programs that fits; `sides` may be fewer than the programs where there are no families."""
    why = Refusal(TOO_FEW)
    for first in range(len(programs) - 1):
        rest = programs[first:]
        tokens = total(grouped(rest).pieces(), count)
        if tokens <= budget:
            return grouped(rest), 0
        made = fitted(sides[first:], found, count, budget - _around(rest, count)) if found else None
        if made is not None and made.kept >= config.min_kept_share:
            return _with_texts(rest, made), made.dropped
        why = Refusal(TOO_FEW, tokens, budget)
        if made is not None:
            why = Refusal(TOO_LITTLE, made.kept, config.min_kept_share)
        found = without_first(found)
    return why


def _with_texts(programs: Sequence[Program], made: Fitted) -> ParallelText:
    return grouped([replace(program, text=text) for program, text in zip(programs, made.texts, strict=True)])


def _around(programs: Sequence[Program], count: Callable[[str], int]) -> int:
    """Tokens around the programs, the end token included; any of them may lack its last line end."""
    texts = [grouped([replace(program, text=end) for program in programs]) for end in ("x", "x\n")]
    return longest_around(texts, count) + END
