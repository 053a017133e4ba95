"""From a training sequence back to the files it is made of: source, path, licence, commit, lines."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.languages import is_parallel
from contracts.manifest import Manifest
from contracts.tables import files_of
from mixer.layout import Layout, pairs_of
from mixer.lineage import lineage_of
from mixer.mix import again
from mixer.streams.token_files import TokenFiles
from mixer.tokens.tokenizer import ByteDecoder
from mixer.tokens.tokenizer_stage import FILE
from pipelines.frames import scan
from pipelines.stage import require_chain

ORIGIN = ("source", "source_id", "repo", "archive", "path", "commit", "licence", "language")


@dataclass(frozen=True, slots=True)
class TracedSpan:
    """One span of a sequence and where it comes from.

    Attributes:
        start: first token of the span in the sequence.
        end: token after it.
        component: mixture component.
        epoch: how often the document was seen before.
        document_id: id in documents or parallel; empty for padding.
        byte_start: first byte of the span in the document's text; -1 for padding, for a document that was rearranged
            to fill in the middle, and for a tokenizer that does not give back every byte of a text (one that is not
            byte-level, or normalises).
        byte_end: byte after it.
        origins: the documents behind it: one, the two of a translation pair, or those of a group; facts as in the
            documents table.
        text: the bytes of the span's tokens.
    """

    start: int
    end: int
    component: str
    epoch: int
    document_id: str
    byte_start: int
    byte_end: int
    origins: tuple[dict[str, Any], ...]
    text: bytes


class Tracer:
    """Traces sequences of one mixture.

    Args:
        mixture: folder of a finished mixture, inside the output folder of its run.

    Raises:
        StageError: a manifest on the way is missing or belongs to another run.
    """

    def __init__(self, mixture: Path) -> None:
        self.mixture = mixture
        self.manifest = _require(mixture, "mix")
        self.layout = Layout(mixture.resolve().parent.parent)
        self.pool = self.layout.tokens(*pairs_of(self.manifest.configuration))
        self._check_chain()
        facts = _require(self.layout.tokenizer, "tokenizer")
        silent = silent_ids(facts, _require(self.pool, "tokens"))
        self.decoder = ByteDecoder((self.layout.tokenizer / FILE).read_text(encoding="utf-8"), silent)
        self.files = TokenFiles(self.pool, np.dtype(f"<u{facts.counts['bytes_per_token']}"))

    def _check_chain(self) -> None:
        """Every manifest must be the one that the next names as its input."""
        names = ("corpus", "pairs", "parallel", "tokenizer")
        stages = {name: _require(getattr(self.layout, name), name) for name in names}
        require_chain({**stages, "tokens": _require(self.pool, "tokens"), "mix": self.manifest}, again(self.mixture))

    def trace(self, sequence: int) -> list[TracedSpan]:
        """The spans of a sequence in order.

        Args:
            sequence: number in the whole mixture, from 0.

        Raises:
            StageError: there is no such sequence.
        """
        total = self.manifest.counts["sequences"]
        if not 0 <= sequence < total:
            raise StageError(f"sequence {sequence}: the mixture has sequences 0 to {total - 1}")
        lineage = lineage_of(self.mixture, self.manifest, sequence, sequence + 1)
        ids = [i for i in lineage["document_id"].to_list() if i]
        places = self._places(ids)
        origins = self._origins(ids, is_parallel(lineage["component"][0]))
        return [self._span(row, places, origins) for row in lineage.iter_rows(named=True)]

    def _span(self, row: dict[str, Any], places: dict[str, Any], origins: dict[str, Any]) -> TracedSpan:
        common = (row["start"], row["end"], row["component"], row["epoch"], row["document_id"])
        if not row["document_id"]:
            return TracedSpan(*common, -1, -1, (), b"")
        file, start, arrangement = places[row["document_id"]]
        offset, count = row["token_start"], row["end"] - row["start"]
        ids = self.files.read(file, start, offset + count)
        text = self.decoder.decode(ids[offset:].tolist())
        if not self.decoder.exact or arrangement != "plain":
            return TracedSpan(*common, -1, -1, origins[row["document_id"]], text)
        before = len(self.decoder.decode(ids[:offset].tolist()))
        return TracedSpan(*common, before, before + len(text), origins[row["document_id"]], text)

    def _places(self, ids: list[str]) -> dict[str, tuple[int, int, str]]:
        rows = scan(files_of(self.pool / "tokenized")).filter(pl.col("id").is_in(ids))
        facts = rows.select("id", "file", "start", "arrangement").collect()
        return {i: (file, start, arrangement) for i, file, start, arrangement in facts.iter_rows()}

    def _origins(self, ids: list[str], parallel: bool) -> dict[str, tuple[dict[str, Any], ...]]:
        sides = {i: (i,) for i in ids}
        if parallel:
            rows = (
                scan(files_of(self.layout.parallel / "parallel"))
                .filter(pl.col("id").is_in(ids))
                .select("id", "ids")
                .collect()
            )
            sides = {i: tuple(programs) for i, programs in rows.iter_rows()}
        wanted = sorted({x for side in sides.values() for x in side})
        documents = (
            scan(files_of(self.layout.corpus / "documents"))
            .filter(pl.col("id").is_in(wanted))
            .select("id", *ORIGIN)
            .collect()
        )
        facts = {row["id"]: row for row in documents.iter_rows(named=True)}
        return {i: tuple(facts[x] for x in side) for i, side in sides.items()}


def silent_ids(tokenizer: Manifest, pool: Manifest) -> list[int]:
    """Ids that stand for no text: end, padding, and what marks the parts of a rearranged document."""
    sentinels = pool.counts.get("fim", {})
    named = [sentinels[name] for name in ("prefix_id", "middle_id", "suffix_id") if name in sentinels]
    return [tokenizer.counts["end_id"], tokenizer.counts["pad_id"], *named]


def _require(folder: Path, stage: str) -> Manifest:
    manifest = manifests.read(folder)
    if manifest is None:
        raise StageError(f"{folder}: no manifest.json here; trace needs the whole output folder of a run")
    if manifest.stage != stage:
        raise StageError(f"{folder}: the folder of a {manifest.stage} stage, not of {stage}")
    return manifest
