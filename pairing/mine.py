"""The pairing recipe: documents in, the tables pairs, unit_pairs and parallel out.

features -> frequencies -> vectors -> candidates -> compare -> decide -> match -> align -> parallel documents
"""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import polars as pl

from contracts.files import atomic_path, checksum
from contracts.languages import LANGUAGE_NAMES, language_pairs
from contracts.tables import files_of
from pairing.candidates.recipe import Found, find_candidates
from pairing.catalogue import block_count
from pairing.config import PairsConfig
from pairing.features.extract import ExtractFeatures
from pairing.given import read_given, resolve
from pairing.match.decide import COUNTS, DecidePairs
from pairing.match.threshold import threshold
from pairing.match.write import WritePairs
from pairing.parallel.counts import parallel_counts
from pairing.parallel.phases import write_parallel
from pairing.parallel.tokens import counter
from pairing.score.compare import CompareCandidates
from pairing.score.model import shipped
from pairing.score.vectors import BuildVectors, CountFrequencies, WeighKeys
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read, scan
from pipelines.stage import Outcome, StageContext, StageResult, require, run_stage

NAME = "pairs"

MODELS = ("pairing.score", "pairing.align")
"""Packages whose coefficients decide: other ones make other pairs."""


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
        folder: output; gets pairs/, links/, unit_pairs/, parallel/, refused/ and manifest.json.
        executor: where tasks run.
        force: redo pairs that do not match.
        check: make nothing: pairs that are not finished or do not match are an error.
        observe: told about progress.

    Raises:
        StageError: the corpus is not finished, or tasks failed.
        ConfigError: a table of given pairs cannot be used, or no threshold has the precision that is asked for.
    """
    threshold(config, shipped())  # refused before any work
    manifest = require(corpus, "corpus", "glotmix corpus CONFIG")
    given = read_given(config.given, base)
    resolve(given, corpus / "documents")  # what cannot be used is refused before anything is removed
    inputs = {"corpus": manifest.identity}
    inputs |= {f"model/{name}": checksum(Path(str(resources(name) / "coefficients.json"))) for name in MODELS}
    # numbered: two files in different folders may share a name, and the first mention of a pair counts
    inputs |= {f"given/{i}/{Path(p).name}": checksum(base / p) for i, p in enumerate(config.given)}
    tokenizer = None if config.tokenizer is None else base / config.tokenizer
    if tokenizer is not None:
        counter(tokenizer)  # refused before any work
        inputs["counting/tokenizer.json"] = checksum(tokenizer)  # no stage: `tokenizer` is the name of one
    semantic = config.model_dump(mode="json", exclude={"given", "tokenizer"})
    documents = manifest.counts["documents"]["by_language"]
    return run_stage(
        NAME,
        folder,
        semantic,
        inputs,
        _body(config, corpus, given, tokenizer, {x: documents.get(x, {}).get("files", 0) for x in LANGUAGE_NAMES}),
        executor,
        force=force,
        check=check,
        observe=observe,
    )


def _body(
    config: PairsConfig, corpus: Path, given: pl.DataFrame, tokenizer: Path | None, documents: dict[str, int]
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
                [ExtractFeatures(corpus, features, config, context.progress("features"))],
                len(files),
                size,
            )
        )
        frequencies = CountFrequencies(documents_table, features, catalogue, config)
        context.run(Phase("frequencies", [frequencies], len(LANGUAGE_NAMES)))
        found = mine(context, config, corpus, documents) if config.mine else Found([], {})
        positions = work / "positions"
        decided = work / "decided"
        decide = DecidePairs(work / "compared", catalogue, work / "given.parquet", decided, config)
        context.run(Phase("decide", [decide], 1))
        write = WritePairs(
            decided, work / "vectors", catalogue, work / "given.parquet", context.folder, positions, config
        )
        context.run(Phase("match", [write], len(language_pairs())))
        written, offered = write_parallel(context, config, corpus, tokenizer)
        made = {
            table: [context.folder / table / f"{r:05d}.parquet" for r in range(len(language_pairs()))]
            for table in ("pairs", "links")
        }
        made |= written
        made["copies"] = found.copies
        counts = {
            **pair_counts(made),
            **parallel_counts(made["parallel"], made["refused"], offered, config),
            **found.counts,
            "match": json.loads((decided / COUNTS).read_text(encoding="utf-8")),
            "given_not_in_corpus": unknown,
        }
        return Outcome([path for paths in made.values() for path in paths], counts)

    return body


def mine(context: StageContext, config: PairsConfig, corpus: Path, documents: dict[str, int]) -> Found:
    """Find candidates and compare them: leaves vectors/ and compared/ in the work folder.

    Args:
        context: of the stage; features/ and catalogue/ must be there.
        config: how to search.
        corpus: the finished corpus.
        documents: documents of each language.
    """
    work, size = context.work, config.block_documents
    found = find_candidates(context, corpus, work / "features", work / "catalogue", documents, config)
    blocks = [(x, i) for x, n in documents.items() for i in range(block_count(n, size))]
    joined = [(a, b, i) for a, b in language_pairs() if documents[b] for x, i in blocks if x == a]
    if not joined:  # a corpus of one language has no pairs
        return found
    weights = work / "weights"
    context.run(Phase("weights", [WeighKeys(work / "catalogue", weights)], 1))
    vectors = BuildVectors(work / "features", work / "catalogue", weights, work / "vectors", blocks, size)
    context.run(Phase("vectors", [vectors], len(blocks)))
    comparison = CompareCandidates(work / "vectors", work / "candidates", work / "compared", joined, size)
    context.run(Phase("compare", [comparison], len(joined)))
    return found


def pair_counts(tables: Mapping[str, list[Path]]) -> dict[str, Any]:
    """Pairs by language pair and unit pairs, counted from the tables.

    Args:
        tables: the files of pairs and unit_pairs; a folder may still hold files of an earlier run.
    """
    found = scan(tables["pairs"]).select("language_a", "language_b", "licence_known", "origin")
    by_languages = found.group_by("language_a", "language_b").agg(pl.len()).sort("language_a", "language_b").collect()
    unknown = found.filter(~pl.col("licence_known")).select(pl.len()).collect().item()
    units = scan(tables["unit_pairs"]).select(pl.len()).collect().item()
    return {
        "pairs": int(by_languages["len"].sum()),
        "by_languages": {f"{r['language_a']}-{r['language_b']}": r["len"] for r in by_languages.to_dicts()},
        "licence_unknown": int(unknown),
        "unit_pairs": int(units),
    }
