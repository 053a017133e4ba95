"""The split stage: reads documents, links and pairs, writes the split table."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.languages import in_order, language_pairs
from contracts.schema import SPLIT
from contracts.tables import TableWriter, files_of
from mixer.config import SplitConfig
from mixer.split.choose import NO_LINKS, choose, repository_scope
from mixer.split.leaks import require_no_leak
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read, scan
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME = "split"


class SplitDocuments(PipelineStep):
    """One task over ids, repositories and links: about 400 bytes a document."""

    type = "glotmix"
    name = "split"

    def __init__(self, corpus: Path, pairs: Path, parallel: Path, folder: Path, config: SplitConfig) -> None:
        super().__init__()
        self.corpus, self.pairs, self.parallel, self.folder, self.config = corpus, pairs, parallel, folder, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write one split file for each file of documents, rows in the same order."""
        files = files_of(self.corpus / "documents")
        every = pl.concat([read(f, columns=["id", "language", "bytes"]) for f in files])
        ids = np.concatenate([_ascii(part["id"]) for part in every.iter_slices(100_000)])
        repository = self._repositories(files)
        codes = {name: i for i, name in enumerate(in_order(every["language"].unique()))}
        links, pairs = self._links(ids)
        held, component = choose(
            ids,
            every["language"].replace_strict(codes, return_dtype=pl.Int64).to_numpy(),
            every["bytes"].to_numpy(),
            repository,
            links,
            self.config.validation_share,
            self.config.seed,
            self.config.repositories,
            pairs,
            self.config.validation_pairs,
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

    def _links(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Whatever ties documents, and of it the pairs with parallel documents: int64 (links, 2), document numbers.

        Pairs without a licence that was asked for, and those of which no parallel document of whole programs was
        written, are links only. A copy is tied to the document that stood for it while pairs were mined: its
        translation is the copy's.
        """
        order = np.argsort(ids)
        near, translations, pairs, refused = (
            _numbered(ids, order, folder)
            for folder in (
                self.corpus / "near_duplicates",
                self.pairs / "links",
                self.pairs / "pairs",
                self.parallel / "refused",
            )
        )
        copies = _numbered(ids, order, self.pairs / "copies", ("id", "representative_id"))
        if len(refused) and len(pairs):
            written = ~np.isin(_as_one(pairs, len(ids)), _as_one(refused, len(ids)))
            pairs = pairs[written]
        return np.concatenate([near, copies, translations, self._same_text()]), pairs

    def _same_text(self) -> np.ndarray:
        """Documents of equal text, in one language or in two, as links from each to the next."""
        hashes = [read(f, columns=["content_hash"])["content_hash"] for f in files_of(self.corpus / "documents")]
        texts = _ascii(pl.concat(hashes))
        order = np.argsort(texts, kind="stable")
        same = texts[order][1:] == texts[order][:-1]
        return np.stack([order[:-1][same], order[1:][same]], axis=1)


class CheckSplit(PipelineStep):
    """After the step above, in the same task: nothing may leak, or the task has failed and begins anew."""

    type = "glotmix"
    name = "check the split"

    def __init__(self, corpus: Path, pairs: Path, parallel: Path, folder: Path) -> None:
        super().__init__()
        self.corpus, self.pairs, self.parallel, self.folder = corpus, pairs, parallel, folder

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Wait for the tables, then read them again."""
        yield from data or ()
        require_no_leak(self.corpus, self.pairs, self.parallel, self.folder)


def _as_one(pairs: np.ndarray, documents: int) -> np.ndarray:
    """One number for each pair of document numbers: int64 (pairs,)."""
    found: np.ndarray = pairs[:, 0] * documents + pairs[:, 1]
    return found


def _numbered(
    ids: np.ndarray, order: np.ndarray, folder: Path, ends: tuple[str, str] = ("id_a", "id_b")
) -> np.ndarray:
    """Two columns of ids of a table as document numbers: int64 (rows, 2); none where there is no such table.

    Args:
        ids: bytes (documents,).
        order: int64 (documents,), what sorts them.
        folder: of a table of pairs of documents.
        ends: the columns.
    """
    ordered, found = ids[order], [NO_LINKS]
    for file in sorted(folder.glob("*.parquet")):
        links = read(file)
        if "level" in links.columns:  # what was refused: of functions it says nothing of the pair
            links = links.filter(pl.col("level") == "file")
        wanted = np.stack([_ascii(links[side]) for side in ends], axis=1)
        place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
        found.append(order[place][(ordered[place] == wanted).all(axis=1)])
    return np.concatenate(found)


def _ascii(ids: pl.Series) -> np.ndarray:
    """Ids as fixed-width bytes: a third of what strings take."""
    return np.array(ids.to_list(), dtype="S32")


def split(
    config: SplitConfig,
    corpus: Path,
    pairs: Path,
    parallel: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Write the split table in `folder`; see `mixer.split.choose.choose` for the rule.

    Raises:
        StageError: an earlier stage is not finished, or was made of another one than there is, or a link is cut.
    """
    earlier = {
        "corpus": require(corpus, "corpus", "glotmix corpus CONFIG"),
        "pairs": require(pairs, "pairs", "glotmix pairs CONFIG"),
        "parallel": require(parallel, "parallel", "glotmix pairs CONFIG"),
    }
    require_chain(earlier, "glotmix run CONFIG --force")
    inputs = {name: manifest.identity for name, manifest in earlier.items()}

    def body(context: StageContext) -> Outcome:
        mined = (corpus, pairs, parallel)
        steps = [SplitDocuments(*mined, context.folder, config), CheckSplit(*mined, context.folder)]
        context.run(Phase("split", steps, 1))
        files = [context.folder / "split" / f.name for f in files_of(corpus / "documents")]
        return Outcome(files, split_counts(files, files_of(pairs / "pairs")))

    return run_stage(
        NAME, folder, config.model_dump(mode="json"), inputs, body, executor, force=force, check=check, observe=observe
    )


def split_counts(files: list[Path], pairs: list[Path]) -> dict[str, Any]:
    """What stands on each side, counted from the tables.

    Args:
        files: of the split table.
        pairs: of the pairs table.

    Returns:
        documents and bytes of each side by language; how many held-out documents share a repository with training;
        the held-out pairs of each language pair that has any pairs, and the language pairs that have none of them.
    """
    table = scan(files)
    sides = table.group_by("split", "language").agg(documents=pl.len(), bytes=pl.col("bytes").sum()).collect()
    validation = table.filter(pl.col("split") == "validation")
    within = validation.filter(pl.col("scope") == "within_repository")
    counts: dict[str, Any] = {"train": {}, "validation": {}}
    for language in in_order(sides["language"].unique()):
        for row in sides.filter(pl.col("language") == language).sort("split").to_dicts():
            counts[row.pop("split")][row.pop("language")] = row
    counts["validation_within_repository"] = int(within.select(pl.len()).collect().item())
    # both ends of a pair stand on one side
    held = scan(pairs).with_columns(held=pl.col("id_a").is_in(validation.select("id").collect()["id"].implode()))
    by_languages = held.group_by("language_a", "language_b").agg(pl.col("held").sum()).collect()
    found = {(a, b): n for a, b, n in by_languages.iter_rows()}
    counts["validation_pairs"] = {f"{a}-{b}": found[a, b] for a, b in language_pairs() if (a, b) in found}
    counts["language_pairs_without_validation"] = [name for name, n in counts["validation_pairs"].items() if not n]
    return counts
