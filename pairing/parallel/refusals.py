"""Why no parallel document is written of a pair: reasons, and the rules behind them. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pairing.config import ParallelConfig
from pairing.parallel.licences import Verdict, judge

LICENCE_UNKNOWN = "licence_unknown"
CONTRADICTING = "contradicts_given"
CONTAMINATED = "contaminated"
INCOMPATIBLE = "licence_incompatible"
UNRECOGNISED = "licence_unrecognised"
TOO_LONG = "too_long"
TOO_LITTLE = "too_little_left"
EMPTY = "empty"
UNPARSABLE = "unparsable"
LOW_SCORE = "low_score"
NOT_CLOSE = "not_close"
TOO_FEW = "too_few_programs"
TO_FIT = "left_out_to_fit"

REASONS = {
    LICENCE_UNKNOWN: "a licence is required, and one is not known: not in the table pairs either",
    CONTRADICTING: "a given pair by which a group would hold two documents of a language: not in the table pairs "
    "either",
    CONTAMINATED: "a program holds a benchmark problem",
    INCOMPATIBLE: "the licences do not go together in one text",
    UNRECOGNISED: "a licence is required, and one is not known or not in the table",
    TOO_LONG: "more than max_tokens, and no functions can be left out so that the rest fits",
    TOO_LITTLE: "fits into max_tokens only with less than min_kept_share of a program",
    EMPTY: "nothing is left of a program without its comments",
    UNPARSABLE: "comments cannot be taken out so that the rest parses as well",
    LOW_SCORE: "the functions are less similar than min_function_score",
    NOT_CLOSE: "the functions are no close translation",
    TOO_FEW: "fewer than two programs of the group fit into max_tokens",
    TO_FIT: "a program that is left out of its group so that the others fit into max_tokens",
}
"""What each reason means; the page docs/parallel.md has them too."""


class Refusal(NamedTuple):
    """A reason, with what was measured and what was allowed."""

    reason: str
    value: float | None = None
    threshold: float | None = None
    detail: str = ""


def refusal_of(programs: Sequence[Mapping[str, Any]], config: ParallelConfig) -> Refusal | None:
    """Why these programs may not stand in one text; None: they may.

    Args:
        programs: facts of documents: contaminated (None: not known) and licence (None: not known).
        config: what is asked for.
    """
    if config.refuse_contaminated and any(program["contaminated"] for program in programs):
        return Refusal(CONTAMINATED)
    licences = [program["licence"] for program in programs]
    verdict, named = judge(licences), ", ".join(licence or "unknown" for licence in licences)
    if config.refuse_licences and verdict is Verdict.INCOMPATIBLE:
        return Refusal(INCOMPATIBLE, detail=named)
    if config.require_licence and verdict is Verdict.UNKNOWN:
        return Refusal(UNRECOGNISED, detail=named)
    return None


def function_refusal(score: float | None, kind: str | None, config: ParallelConfig) -> Refusal | None:
    """Why two corresponding functions become no parallel document; None: they may."""
    if score is not None and score < config.min_function_score:
        return Refusal(LOW_SCORE, score, config.min_function_score)
    if config.function_kinds == "close" and kind != "close":
        return Refusal(NOT_CLOSE, detail=kind or "")
    return None
