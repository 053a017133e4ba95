"""Held-out programs translated by a model, and compared with the translations that people wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path
from typing import Any

from contracts.errors import ConfigError
from contracts.languages import is_direction
from train.evaluation.generation import write
from train.evaluation.sets import Held, ValidationSets

TOKENISER = "intl"
"""sacrebleu's tokeniser for BLEU that parts every punctuation mark and symbol from words, as code needs it."""


@dataclass(frozen=True, slots=True)
class TranslationScore:
    """How close translations of one direction come to the held-out ones.

    Attributes:
        direction: source language->target language.
        seen: false for a direction that never enters training.
        form: concat or prompt.
        pairs: that were translated.
        ended: of these, translations that the model ended itself.
        cut: of these, sources too long for the model to see whole.
        exact: of these, translations equal to the held-out program but for blanks at the ends.
        bleu: 0 to 100; None without pairs.
        chrf: 0 to 100; None without pairs.
        settings: sacrebleu's signatures of both.
    """

    direction: str
    seen: bool
    form: str
    pairs: int
    ended: int
    cut: int
    exact: int
    bleu: float | None
    chrf: float | None
    settings: str


def translate(
    validation: Path, model: Any, *, pairs: int, form: str, length: int, batch: int, max_new_tokens: int
) -> list[TranslationScore]:
    """Translate held-out programs of every direction, the likeliest token at every step.

    The model reads what stands before the target program, and writes up to the end token.

    Args:
        validation: folder of the validation sets.
        model: a causal transformers model.
        pairs: of each direction at most; those with the smallest ids, which are hashes, so a fixed random choice.
        form: concat or prompt.
        length: tokens that the model was trained on at once.
        batch: programs at once.
        max_new_tokens: longest translation.

    Raises:
        ConfigError: sacrebleu is not installed.
        StageError: the validation sets are not finished.
    """
    require_sacrebleu()
    sets = ValidationSets(validation)
    chosen = [
        (direction, held)
        for direction in sets.components
        if is_direction(direction)
        for held in nsmallest(pairs, sets.rows(direction, form), key=lambda held: held.id)
    ]
    written = write(
        model,
        [held.tokens[: held.target_start].tolist() for _, held in chosen],
        length=length,
        max_new_tokens=max_new_tokens,
        end_id=sets.end_id,
        pad_id=sets.pad_id,
        batch=batch,
    )
    found = []
    for direction in filter(is_direction, sets.components):
        ours = [(held, text) for (name, held), text in zip(chosen, written, strict=True) if name == direction]
        texts = [sets.decoder.decode(text.tokens).decode("utf-8", errors="replace") for _, text in ours]
        wanted = [sets.text_of(_target(held)) for held, _ in ours]
        bleu, chrf, settings = compare(texts, wanted)
        exact = sum(text.strip() == other.strip() for text, other in zip(texts, wanted, strict=True))
        ended, cut = sum(text.ended for _, text in ours), sum(text.cut for _, text in ours)
        seen = sets.seen(direction)
        found.append(TranslationScore(direction, seen, form, len(ours), ended, cut, exact, bleu, chrf, settings))
    return found


def require_sacrebleu() -> None:
    """Refuse to begin what could not be scored at its end.

    Raises:
        ConfigError: sacrebleu is not installed.
    """
    try:
        import sacrebleu  # noqa: F401
    except ImportError as error:
        raise ConfigError("BLEU and chrF need sacrebleu; install it with: pip install 'glotmix[eval]'") from error


def compare(texts: Sequence[str], wanted: Sequence[str]) -> tuple[float | None, float | None, str]:
    """Corpus BLEU and chrF of texts, one reference each, and sacrebleu's signatures.

    Args:
        texts: what was written.
        wanted: the references.
    """
    from sacrebleu import BLEU, CHRF

    bleu, chrf = BLEU(tokenize=TOKENISER), CHRF()
    if not texts:
        return None, None, ""
    scores = [metric.corpus_score(list(texts), [list(wanted)]).score for metric in (bleu, chrf)]
    return scores[0], scores[1], f"BLEU {bleu.get_signature()}; chrF {chrf.get_signature()}"


def _target(held: Held) -> Any:
    return held.tokens[held.target_start : held.target_end]
