"""The stage `pairs`: documents in, the tables pairs, links, copies and refused out.

features -> frequencies -> vectors -> candidates -> compare -> decide -> match
"""

import json
from collections.abc import Callable, Mapping
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from contracts.files import atomic_path, checksum
from contracts.languages import LANGUAGE_NAMES, language_pairs
from contracts.tables import files_of
from pairing.candidates.recipe import Found, find_candidates
from pairing.catalogue import block_count
from pairing.config import PairsConfig
from pairing.explained import explained
from pairing.features.extract import ExtractFeatures
from pairing.given import Given, read_given, resolve
from pairing.given_catalogue import ListGiven
from pairing.match.decide import COUNTS, DecidePairs
from pairing.match.threshold import threshold
from pairing.match.write import WritePairs
from pairing.parallel.counts import item_counts
from pairing.parallel.pair_refusals import LEVEL, RefusePairs
from pairing.score.compare import CompareCandidates
from pairing.score.shipped import BACKGROUND, COEFFICIENTS, shipped
from pairing.score.vectors import BuildVectors, CountFrequencies, WeighKeys
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read, scan
from pipelines.positions import file_of
from pipelines.stage import Outcome, StageContext, StageResult, require, run_stage

NAME = "pairs"

MODELS = {
    "model/pairing.score": ("pairing.score", COEFFICIENTS),
    "model/background": ("pairing.score", BACKGROUND),
}
"""Data of packages that decides: other ones make other pairs."""


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
        config: how to mine and match.
        base: folder that relative paths of given pairs start from.
        corpus: folder of a finished corpus.
        folder: output; gets pairs/, links/, copies/, refused/ and manifest.json.
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
    # what cannot be used is refused before anything is removed
    given = resolve(read_given(config.given, base), corpus / "documents")
    inputs = {"corpus": manifest.identity}
    inputs |= {name: checksum(Path(str(resources(package) / file))) for name, (package, file) in MODELS.items()}
    # numbered: two files in different folders may share a name, and the first mention of a pair counts
    inputs |= {f"given/{i}/{Path(p).name}": checksum(base / p) for i, p in enumerate(config.given)}
    semantic = config.model_dump(mode="json", exclude={"given"})
    documents = manifest.counts["documents"]["by_language"]
    files = {x: documents.get(x, {}).get("files", 0) for x in LANGUAGE_NAMES}
    body = _body(config, corpus, given, files)
    return run_stage(NAME, folder, semantic, inputs, body, executor, force=force, check=check, observe=observe)


def _body(
    config: PairsConfig, corpus: Path, given: Given, documents: dict[str, int]
) -> Callable[[StageContext], Outcome]:
    def body(context: StageContext) -> Outcome:
        work = context.work
        documents_table = corpus / "documents"
        for name, frame in (("given", given.pairs), ("contradicting", given.contradicting)):
            with atomic_path(work / f"{name}.parquet") as path:
                frame.write_parquet(path)
        catalogue = work / "catalogue"
        if config.mine:
            found = mine(context, config, corpus, documents)
        else:
            listed = ListGiven(documents_table, work / "given.parquet", catalogue)
            context.run(Phase("given", [listed], 1))
            found = Found([], {})
        decided = work / "decided"
        decide = DecidePairs(work / "compared", catalogue, work / "given.parquet", decided, config)
        context.run(Phase("decide", [decide], 1))
        write = WritePairs(decided, work / "vectors", catalogue, work / "given.parquet", context.folder, config)
        context.run(Phase("match", [write], len(language_pairs())))
        context.run(Phase("refuse", [RefusePairs(context.folder, catalogue, work / "contradicting.parquet", 0)], 1))
        every = range(len(language_pairs()))
        made = {
            "pairs": [file_of(context.folder / "pairs", number) for number in every],
            "links": [file_of(context.folder / "links", number) for number in (*every, len(every))],
            "refused": [file_of(context.folder / "refused", 0)],
            "copies": found.copies,
        }
        counts = {
            **pair_counts(made),
            **found.counts,
            "match": json.loads((decided / COUNTS).read_text(encoding="utf-8")),
            **({"given": given.total} if config.given else {}),
            "given_not_in_corpus": given.not_in_corpus,
            "given_one_language": given.one_language,
            "given_repeated": given.repeated,
            "given_contradicting": given.contradicting.height,
        }
        counts |= explained(config, shipped(), documents, given.total, counts)
        return Outcome([path for paths in made.values() for path in paths], counts)

    return body


def mine(context: StageContext, config: PairsConfig, corpus: Path, documents: dict[str, int]) -> Found:
    """Read features, find candidates and compare them: leaves catalogue/, vectors/ and compared/ in the work folder.

    Args:
        context: of the stage.
        config: how to search.
        corpus: the finished corpus.
        documents: documents of each language.
    """
    work, size = context.work, config.block_documents
    files = files_of(corpus / "documents")
    length = float(sum(read(f, columns=["bytes"])["bytes"].sum() for f in files))
    features = ExtractFeatures(corpus, work / "features", config, context.progress("features"))
    context.run(Phase("features", [features], len(files), length))
    frequencies = CountFrequencies(corpus / "documents", work / "features", work / "catalogue", config)
    context.run(Phase("frequencies", [frequencies], len(LANGUAGE_NAMES)))
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
    """Pairs by language pair, and what became of those that were found or given, counted from the tables.

    Args:
        tables: the files of pairs, links and refused; a folder may still hold files of an earlier run.

    Raises:
        StageError: what was written and refused is not what was found or given.
    """
    found = scan(tables["pairs"]).select("language_a", "language_b", "licence_known", "origin")
    by_languages = found.group_by("language_a", "language_b").agg(pl.len()).sort("language_a", "language_b").collect()
    unknown = found.filter(~pl.col("licence_known")).select(pl.len()).collect().item()
    offered = sum(pq.read_metadata(path).num_rows for path in tables["links"])
    reasons = dict(scan(tables["refused"]).group_by("reason").len().sort("reason").collect().iter_rows())
    written = int(by_languages["len"].sum())
    return {
        "pairs": written,
        "by_languages": {f"{r['language_a']}-{r['language_b']}": r["len"] for r in by_languages.to_dicts()},
        "licence_unknown": int(unknown),
        "items": {LEVEL: item_counts("pairs", offered, written, reasons)},
    }
