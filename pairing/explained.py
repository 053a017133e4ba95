"""What a run of the pairs stage says for itself: its threshold, and why it made no pair. Pure functions."""

from collections.abc import Mapping
from typing import Any

from pairing.config import PairsConfig
from pairing.match.threshold import measured, threshold
from pairing.score.model import PairModel


def explained(
    config: PairsConfig, model: PairModel, documents: Mapping[str, int], given: int, counts: Mapping[str, Any]
) -> dict[str, Any]:
    """Entries for the manifest: `threshold` where pairs are mined, `no_pairs` where there are none.

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
        below = config.min_precision is not None and lowest is not None and config.min_precision < lowest
        found["threshold"] = {"score": score, "precision": measured(score, model), "lowest_measured": below}
    if not counts["pairs"]:
        found["no_pairs"] = _reason(config, threshold(config, model), documents, given, counts["match"])
    return found


def _reason(
    config: PairsConfig, score: float, documents: Mapping[str, int], given: int, match: Mapping[str, int]
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
    if config.require_licence and (given or match["assigned"]):
        return (
            "pairs.require_licence drops those with an unknown licence, which all have. Declare `licence` of the "
            "sources and make the corpus again, or: glotmix pairs CONFIG --set pairs.require_licence=false --force"
        )
    if match["scored"] and not match["assigned"]:
        return (
            f"none of {match['scored']:,} candidates reaches the score {score:.4g}. Lower it: "
            "glotmix pairs CONFIG --min-score 0.1 --force; and look: glotmix pairs sample CONFIG"
        )
    return (
        "no two documents of different languages have enough in common. Look at what there is: "
        "glotmix corpus summary CONFIG; search wider: glotmix pairs CONFIG --set pairs.min_similarity=0 --force"
    )
