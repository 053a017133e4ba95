"""The validation stage: held-out documents and translation pairs tokenised once, the same for every mixture."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.languages import ARROW, in_order
from contracts.manifest import Manifest
from contracts.schema import VALIDATION
from contracts.tables import TableWriter, files_of
from mixer.config import TokenizerConfig
from mixer.layout import FILE_LEVEL
from mixer.tokens.encode import Encoded, encode, open_encoder, phase_name
from mixer.tokens.texts import Selection, Source, bytes_of, sources_of, texts, write_held
from mixer.tokens.tokenizer_stage import FILE
from pipelines.executor import Observer, Phase, ProgressReporter
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import scan
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME = "validation"

FORMS: Final = ("concat", "prompt")
"""Forms in which a held-out pair is evaluated; shuffled programs are those of the languages' own sets."""

BUFFER_TOKENS = 4_000_000
"""Tokens that a task gathers before it writes them: 16 MB."""


def levels_of(parallel: Manifest) -> tuple[str, ...]:
    """The level of the pairs that are evaluated: whole programs, functions where there is nothing else."""
    levels = tuple(parallel.configuration.get("levels", (FILE_LEVEL,)))
    return (FILE_LEVEL,) if FILE_LEVEL in levels else levels


def file_name(component: str) -> str:
    """The file of a component: python.parquet, python-go.parquet."""
    return f"{component.replace(ARROW, '-')}.parquet"


class EncodeHeldOut(PipelineStep):
    """Task r tokenises the held-out texts of input file r; every row group it writes is of one component.

    Memory: a row group of texts, a batch of them with its ids, and the tokens of `BUFFER_TOKENS`.
    """

    type = "glotmix"
    name = "encode held-out texts"

    def __init__(
        self,
        sources: list[Source],
        wanted: Selection,
        unseen: tuple[str, ...],
        tokenizer: Path,
        folder: Path,
        config: TokenizerConfig,
        progress: Path,
    ) -> None:
        super().__init__()
        self.sources, self.wanted, self.unseen, self.tokenizer = sources, wanted, unseen, tokenizer
        self.folder, self.config, self.progress = folder, config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the rows of input number `rank`."""
        progress = ProgressReporter(self.progress, rank)
        with TableWriter(self.folder / f"{rank:05d}.parquet", VALIDATION) as table:
            rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
            held = 0
            for encoded, ids in self._encoded(rank):
                rows[encoded.text.component].append(self._row(encoded, ids))
                held += len(ids)
                progress.add(encoded.text.bytes)
                if held >= BUFFER_TOKENS:
                    _flush(table, rows)
                    held = 0
            _flush(table, rows)
        yield from ()

    def _encoded(self, rank: int) -> Iterator[tuple[Encoded, np.ndarray]]:
        encoder = open_encoder(self.tokenizer, self.config)
        for batch in encode(encoder, texts(self.sources[rank], self.wanted)):
            start = 0
            for encoded in batch.texts:
                yield encoded, batch.ids[start : start + encoded.tokens].astype(np.uint32)
                start += encoded.tokens

    def _row(self, encoded: Encoded, ids: np.ndarray) -> dict[str, Any]:
        text = encoded.text
        return {
            "id": text.id,
            "component": text.component,
            "form": text.form,
            "seen": text.component not in self.unseen,
            "bytes": text.bytes,
            "source_start": encoded.source_end - encoded.source_tokens if encoded.source_end >= 0 else -1,
            "source_end": encoded.source_end,
            "target_start": encoded.target_start,
            "target_end": encoded.target_start + encoded.target_tokens if encoded.target_start >= 0 else -1,
            "tokens": ids,
        }


def _flush(table: TableWriter, rows: dict[str, list[dict[str, Any]]]) -> None:
    for component in in_order(rows):
        table.write_table(pa.Table.from_pylist(rows[component], schema=VALIDATION.schema))
    rows.clear()


class PublishValidation(PipelineStep):
    """Task c gathers component number c from all inputs, in their order; memory: a row group."""

    type = "glotmix"
    name = "publish validation"

    def __init__(self, parts: Path, components: list[str], folder: Path) -> None:
        super().__init__()
        self.parts, self.components, self.folder = parts, components, folder

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the file of component number `rank`, without rows where nothing of it is held out."""
        component = self.components[rank]
        with TableWriter(self.folder / file_name(component), VALIDATION) as table:
            for path in files_of(self.parts):
                for rows in _of_component(path, component):
                    table.write_table(rows)
        yield from ()


def _of_component(path: Path, component: str) -> Iterator[pa.Table]:
    """The row groups of a component; the others are told apart by their first value, without the rest."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            column = file.read_row_group(group, columns=["component"])["component"]
            if pc.equal(column[0], component).as_py():
                yield file.read_row_group(group)


def validation(
    config: TokenizerConfig,
    corpus: Path,
    parallel: Path,
    split: Path,
    tokenizer: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Tokenise what is held out into `folder`, a file for each component of the corpus.

    Raises:
        StageError: an earlier stage is not finished, or text would become a special token.
    """
    before = "glotmix run CONFIG"
    folders = {"corpus": corpus, "parallel": parallel, "split": split, "tokenizer": tokenizer}
    earlier = {name: require(place, name, before) for name, place in folders.items()}
    require_chain(earlier, f"{before} --force")
    inputs = {name: manifest.identity for name, manifest in earlier.items()}
    unseen = tuple(earlier["split"].configuration.get("unseen_directions", ()))

    def body(context: StageContext) -> Outcome:
        sources, held, parts = sources_of(corpus, parallel), context.work / "held.npy", context.work / "parts"
        write_held(split, held)
        wanted = Selection("validation", split, held, FORMS, levels=levels_of(earlier["parallel"]))
        phase = phase_name("encode", config)
        step = EncodeHeldOut(sources, wanted, unseen, tokenizer / FILE, parts, config, context.progress(phase))
        context.run(Phase(phase, [step], len(sources), bytes_of(sources)))
        components = components_of(corpus, parallel)
        context.run(Phase("publish", [PublishValidation(parts, components, context.folder)], len(components)))
        made = {name: context.folder / file_name(name) for name in components}
        return Outcome(list(made.values()), {"validation": validation_counts(made)})

    return run_stage(NAME, folder, {}, inputs, body, executor, force=force, check=check, observe=observe)


def components_of(corpus: Path, parallel: Path) -> list[str]:
    """Every component that has documents on either side of the split, directions that are never trained on too."""
    tables = ((corpus / "documents", "language"), (parallel / "parallel", "direction"))
    names = [scan(files_of(folder)).select(column).unique().collect(engine="streaming") for folder, column in tables]
    return in_order({name for frame in names for name in frame.to_series()})


def validation_counts(files: Mapping[str, Path]) -> dict[str, Any]:
    """Documents, tokens and bytes of each component, and documents by form.

    Args:
        files: the file of each component.
    """
    counts = {}
    for component, path in files.items():
        rows = (
            scan(path)
            .group_by("form")
            .agg(pl.len().alias("documents"), pl.col("tokens").list.len().cast(pl.Int64).sum(), pl.col("bytes").sum())
        )
        found = rows.sort("form").collect(engine="streaming").to_dicts()
        sums = {fact: sum(row[fact] for row in found) for fact in ("documents", "tokens", "bytes")}
        counts[component] = sums | {"forms": {row["form"]: row["documents"] for row in found}}
    return counts
