"""Results of an evaluation as tables. Pure."""

import math
from collections.abc import Sequence
from typing import Any

from contracts.languages import is_direction
from report.table import Summary
from train.evaluation.losses import ComponentLoss
from train.evaluation.solving import Solved
from train.evaluation.translation import TranslationScore


def loss_tables(losses: Sequence[ComponentLoss], length: int) -> list[Summary]:
    """Components, directions seen in training, and unseen ones, each with the sum over all of its scored tokens.

    Args:
        losses: of one model.
        length: of its windows.
    """
    documents = [loss for loss in losses if not is_direction(loss.component)]
    pairs = [loss for loss in losses if is_direction(loss.component)]
    groups = {
        f"Loss on held-out documents; windows of {length:,} tokens": documents,
        "Loss of translations, seen directions; target given source": [loss for loss in pairs if loss.seen],
        "Loss of translations, unseen directions; target given source": [loss for loss in pairs if not loss.seen],
    }
    return [Summary(title, [*map(_loss_row, group), _total(group)]) for title, group in groups.items() if group]


def _loss_row(loss: ComponentLoss) -> dict[str, Any]:
    row: dict[str, Any] = {
        "component": loss.component,
        "form": loss.form,
        "loss": loss.loss,
        "bpb": loss.bpb,
        "documents": loss.documents,
        "tokens": loss.tokens,
        "bytes": loss.bytes,
    }
    return row | ({"cut": loss.cut} if is_direction(loss.component) else {})


def _total(losses: Sequence[ComponentLoss]) -> dict[str, Any]:
    tokens, size, nats = (sum(values) for values in zip(*((x.tokens, x.bytes, x.nats) for x in losses), strict=True))
    row: dict[str, Any] = {
        "component": "all",
        "form": "",
        "loss": nats / tokens if tokens else None,
        "bpb": nats / math.log(2) / size if size else None,
        "documents": sum(x.documents for x in losses),
        "tokens": tokens,
        "bytes": size,
    }
    return row | ({"cut": sum(x.cut for x in losses)} if is_direction(losses[0].component) else {})


def translation_tables(scores: Sequence[TranslationScore]) -> list[Summary]:
    """BLEU and chrF of directions, seen and unseen apart.

    Args:
        scores: of one model.
    """
    settings = next((score.settings for score in scores if score.settings), "nothing is held out")
    found = []
    for seen, name in ((True, "seen"), (False, "unseen")):
        rows = [
            {
                "direction": s.direction,
                "form": s.form,
                "pairs": s.pairs,
                "BLEU": s.bleu,
                "chrF": s.chrf,
                "exact": s.exact,
                "ended": s.ended,
                "cut": s.cut,
            }
            for s in scores
            if s.seen == seen
        ]
        found += [Summary(f"Translations, {name} directions; {settings}", rows)] if rows else []
    return found


def solved_table(solved: Sequence[Solved]) -> Summary:
    """pass@k by language.

    Args:
        solved: of one model.
    """
    ks = sorted({k for one in solved for k in one.rates or {}})
    rows = [
        {"language": one.language, "problems": one.problems, "samples": one.samples}
        | {f"pass@{k}": None if one.rates is None else one.rates[k] for k in ks}
        | {"ended": ", ".join(f"{status} {count}" for status, count in sorted(one.statuses.items())), "note": one.note}
        for one in solved
    ]
    return Summary("Problems solved", rows)
