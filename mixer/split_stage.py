"""The split stage: reads documents, links and pairs, writes the split table."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.languages import LANGUAGE_NAMES
from contracts.schema import SPLIT
from contracts.tables import TableWriter, files_of
from mixer.config import SplitConfig
from mixer.split import choose, repository_scope
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read, scan
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME = "split"


class SplitDocuments(PipelineStep):
    """One task over ids, repositories and links: about 360 bytes a document."""

    type = "glotmix"
    name = "split"

    def __init__(self, corpus: Path, pairs: Path, folder: Path, config: SplitConfig) -> None:
        super().__init__()
        self.corpus, self.pairs, self.folder, self.config = corpus, pairs, folder, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write one split file for each file of documents, rows in the same order."""
        files = files_of(self.corpus / "documents")
        every = pl.concat([read(f, columns=["id", "language", "bytes"]) for f in files])
        ids = np.concatenate([_ascii(part["id"]) for part in every.iter_slices(100_000)])
        repository = self._repositories(files)
        codes = {name: i for i, name in enumerate(LANGUAGE_NAMES)}
        held, component = choose(
            ids,
            every["language"].replace_strict(codes, return_dtype=pl.Int64).to_numpy(),
            every["bytes"].to_numpy(),
            repository,
            self._links(ids),
            self.config.validation_share,
            self.config.seed,
            self.config.repositories,
        )
        whole = repository_scope(held, repository)
        start = 0
        for file in files:
            part = slice(start, start + pq.read_metadata(file).num_rows)
            rows = every[part].with_columns(
                pl.Series("split", np.where(held[part], "validation", "train")),
                every["id"].gather(component[part]).alias("component"),
                pl.Series("scope", np.where(whole[part], "repository", "within_repository")),
            )
            with TableWriter(self.folder / "split" / file.name, SPLIT) as writer:
                writer.write_table(rows.to_arrow())
            start = part.stop
        yield from ()

    @staticmethod
    def _repositories(files: list[Path]) -> np.ndarray:
        """A number for the repository of each document: int64 (documents,)."""
        names = pl.concat([read(f, columns=["source", "repo"]) for f in files])
        known = names.unique(maintain_order=True).with_row_index("number")
        numbered = names.join(known, on=["source", "repo"], how="left", maintain_order="left")
        return numbered["number"].to_numpy().astype(np.int64)

    def _links(self, ids: np.ndarray) -> np.ndarray:
        """Near-duplicates and translations as document numbers: int64 (links, 2)."""
        tables = [self.corpus / "near_duplicates", self.pairs / "links"]
        order = np.argsort(ids)
        ordered, found = ids[order], [np.empty((0, 2), np.int64)]
        for file in (f for table in tables for f in sorted(table.glob("*.parquet"))):
            links = read(file, columns=["id_a", "id_b"])
            wanted = np.stack([_ascii(links[side]) for side in ("id_a", "id_b")], axis=1)
            place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
            found.append(order[place][(ordered[place] == wanted).all(axis=1)])
        return np.concatenate([*found, self._same_text()])

    def _same_text(self) -> np.ndarray:
        """Documents of equal text, in one language or in two, as links from each to the next."""
        hashes = [read(f, columns=["content_hash"])["content_hash"] for f in files_of(self.corpus / "documents")]
        texts = _ascii(pl.concat(hashes))
        order = np.argsort(texts, kind="stable")
        same = texts[order][1:] == texts[order][:-1]
        return np.stack([order[:-1][same], order[1:][same]], axis=1)


def _ascii(ids: pl.Series) -> np.ndarray:
    """Ids as fixed-width bytes: a third of what strings take."""
    return np.array(ids.to_list(), dtype="S32")


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
        StageError: corpus or pairs are not finished, or the pairs are those of another corpus.
    """
    earlier = {
        "corpus": require(corpus, "corpus", "glotmix corpus CONFIG"),
        "pairs": require(pairs, "pairs", "glotmix pairs CONFIG"),
    }
    require_chain(earlier, "glotmix run CONFIG --force")
    inputs = {name: manifest.identity for name, manifest in earlier.items()}

    def body(context: StageContext) -> Outcome:
        context.run(Phase("split", [SplitDocuments(corpus, pairs, context.folder, config)], 1))
        files = [context.folder / "split" / f.name for f in files_of(corpus / "documents")]
        return Outcome(files, split_counts(files))

    return run_stage(
        NAME, folder, config.model_dump(mode="json"), inputs, body, executor, force=force, observe=observe
    )


def split_counts(files: list[Path]) -> dict[str, Any]:
    """Documents and bytes of each side by language, and how many held-out ones share a repository with training."""
    table = scan(files)
    sides = (
        table.group_by("split", "language").agg(pl.len(), pl.col("bytes").sum()).sort("split", "language").collect()
    )
    within = table.filter((pl.col("split") == "validation") & (pl.col("scope") == "within_repository"))
    counts: dict[str, Any] = {"train": {}, "validation": {}}
    for row in sides.to_dicts():
        counts[row["split"]][row["language"]] = {"documents": row["len"], "bytes": row["bytes"]}
    counts["validation_within_repository"] = int(within.select(pl.len()).collect().item())
    return counts
