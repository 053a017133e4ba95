"""The parallel document of a group: its programs one after another, made to fit. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from pairing.config import ParallelConfig
from pairing.parallel.aligning import Document
from pairing.parallel.fit import Family, Match, families
from pairing.parallel.group_fit import Member, fits, fitting
from pairing.parallel.programs import prepare, program_of
from pairing.parallel.refusals import TO_FIT, Refusal, refusal_of
from pairing.parallel.texts import ParallelText, grouped
from pairing.parallel.tokens import total

Matches = Mapping[tuple[str, str], Sequence[Match]]
"""Corresponding functions of two documents, by their ids."""


@dataclass(frozen=True, slots=True)
class GroupText:
    """What is written of a group.

    Attributes:
        text: the document.
        units_dropped: functions left out of its programs.
        left_out: programs that it does not hold, by their numbers in the group, with the reasons.
    """

    text: ParallelText
    units_dropped: int = 0
    left_out: Mapping[int, Refusal] = field(default_factory=dict)


def group_text(
    documents: Sequence[Document], matches: Matches, config: ParallelConfig, count: Callable[[str], int]
) -> GroupText | Refusal:
    """The parallel document of a group, within max_tokens.

    A program that cannot be written without its comments is left out. What is too long loses functions of all programs
    together, as pairs do; where that does not do, programs are left out, see `group_fit.fitting`.

    Args:
        documents: the programs, in the order in which they shall stand.
        matches: their corresponding functions.
        config: what is asked for.
        count: counts tokens.
    """
    refusal = refusal_of(documents, config)
    if refusal is not None:
        return refusal
    members = [Member(n, program_of(document, str(document["content"]))) for n, document in enumerate(documents)]
    if config.comments == "keep" and (config.max_tokens is None or fits(members, config.max_tokens, count)):
        return GroupText(grouped([member.program for member in members]))
    members, broken = _prepared(members, documents, config)
    if len(members) < 2:
        return next(iter(broken.values()))
    if config.max_tokens is None:
        return GroupText(grouped([member.program for member in members]), 0, broken)
    made = fitting(members, _families(documents, members, matches), config.max_tokens, config.min_kept_share, count)
    if isinstance(made, Refusal):
        return made
    tokens = total(grouped([member.program for member in members]).pieces(), count)
    long = {n: Refusal(TO_FIT, tokens, config.max_tokens, why) for n, why in made.left_out.items()}
    return GroupText(grouped(made.programs), made.units_dropped, broken | long)


def _prepared(
    members: Sequence[Member], documents: Sequence[Document], config: ParallelConfig
) -> tuple[list[Member], dict[int, Refusal]]:
    """The programs with comments as they are asked for, and those that cannot be had so."""
    found, broken = [], {}
    for member in members:
        document = documents[member.number]
        side = prepare(document, document["functions"], config)
        if not isinstance(side, Refusal):
            found.append(Member(member.number, replace(member.program, text=side.text), side))
        elif config.comments == "keep":
            found.append(member)  # only its functions cannot be told
        else:
            broken[member.number] = side
    return found, broken


def _families(documents: Sequence[Document], members: Sequence[Member], matches: Matches) -> list[Family]:
    between: dict[tuple[int, int], Sequence[Match]] = {}
    ids = [documents[member.number]["id"] for member in members]
    for x, y in combinations([n for n, member in enumerate(members) if member.side is not None], 2):
        if (ahead := matches.get((ids[x], ids[y]))) is not None:
            between[x, y] = ahead
        elif (back := matches.get((ids[y], ids[x]))) is not None:
            between[y, x] = back
    return families([len(member.side.units) if member.side else 0 for member in members], between)
