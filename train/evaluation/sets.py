"""Reads the mixer's validation sets, with the tokenizer they were made with; memory: a few documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.languages import is_direction
from contracts.manifest import Manifest
from mixer.layout import Layout
from mixer.tokens.texts import WHOLE
from mixer.tokens.tokenizer import ByteDecoder
from mixer.tokens.tokenizer_stage import FILE
from mixer.tokens.validation import NAME, file_name

ROWS = 64
"""Rows that are turned into Python objects at once."""

COLUMNS = ["id", "form", "bytes", "source_start", "target_start", "target_end", "tokens"]


@dataclass(frozen=True, slots=True)
class Held:
    """A held-out document, or a held-out pair in one form; -1 where it has no such program."""

    id: str
    tokens: np.ndarray
    bytes: int
    source_start: int
    target_start: int
    target_end: int


class ValidationSets:
    """The validation sets of a run.

    Args:
        folder: of the validation stage; the tokenizer stands beside it.

    Raises:
        StageError: the sets or their tokenizer are not finished, damaged, or do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = _finished(folder, NAME)
        self._require_files()
        beside = Layout(folder.resolve().parent)
        tokenizer = _finished(beside.tokenizer, "tokenizer")
        if tokenizer.identity != self.manifest.inputs["tokenizer"]:
            raise StageError(
                f"{folder}: was made with another tokenizer than {beside.tokenizer}; run glotmix run CONFIG --force"
            )
        split = manifests.read(beside.split)
        self._unseen = frozenset(split.configuration.get("unseen_directions", ()) if split else ())
        self.tokenizer_text = (beside.tokenizer / FILE).read_text(encoding="utf-8")
        self.tokenizer_hash = str(tokenizer.counts["hash"])
        self.vocab_size = int(tokenizer.counts["vocab_size"])
        self.special_tokens: tuple[str, str] = (
            str(tokenizer.configuration["end_token"]),
            str(tokenizer.configuration["pad_token"]),
        )
        self.end_id, self.pad_id = int(tokenizer.counts["end_id"]), int(tokenizer.counts["pad_id"])

    @property
    def components(self) -> tuple[str, ...]:
        """All components of the corpus, those of which nothing is held out too."""
        return tuple(self.manifest.counts["validation"])

    def seen(self, component: str) -> bool:
        """False for a direction that never enters training."""
        return component not in self._unseen

    def documents(self, component: str, form: str) -> int:
        """How many rows `rows` gives, as the manifest has it."""
        return int(self.manifest.counts["validation"][component]["forms"].get(_form(component, form), 0))

    def rows(self, component: str, form: str) -> Iterator[Held]:
        """The held-out documents of a component, in their order.

        Args:
            component: one of `components`.
            form: of pairs, for a direction: concat or prompt.
        """
        wanted = _form(component, form)
        with pq.ParquetFile(self.folder / file_name(component)) as file:
            for batch in file.iter_batches(ROWS, columns=COLUMNS, use_threads=False):
                tokens = batch["tokens"]
                for number, row in enumerate(batch.drop_columns(["tokens"]).to_pylist()):
                    if row.pop("form") == wanted:
                        yield Held(tokens=tokens[number].values.to_numpy(zero_copy_only=False), **row)

    def bytes_of(self, tokens: np.ndarray) -> int:
        """Bytes of the text that ordinary tokens stand for; special ones have none."""
        if self.decoder.exact:
            return int(self._sizes[tokens].sum())
        return len(self.decoder.decode(tokens.tolist()))

    def text_of(self, tokens: np.ndarray) -> str:
        """The text of tokens; bytes that are no UTF-8 become U+FFFD."""
        return self.decoder.decode(tokens.tolist()).decode("utf-8", errors="replace")

    @cached_property
    def decoder(self) -> ByteDecoder:
        """From tokens to bytes."""
        return ByteDecoder(self.tokenizer_text, (self.end_id, self.pad_id))

    @cached_property
    def _sizes(self) -> np.ndarray:
        """Bytes of each token: in an exact tokenizer those of a text are their sum."""
        return np.array([len(self.decoder.decode([i])) for i in range(self.vocab_size)], np.int64)

    def _require_files(self) -> None:
        sizes = {entry.path: entry.bytes for entry in self.manifest.files}
        for component in self.components:
            path = self.folder / file_name(component)
            size = path.stat().st_size if path.is_file() else None
            if size is None or size != sizes.get(path.name):
                fault = "missing" if size is None else f"{size} bytes, the manifest says {sizes.get(path.name)}"
                raise StageError(f"{path}: {fault}; remove {self.folder} and run glotmix run CONFIG")
            if lacking := set(COLUMNS) - set(pq.read_schema(path).names):
                raise StageError(
                    f"{path}: has no column {', '.join(sorted(lacking))}: an earlier version made it; remove "
                    f"{self.folder} and run glotmix run CONFIG"
                )


def require_same_tokenizer(sets: ValidationSets, mixture: Path) -> None:
    """Refuse validation sets that were made with another tokenizer than a mixture: their losses mean nothing to it.

    Args:
        sets: the validation sets.
        mixture: folder of a finished mixture.

    Raises:
        StageError: the tokenizers differ, or the mixture is not finished.
    """
    made = _finished(mixture, "mix")
    ours, its = sets.manifest.inputs["tokenizer"], made.inputs.get("tokenizer")
    if its != ours:
        raise StageError(
            f"evaluation.validation: {sets.folder} was made with the tokenizer {ours[:12]}, the mixture {mixture} "
            f"with {(its or 'none')[:12]}; give the validation sets of the mixture's own run"
        )


def _form(component: str, form: str) -> str:
    return form if is_direction(component) else WHOLE


def _finished(folder: Path, stage: str) -> Manifest:
    found = manifests.read(folder)
    if found is None:
        raise StageError(f"{folder}: the {stage} stage is not finished there. Run: glotmix run CONFIG")
    if found.stage != stage:
        raise StageError(f"{folder}: holds the {found.stage} stage; the {stage} stage is wanted")
    return found
