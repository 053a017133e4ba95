"""The tokens stage: every training document tokenised once, for any number of mixtures; validation sets apart."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.languages import PARALLEL
from contracts.schema import TOKENIZED, VALIDATION
from contracts.tables import TableWriter, files_of, read_rows
from mixer.config import TokenizerConfig
from mixer.tokenizer import Encoder
from mixer.tokenizer_stage import FILE
from pairing.config import Form
from pipelines.executor import Observer, Phase, ProgressReporter
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read, scan
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME = "tokens"
BATCH_BYTES = 1_000_000
"""Text that is encoded at once."""

Row = dict[str, Any]


class Tokenize(PipelineStep):
    """Task r tokenises file r of documents; the tasks after them the files of parallel documents.

    Memory: a batch of texts (1 MB) with its ids, and the tokens of one file at the encoder's width.
    """

    type = "glotmix"
    name = "tokenize"

    def __init__(
        self,
        inputs: list[tuple[str, Path]],
        split: Path,
        tokenizer: Path,
        folder: Path,
        config: TokenizerConfig,
        form: Form,
        progress: Path,
    ) -> None:
        super().__init__()
        self.inputs, self.split, self.tokenizer, self.folder = inputs, split, tokenizer, folder
        self.config, self.form, self.progress = config, form, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write token file, rows and validation rows of input number `rank`."""
        text, fast = self.tokenizer.read_text(encoding="utf-8"), self.config.fast == "auto"
        encoder = Encoder(text, self.config.end_token, self.config.pad_token, fast)
        kind, path = self.inputs[rank]
        rows = self._documents(path) if kind == "documents" else self._parallel(path)
        progress = ProgressReporter(self.progress, rank)
        name, start = f"{rank:05d}", 0
        with (
            atomic_path(self.folder / "tokens" / f"{name}.bin") as raw,
            open(raw, "wb") as tokens,
            TableWriter(self.folder / "tokenized" / f"{name}.parquet", TOKENIZED) as table,
            TableWriter(self.folder / "validation" / f"{name}.parquet", VALIDATION) as validation,
        ):
            for batch in _batches(rows):
                for row, ids, source_end, target_start in _encode(encoder, batch):
                    spans = {"source_end": source_end, "target_start": target_start}
                    if row["split"] == "validation":
                        validation.write(
                            {
                                "id": row["id"],
                                "component": row["direction"],
                                "bytes": row["bytes"],
                                "tokens": ids,
                                **spans,
                            }
                        )
                    else:
                        tokens.write(ids.astype(encoder.dtype).tobytes())
                        facts = {"file": rank, "start": start, "tokens": len(ids), "bytes": row["bytes"]}
                        table.write({"id": row["id"], "component": row["component"], **facts, **spans})
                        start += len(ids)
                    progress.add(row["bytes"])
        yield from ()

    def _documents(self, path: Path) -> Iterator[Row]:
        """Rows of a documents file with their side; the split table has the same rows in the same order."""
        sides = read(self.split / "split" / path.name, columns=["split"])["split"].to_list()
        columns = ["id", "language", "bytes", "content"]
        for row, side in zip(read_rows(path, columns, 200), sides, strict=True):
            pieces = (row["content"],)
            language = row["language"]
            yield {**row, "split": side, "component": language, "direction": language, "pieces": pieces, "ends": None}

    def _parallel(self, path: Path) -> Iterator[Row]:
        """Rows of a parallel file in the wanted form, cut where source and target begin and end."""
        wanted = scan(path).filter(pl.col("form") == self.form).select("id_source", "id_target").collect()
        ids = pl.concat([wanted["id_source"], wanted["id_target"]]).unique().to_list()
        sides = dict(
            scan(files_of(self.split / "split"))
            .filter(pl.col("id").is_in(ids))
            .select("id", "split")
            .collect()
            .iter_rows()
        )
        for row in read_rows(path, batch_rows=50):
            if row["form"] != self.form:
                continue
            content = row["content"].encode()
            spans = [(row["source_start"], row["source_end"]), (row["target_start"], row["target_end"])]
            cuts = sorted({0, len(content), *(x for span in spans for x in span if x >= 0)})
            pieces = tuple(content[a:b].decode() for a, b in pairwise(cuts))
            side = sides[row["id_source"] or row["id_target"]]
            yield {
                **{name: row[name] for name in ("id", "bytes", "direction")},
                "split": side,
                "component": PARALLEL,
                "pieces": pieces,
                "ends": (
                    cuts.index(spans[0][1]) if spans[0][1] >= 0 else -1,
                    cuts.index(spans[1][0]) if spans[1][0] >= 0 else -1,
                ),
            }


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += row["bytes"]
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _encode(encoder: Encoder, batch: list[Row]) -> Iterator[tuple[Row, np.ndarray, int, int]]:
    """(row, ids with the end token, tokens up to the source's end, tokens before the target)."""
    encoded = iter(encoder.encode([piece for row in batch for piece in row["pieces"]]))
    end = np.array([encoder.end_id], np.uint32)
    for row in batch:
        pieces = [next(encoded) for _ in row["pieces"]]
        ids = np.concatenate([*pieces, end])
        source_end = target_start = -1
        if row["ends"] is not None:
            before = np.r_[0, np.cumsum([len(p) for p in pieces])]
            source_end, target_start = (int(before[i]) if i >= 0 else -1 for i in row["ends"])
        yield row, ids, source_end, target_start


def tokens(
    config: TokenizerConfig,
    form: Form,
    corpus: Path,
    pairs: Path,
    split: Path,
    tokenizer: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Tokenise documents and parallel documents of one form into `folder`.

    Raises:
        StageError: an earlier stage is not finished, or text would become a special token.
    """
    before = "glotmix run CONFIG"
    folders = {"corpus": corpus, "pairs": pairs, "split": split, "tokenizer": tokenizer}
    earlier = {name: require(place, name, before) for name, place in folders.items()}
    require_chain(earlier, f"{before} --force")
    inputs = {name: manifest.identity for name, manifest in earlier.items()}

    def body(context: StageContext) -> Outcome:
        files = [("documents", f) for f in files_of(corpus / "documents")]
        files += [("parallel", f) for f in files_of(pairs / "parallel")]
        work = float(sum(read(f, columns=["bytes"])["bytes"].sum() for _, f in files))
        step = Tokenize(files, split, tokenizer / FILE, context.folder, config, form, context.progress("tokenize"))
        context.run(Phase("tokenize", [step], len(files), work))
        made = {
            sub: [context.folder / sub / f"{r:05d}.{suffix}" for r in range(len(files))]
            for sub, suffix in (("tokens", "bin"), ("tokenized", "parquet"), ("validation", "parquet"))
        }
        counts = pool_counts(made["tokenized"], made["validation"])
        return Outcome([path for paths in made.values() for path in paths], counts)

    semantic = {"parallel_form": form}
    return run_stage(NAME, folder, semantic, inputs, body, executor, force=force, observe=observe)


def pool_counts(tokenized: list[Path], validation: list[Path]) -> dict[str, Any]:
    """Documents, tokens and bytes of each component, training and validation, counted from these files."""
    train = scan(tokenized).group_by("component")
    held = scan(validation).group_by("component")
    facts = [pl.len().alias("documents"), pl.col("tokens").cast(pl.Int64).sum(), pl.col("bytes").sum()]
    lengths = [pl.len().alias("documents"), pl.col("tokens").list.len().cast(pl.Int64).sum(), pl.col("bytes").sum()]
    return {
        side: {row.pop("component"): row for row in query.agg(wanted).sort("component").collect().to_dicts()}
        for side, query, wanted in (("train", train, facts), ("validation", held, lengths))
    }
