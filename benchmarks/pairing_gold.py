"""The gold of translation pairs: its truth, folds by source, and the candidates that glotmix finds in it."""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import zstandard

from contracts.files import atomic_path
from contracts.languages import LANGUAGE_NAMES, language_pairs
from contracts.tables import files_of
from pairing.catalogue import read_catalogue
from pairing.config import PairsConfig
from pairing.evaluate.gold import Gold, read_gold
from pairing.evaluate.truth import judge, positives
from pairing.features.extract import ExtractFeatures
from pairing.mine import mine
from pairing.score.aspects import SIMILARITIES
from pairing.score.graph import FAINT, CandidateGraph
from pairing.score.vectors import CountFrequencies
from pipelines.config import CorpusConfig
from pipelines.corpus import corpus
from pipelines.executor_config import ExecutorConfig
from pipelines.phase import Phase
from pipelines.stage import Outcome, StageContext, require, run_stage

VARIANTS = ("files", "files_masked")
"""The files as they are, and with the names that they declare hidden."""
FOLDS = 3
"""The largest source, the second, and all others."""


@dataclass(frozen=True)
class Dataset:
    """Candidates of one corpus and what is true of them: 1 right, 0 wrong, -1 unknown."""

    graph: CandidateGraph
    truth: np.ndarray
    fold: np.ndarray
    ids: list[str]


@dataclass(frozen=True)
class Truth:
    """The gold: its pairs, its judge, the fold of each file."""

    gold: Gold
    true: pl.DataFrame
    files: pl.DataFrame
    fold: dict[str, int]

    def of(self, pairs: pl.DataFrame) -> np.ndarray:
        """Truth of pairs id_a, id_b in any order: int8."""
        a, b = pairs["id_a"].to_list(), pairs["id_b"].to_list()
        ordered = pl.DataFrame(
            {"id_a": [min(p) for p in zip(a, b, strict=True)], "id_b": [max(p) for p in zip(a, b, strict=True)]}
        ).with_columns(pl.lit(1.0).alias("score"))
        judged = judge(ordered, self.files, self.true, self.gold.ignored)
        return judged["truth"].replace_strict({"positive": 1, "negative": 0}, default=-1).to_numpy().astype(np.int8)


def read_truth(folder: Path) -> Truth:
    """The gold, with folds by source: the largest source, the second, and all others; ungrouped pools are spread."""
    gold = read_gold(folder)
    assert gold.files is not None, "GOLD lacks its list of files"
    grouped = set(gold.members["id"])
    files = gold.files.with_columns(pl.col("id").is_in(list(grouped)).alias("grouped"))
    size = Counter(dict(gold.members.group_by("source").len().iter_rows()))
    largest = [name for name, _ in size.most_common(FOLDS - 1)]
    fold = {}
    for identity, source, pool in files.select("id", "source", "pool").iter_rows():
        if source in size:
            fold[identity] = largest.index(source) if source in largest else FOLDS - 1
        else:
            fold[identity] = zlib.crc32(pool.encode()) % FOLDS
    return Truth(gold, positives(gold.members), files, fold)


def candidates(gold: Path, variant: str, work: Path, languages: Sequence[str] = LANGUAGE_NAMES) -> pl.DataFrame:
    """Candidates of a variant of the gold as glotmix finds and compares them: gold ids and similarity."""
    folder = gold_corpus(gold, variant, work, languages)
    return _compared(folder, folder.parent / "compared", ExecutorConfig(workers=2))


def gold_corpus(gold: Path, variant: str, work: Path, languages: Sequence[str] = LANGUAGE_NAMES) -> Path:
    """Folder of the finished corpus of a variant of the gold: no gates, no paths, no near-duplicates removed."""
    name = variant if len(languages) == len(LANGUAGE_NAMES) else f"{variant}-{'-'.join(languages)}"
    folder = work / name
    listed = folder / "source.jsonl"
    if not listed.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_path(listed) as path, open(path, "w", encoding="utf-8") as out:
            for row in _rows(gold / f"{variant}.jsonl.zst"):
                if row["language"] in languages:
                    out.write(json.dumps({k: row[k] for k in ("id", "language", "content")}) + "\n")
    config = CorpusConfig.model_validate(
        {
            "sources": [
                {
                    "type": "jsonl",
                    "name": "gold",
                    "path": str(listed),
                    "columns": {"id": "id", "language": "language", "content": "content"},
                }
            ],
            "gates": {
                "min_bytes": None,
                "max_longest_line": None,
                "max_mean_line": None,
                "min_alphanumeric_share": None,
                "max_error_share": None,
                "drop_generated": False,
                "drop_minified": False,
            },
            "dedup": {"threshold": 1.0},
        }
    )
    corpus(config, work, folder / "corpus", ExecutorConfig(workers=2))
    return folder / "corpus"


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with open(path, "rb") as handle, zstandard.ZstdDecompressor().stream_reader(handle) as stream:
        for line in stream.read().splitlines():
            yield json.loads(line)


def _compared(corpus_folder: Path, folder: Path, executor: ExecutorConfig) -> pl.DataFrame:
    manifest = require(corpus_folder, "corpus", "pairing_cv")
    documents = {x: manifest.counts["documents"]["by_language"].get(x, {}).get("files", 0) for x in LANGUAGE_NAMES}
    config = PairsConfig()

    def body(context: StageContext) -> Outcome:
        work = context.work
        features, catalogue = work / "features", work / "catalogue"
        extract = ExtractFeatures(corpus_folder, features, config, context.progress("features"))
        context.run(Phase("features", [extract], len(files_of(corpus_folder / "documents"))))
        count = CountFrequencies(corpus_folder / "documents", features, catalogue, config)
        context.run(Phase("frequencies", [count], len(LANGUAGE_NAMES)))
        mine(context, config, corpus_folder, documents)
        parts = []
        for a, b in language_pairs():
            ids = [read_catalogue(catalogue, x)["id"] for x in (a, b)]
            for path in sorted((work / "compared").glob(f"{a}-{b}-*.parquet")):
                found = pl.read_parquet(path).filter(pl.col("similarity") >= FAINT)
                parts.append(
                    found.select(
                        ids[0].gather(found["a"]).alias("id_a"),
                        ids[1].gather(found["b"]).alias("id_b"),
                        *SIMILARITIES,
                    )
                )
        out = context.folder / "candidates.parquet"
        with atomic_path(out) as path:
            pl.concat(parts).write_parquet(path)
        return Outcome([out], {})

    run_stage("candidates", folder, config.model_dump(mode="json"), {"corpus": manifest.identity}, body, executor)
    names = pl.read_parquet(f"{corpus_folder}/documents/*.parquet", columns=["id", "source_id"])
    found = pl.read_parquet(folder / "candidates.parquet")
    for side in "ab":
        found = found.join(names.rename({"id": f"id_{side}", "source_id": f"gold_{side}"}), on=f"id_{side}")
    return found.select(pl.col("gold_a").alias("id_a"), pl.col("gold_b").alias("id_b"), *SIMILARITIES)


def dataset(found: pl.DataFrame, truth: Truth) -> Dataset:
    """Candidates as a graph, with truth and folds."""
    rank = {name: i for i, name in enumerate(LANGUAGE_NAMES)}
    listed = sorted((rank[x], i) for i, x in truth.files.select("id", "language").iter_rows())
    ids = [i for _, i in listed]
    number = {x: i for i, x in enumerate(ids)}
    a = np.array([number[x] for x in found["id_a"]], np.int64)
    b = np.array([number[x] for x in found["id_b"]], np.int64)
    order = np.lexsort((np.maximum(a, b), np.minimum(a, b)))
    a, b = np.minimum(a, b)[order], np.maximum(a, b)[order]
    alike = found.select(SIMILARITIES).to_numpy()[order]
    graph = CandidateGraph(np.array([r for r, _ in listed]), a, b, alike[:, 0], alike[:, 1:])
    known = truth.of(pl.DataFrame({"id_a": [ids[i] for i in a.tolist()], "id_b": [ids[i] for i in b.tolist()]}))
    return Dataset(graph, known, np.array([truth.fold[x] for x in ids]), ids)
