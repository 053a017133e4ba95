"""A model on disk and the validation sets that belong to it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from contracts.errors import ConfigError, StageError
from train.evaluation.sets import ValidationSets

RUN = "run.json"
"""What a run's folder says about itself; its key `evaluation` holds the folder of the validation sets and the form."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the run that a checkpoint belongs to says of it; None where it is not known.

    Attributes:
        validation: folder of the validation sets.
        form: of the held-out pairs.
        tokenizer_hash: of the tokenizer that it was trained with.
    """

    validation: Path | None = None
    form: str | None = None
    tokenizer_hash: str | None = None


def origin(checkpoint: Path) -> Origin:
    """The run above a checkpoint or an export.

    Raises:
        StageError: its run.json is damaged.
    """
    for folder in checkpoint.resolve().parents:
        if (folder / RUN).is_file():
            return _read(folder / RUN)
    return Origin()


def _read(path: Path) -> Origin:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        said, inputs = data.get("evaluation", {}), data.get("facts", {}).get("inputs", {})
        validation = said.get("validation")
        return Origin(
            None if validation is None else path.parent / validation, said.get("form"), inputs.get("tokenizer")
        )
    except (OSError, ValueError, AttributeError) as error:
        raise StageError(f"{path}: cannot be read ({error})") from error


def validation_of(checkpoint: Path, given: Path | None, known: Origin) -> Path:
    """The validation sets to measure a checkpoint on.

    Args:
        checkpoint: to be measured.
        given: by the user.
        known: of its run.

    Raises:
        ConfigError: none are given, and the run is not at hand.
    """
    folder = given or known.validation
    if folder is None:
        raise ConfigError(
            f"{checkpoint} does not lie in a run's folder that names its validation sets; give their folder: "
            "--validation FOLDER (validation/ in the output folder of glotmix run)"
        )
    return folder


def require_its_tokenizer(checkpoint: Path, vocab_size: int, sets: ValidationSets, known: Origin) -> None:
    """Refuse to measure a model on tokens of another tokenizer: the losses would mean nothing.

    Args:
        checkpoint: of the model.
        vocab_size: of the model.
        sets: the validation sets.
        known: of its run.

    Raises:
        StageError: the tokenizers differ.
    """
    beside = checkpoint / "tokenizer.json"
    if known.tokenizer_hash is not None:
        same, how = known.tokenizer_hash == sets.tokenizer_hash, f"tokenizer {known.tokenizer_hash[:12]}"
    elif beside.is_file():
        ours = Tokenizer.from_str(sets.tokenizer_text).get_vocab(with_added_tokens=True)
        same = Tokenizer.from_file(str(beside)).get_vocab(with_added_tokens=True) == ours
        how = f"the vocabulary in {beside}"
    else:
        same, how = vocab_size == sets.vocab_size, f"a vocabulary of {vocab_size:,}"
    if not same:
        raise StageError(
            f"{checkpoint} has {how}; the validation sets in {sets.folder} were made with tokenizer "
            f"{sets.tokenizer_hash[:12]} of {sets.vocab_size:,} tokens. Their losses do not compare: "
            "give the validation sets of the model's own corpus (--validation)"
        )
