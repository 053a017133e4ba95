"""The split stage: reads documents, links and pairs, writes the split table."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.languages import LANGUAGE_NAMES
from contracts.schema import SPLIT
from contracts.tables import TableWriter, files_of
from mixer.config import SplitConfig
from mixer.split import choose, first_names, repository_scope
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.stage import Outcome, StageContext, StageResult, require, run_stage

NAME = "split"


class SplitDocuments(PipelineStep):
    """One task over ids, repositories and links: about 300 bytes a document."""

    type = "glotmix"
    name = "split"

    def __init__(self, corpus: Path, pairs: Path, folder: Path, config: SplitConfig) -> None:
        super().__init__()
        self.corpus, self.pairs, self.folder, self.config = corpus, pairs, folder, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write one split file for each file of documents, rows in the same order."""
        files = files_of(self.corpus / "documents")
        columns = ["id", "language", "bytes", "source", "repo"]
        frames = [pl.read_parquet(f, columns=columns) for f in files]
        every = pl.concat(frames).with_row_index("number")
        repository = every.select(pl.struct("source", "repo").rank("dense"))["source"].to_numpy().astype(np.int64) - 1
        codes = {name: i for i, name in enumerate(LANGUAGE_NAMES)}
        ids = every["id"].to_list()
        held, component = choose(
            ids,
            every["language"].replace_strict(codes, return_dtype=pl.Int64).to_numpy(),
            every["bytes"].to_numpy(),
            repository,
            self._links(every.select("id", "number")),
            self.config.validation_share,
            self.config.seed,
            self.config.repositories,
        )
        names = np.array(first_names(component, ids), dtype=object)
        result = every.select("id", "language", "bytes").with_columns(
            pl.Series("split", np.where(held, "validation", "train").tolist(), dtype=pl.String),
            pl.Series("component", names[component].tolist(), dtype=pl.String),
            pl.Series(
                "scope",
                np.where(repository_scope(held, repository), "repository", "within_repository").tolist(),
                dtype=pl.String,
            ),
        )
        start = 0
        for file, frame in zip(files, frames, strict=True):
            with TableWriter(self.folder / "split" / file.name, SPLIT) as writer:
                writer.write_table(result.slice(start, frame.height).to_arrow())
            start += frame.height
        yield from ()

    def _links(self, numbers: pl.DataFrame) -> np.ndarray:
        tables = [self.corpus / "near_duplicates", self.pairs / "pairs"]
        found = [
            pl.read_parquet(f, columns=["id_a", "id_b"]) for table in tables for f in sorted(table.glob("*.parquet"))
        ]
        if not found:
            return np.empty((0, 2), np.int64)
        links = pl.concat(found)
        for side in "ab":
            links = links.join(
                numbers.rename({"id": f"id_{side}", "number": f"number_{side}"}), on=f"id_{side}", how="inner"
            )
        return links.select("number_a", "number_b").to_numpy().astype(np.int64)


def split(
    config: SplitConfig,
    corpus: Path,
    pairs: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Write the split table in `folder`; see `mixer.split.choose` for the rule.

    Raises:
        StageError: corpus or pairs are not finished.
    """
    inputs = {
        "corpus": require(corpus, "corpus", "glotmix corpus CONFIG").identity,
        "pairs": require(pairs, "pairs", "glotmix pairs CONFIG").identity,
    }

    def body(context: StageContext) -> Outcome:
        context.run(Phase("split", [SplitDocuments(corpus, pairs, context.folder, config)], 1))
        files = [context.folder / "split" / f.name for f in files_of(corpus / "documents")]
        return Outcome(files, split_counts(files))

    return run_stage(
        NAME, folder, config.model_dump(mode="json"), inputs, body, executor, force=force, observe=observe
    )


def split_counts(files: list[Path]) -> dict[str, Any]:
    """Documents and bytes of each side by language, and how many held-out ones share a repository with training."""
    table = pl.scan_parquet(files)
    sides = (
        table.group_by("split", "language").agg(pl.len(), pl.col("bytes").sum()).sort("split", "language").collect()
    )
    within = table.filter((pl.col("split") == "validation") & (pl.col("scope") == "within_repository"))
    counts: dict[str, Any] = {"train": {}, "validation": {}}
    for row in sides.to_dicts():
        counts[row["split"]][row["language"]] = {"documents": row["len"], "bytes": row["bytes"]}
    counts["validation_within_repository"] = int(within.select(pl.len()).collect().item())
    return counts
