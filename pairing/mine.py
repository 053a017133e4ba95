"""The pairing recipe: documents in, the tables pairs, unit_pairs and parallel out.

features -> frequencies -> vectors -> candidates -> match -> align and write
"""

from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts.files import atomic_path, checksum
from contracts.languages import LANGUAGE_NAMES, language_pairs
from contracts.tables import files_of
from pairing.catalogue import block_count
from pairing.config import PairsConfig
from pairing.given import read_given, resolve
from pairing.steps import BlockPair, FindCandidates, MatchPairs
from pairing.vectors import BuildVectors, CountFrequencies, ExtractFeatures
from pairing.write import WriteParallel, scan_positions
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read, scan
from pipelines.positions import blocks
from pipelines.stage import Outcome, StageContext, StageResult, require, run_stage

NAME = "pairs"


def pairs(
    config: PairsConfig,
    base: Path,
    corpus: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Make the pair tables in `folder`.

    Args:
        config: how to mine, match and write.
        base: folder that relative paths of given pairs start from.
        corpus: folder of a finished corpus.
        folder: output; gets pairs/, links/, unit_pairs/, parallel/ and manifest.json.
        executor: where tasks run.
        force: redo pairs that do not match.
        check: make nothing: pairs that are not finished or do not match are an error.
        observe: told about progress.

    Raises:
        StageError: the corpus is not finished, or tasks failed.
        ConfigError: a table of given pairs cannot be used.
    """
    manifest = require(corpus, "corpus", "glotmix corpus CONFIG")
    given = read_given(config.given, base)
    inputs = {"corpus": manifest.identity}
    # numbered: two files in different folders may share a name, and the first mention of a pair counts
    inputs |= {f"given/{i}/{Path(p).name}": checksum(base / p) for i, p in enumerate(config.given)}
    semantic = config.model_dump(mode="json", exclude={"given"})
    documents = manifest.counts["documents"]["by_language"]
    return run_stage(
        NAME,
        folder,
        semantic,
        inputs,
        _body(config, corpus, given, {x: documents.get(x, {}).get("files", 0) for x in LANGUAGE_NAMES}),
        executor,
        force=force,
        check=check,
        observe=observe,
    )


def _body(
    config: PairsConfig, corpus: Path, given: pl.DataFrame, documents: dict[str, int]
) -> Callable[[StageContext], Outcome]:
    def body(context: StageContext) -> Outcome:
        work = context.work
        documents_table = corpus / "documents"
        files = files_of(documents_table)
        size = float(sum(read(f, columns=["bytes"])["bytes"].sum() for f in files))
        usable, unknown = resolve(given, documents_table)
        with atomic_path(work / "given.parquet") as path:
            usable.write_parquet(path)
        features, catalogue = work / "features", work / "catalogue"
        context.run(
            Phase(
                "features",
                [ExtractFeatures(documents_table, features, config, context.progress("features"))],
                len(files),
                size,
            )
        )
        frequencies = CountFrequencies(documents_table, features, catalogue, config)
        context.run(Phase("frequencies", [frequencies], len(LANGUAGE_NAMES)))
        if config.mine:
            _mine(context, config, documents)
        positions = work / "positions"
        context.run(
            Phase(
                "match",
                [
                    MatchPairs(
                        work / "candidates", catalogue, work / "given.parquet", context.folder, positions, config
                    )
                ],
                len(language_pairs()),
            )
        )
        tasks = _write(context, config, corpus)
        made = {
            table: [context.folder / table / f"{r:05d}.parquet" for r in range(len(language_pairs()))]
            for table in ("pairs", "links")
        }
        for table in ("unit_pairs", "parallel"):
            made[table] = [context.folder / table / f"{r:05d}.parquet" for r in range(tasks)]
        counts = {**pair_counts(made), "given_not_in_corpus": unknown}
        return Outcome([path for paths in made.values() for path in paths], counts)

    return body


def _mine(context: StageContext, config: PairsConfig, documents: dict[str, int]) -> None:
    work, size = context.work, config.block_documents
    per_language = {x: block_count(n, size) for x, n in documents.items()}
    every = [(x, block) for x, count in per_language.items() for block in range(count)]
    joined: list[BlockPair] = [
        (a, i, b, j)
        for a, b in combinations(LANGUAGE_NAMES, 2)
        for i in range(per_language[a])
        for j in range(per_language[b])
    ]
    if not joined:  # a corpus of one language has no pairs
        return
    context.run(
        Phase(
            "vectors", [BuildVectors(work / "features", work / "catalogue", work / "vectors", every, size)], len(every)
        )
    )
    context.run(
        Phase(
            "candidates",
            [FindCandidates(work / "vectors", work / "catalogue", work / "candidates", joined, config)],
            len(joined),
        )
    )


def _write(context: StageContext, config: PairsConfig, corpus: Path) -> int:
    positions = scan_positions(context.work / "positions").select("bytes_a", "bytes_b").collect()
    sizes = (positions["bytes_a"] + positions["bytes_b"]).to_numpy().astype(np.int64)
    bounds = [0, *(part.stop for part in blocks(sizes, config.task_bytes))]
    if len(bounds) == 1:
        bounds = [0, 0]
    tasks = len(bounds) - 1
    step = WriteParallel(
        corpus,
        context.work / "positions",
        context.work / "catalogue",
        context.folder,
        bounds,
        config,
        context.progress("align"),
    )
    context.run(Phase("align", [step], tasks, float(sizes.sum())))
    return tasks


def pair_counts(tables: Mapping[str, list[Path]]) -> dict[str, Any]:
    """Pairs by language pair, unit pairs and parallel documents by form and direction, counted from the tables.

    Args:
        tables: the files of pairs, unit_pairs and parallel; a folder may still hold files of an earlier run.
    """
    found = scan(tables["pairs"]).select("language_a", "language_b", "licence_known", "origin")
    by_languages = found.group_by("language_a", "language_b").agg(pl.len()).sort("language_a", "language_b").collect()
    unknown = found.filter(~pl.col("licence_known")).select(pl.len()).collect().item()
    units = scan(tables["unit_pairs"]).select(pl.len()).collect().item()
    parallel = scan(tables["parallel"]).select("form", "direction", "bytes")
    by_form = (
        parallel.group_by("form", "direction").agg(pl.len(), pl.col("bytes").sum()).sort("form", "direction").collect()
    )
    return {
        "pairs": int(by_languages["len"].sum()),
        "by_languages": {f"{r['language_a']}-{r['language_b']}": r["len"] for r in by_languages.to_dicts()},
        "licence_unknown": int(unknown),
        "unit_pairs": int(units),
        "parallel": {
            f"{r['form']}/{r['direction']}": {"documents": r["len"], "bytes": r["bytes"]} for r in by_form.to_dicts()
        },
    }
