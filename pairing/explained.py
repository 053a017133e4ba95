"""What a run of the pairs stage says for itself: its threshold, and why it made no pair. Pure functions."""

from collections.abc import Mapping
from math import log
from typing import Any, Final

from pairing.config import PairsConfig
from pairing.match.groups import LINKED
from pairing.match.threshold import measured, threshold
from pairing.score.model import PairModel
from pairing.score.prevalence import below

CLEARLY: Final = -log(2)
"""Log odds of the prevalence below the lowest that was learnt from: half the odds. pairs_dev, its languages two and
three at a time and random parts of its groups down to a hundredth are not below at all, half of its documents at
random -0.3 at most, its sparsest source -0.5 (names masked: -1.3); among 64,000 files of ordinary packages: -1.5."""
SURE: Final = 0.9
"""Score to ask for in a crawl: of 60 pairs that were read there, outside JavaScript and TypeScript, all right ones had
it."""

LOWER: Final = (0.1, LINKED)
"""Scores to go down to: most pairs of 0.1 are wrong, but some are right; below LINKED there are no pairs."""
LOOK: Final = "Look at what there is: glotmix corpus summary CONFIG"
"""What helps where there is no pair to look at."""


def explained(
    config: PairsConfig, model: PairModel, documents: Mapping[str, int], given: int, counts: Mapping[str, Any]
) -> dict[str, Any]:
    """Entries for the manifest, as far as they apply.

    `threshold` where pairs are mined, `no_pairs` where there are none, `few_translations` where the corpus holds
    clearly fewer than those that the score was measured on, and the scores are not adapted to that.

    Args:
        config: what was asked for.
        model: whose curve the threshold was read from.
        documents: documents of each language in the corpus.
        given: rows in the files of given pairs.
        counts: pairs, and under `match` what the matching counted.
    """
    found: dict[str, Any] = {}
    if config.mine:
        score = threshold(config, model)
        lowest = min((precision for _, precision in model.curve), default=None)
        unmeasured = config.min_precision is not None and lowest is not None and config.min_precision < lowest
        found["threshold"] = {"score": score, "precision": measured(score, model), "lowest_measured": unmeasured}
    if not counts["pairs"]:
        found["no_pairs"] = _reason(config, threshold(config, model), documents, given, counts["match"])
    elif config.mine and not config.adapt and _rare(counts["match"]):
        found["few_translations"] = _few(threshold(config, model), counts["match"])
    return found


def _rare(match: Mapping[str, Any]) -> bool:
    """Whether translations are clearly rarer than in what was learnt from; not known without plausible candidates."""
    share, least = match["prevalence"], match["prevalence_reference"]
    return share is not None and below(share, least) < CLEARLY


def _few(score: float, match: Mapping[str, Any]) -> str:
    """What it means that translations are rare, and what to do next."""
    share, least = (f"{100 * match[name]:.2g} %" for name in ("prevalence", "prevalence_reference"))
    text = (
        f"translations are rarer here than where the score was measured (about {share} of the plausible candidates, "
        f"there {least} or more), so its precision is lower; adapt the scores, which costs recall: "
        "glotmix pairs CONFIG --set pairs.adapt=true --force"
    )
    if score < SURE:
        text += f", or keep the surest pairs: glotmix pairs CONFIG --min-score {SURE} --force"
    return text


def _reason(
    config: PairsConfig, score: float, documents: Mapping[str, int], given: int, match: Mapping[str, Any]
) -> str:
    """Why there is no pair, and what to do next."""
    languages = [name for name, count in documents.items() if count]
    if len(languages) < 2:
        held = f"code in {languages[0]} only" if languages else "no code"
        return (
            f"the corpus holds {held}, and pairs are of two languages. Add a source in another one to corpus.sources "
            "(corpus.languages may leave some out), then: glotmix corpus CONFIG --force; glotmix pairs CONFIG --force"
        )
    if not config.mine and not given:
        what = "the files of pairs.given hold no row" if config.given else "pairs.given names no file"
        return (
            f"pairs.mine is false, and {what}. Fill them, or set pairs.mine: true; then: glotmix pairs CONFIG --force"
        )
    if config.require_licence and (given or match["assigned"] > match["contradictions_cut"]):
        return (
            "pairs.require_licence drops those with an unknown licence, which all have. Declare `licence` of the "
            "sources and make the corpus again, or: glotmix pairs CONFIG --set pairs.require_licence=false --force"
        )
    if match["assigned"]:
        return (
            f"{match['assigned']:,} candidates reach the score {score:.4g}, but none the {LINKED:g} that documents of "
            f"one group have to have, so all were cut; a lower score makes no pair. {LOOK}"
        )
    if match["scored"]:
        return f"none of {match['scored']:,} candidates reaches the score {score:.4g}. {_lower(score)}"
    return (
        f"no two documents of different languages have enough in common. {LOOK}; "
        "search wider: glotmix pairs CONFIG --set pairs.min_similarity=0 --force"
    )


def _lower(score: float) -> str:
    """What to ask for in place of a score that is too high."""
    lower = next((tried for tried in LOWER if tried < score), None)
    if lower is None:
        return f"A lower one makes no pair. {LOOK}"
    return f"Lower it: glotmix pairs CONFIG --min-score {lower:g} --force; {LOOK[0].lower()}{LOOK[1:]}"
