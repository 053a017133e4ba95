"""The stages pairs and parallel at several sizes of a corpus: time per file, memory, candidate recall of known pairs.

    python benchmarks/pairing_scale.py CORPUS... [--gold FOLDER] [--sizes 10000 0] [--workers 2] [--set KEY=VALUE]

CORPUS is the folder of a finished corpus (documents/, manifest.json); several are measured one after another. A size
is a number of documents: those of the gold set, and of the others those with the smallest hashes of their ids, so that
a smaller corpus is part of a larger one; 0: all. FOLDER holds gold.csv with the columns group, id, language: files of
one group in two languages are translations; ids are the documents' source_id. Only pairs with both files in the corpus
count. Target: time per file at 81,000 files at most 1.5 times that at 10,000; candidate recall 0.95.
"""

import argparse
import csv
import shutil
import tempfile
import time
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash
import yaml

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES
from contracts.schema import DOCUMENTS, NEAR_DUPLICATES, UNITS
from contracts.tables import TableWriter, files_of
from pairing.candidates.recall import candidate_recall
from pairing.config import PairsConfig, ParallelConfig
from pairing.mine import pairs
from pairing.parallel.stage import parallel
from pipelines.executor_config import ExecutorConfig


def main() -> None:
    """Measure every corpus at every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="+")
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 20_000, 40_000, 0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--set", nargs="*", default=[], help="keys of the section pairs")
    arguments = parser.parse_args()
    config = PairsConfig(**{k: yaml.safe_load(v) for k, v in (x.split("=", 1) for x in arguments.set)})
    groups = read_groups(arguments.gold) if arguments.gold else []
    for corpus in arguments.corpora:
        print(f"\n{corpus}")
        first: dict[str, Any] = {}
        for size in arguments.sizes:
            with tempfile.TemporaryDirectory() as folder:
                row = measure(corpus, size, groups, config, arguments.workers, Path(folder))
            first = first or row
            show(row, first)


def read_groups(folder: Path) -> list[list[tuple[str, str]]]:
    """(id, language) of the files of each group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    with open(folder / "gold.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups.setdefault(row["group"], []).append((row["id"], row["language"]))
    return list(groups.values())


def measure(
    corpus: Path, size: int, groups: list[list[tuple[str, str]]], config: PairsConfig, workers: int, folder: Path
) -> dict[str, Any]:
    """One run of both stages over a part of a corpus."""
    documents = take(corpus, size, {i for group in groups for i, _ in group}, folder / "corpus")
    snapshot, started = Snapshot(folder / "pairs" / ".work", folder / "kept"), time.monotonic()
    executor = ExecutorConfig(workers=workers)
    made = folder / "corpus", folder / "pairs"
    runs = [pairs(config, folder, *made, executor, observe=snapshot).manifest.run]
    runs.append(parallel(ParallelConfig(), folder, *made, folder / "parallel", executor).manifest.run)
    wall = time.monotonic() - started
    gold = [(a[0], b[0]) for g in groups for a, b in combinations(g, 2) if a[1] != b[1]]
    kept = (folder / "kept" / name for name in ("catalogue", "candidates", "copies"))
    recall = candidate_recall(folder / "corpus", *kept, gold)
    return {"documents": documents, "wall": wall, "runs": runs, "recall": recall}


class Snapshot:
    """Copies the candidates out of the work folder when their phase ends: the stage removes them at its own end."""

    def __init__(self, work: Path, target: Path) -> None:
        self.work, self.target = work, target

    def __call__(self, phase: str, done: float, total: float) -> None:
        """What the stage tells its observer."""
        if phase != "candidates" or done < total or self.target.exists():
            return
        found = next(self.work.glob("*/candidates"))
        for name in ("catalogue", "candidates", "copies"):
            shutil.copytree(found.parent / name, self.target / name)


def take(corpus: Path, size: int, always: set[str], folder: Path) -> int:
    """Write a part of a corpus, as the corpus stage would: the wanted documents, then others by hashes of their ids.

    Returns:
        documents in the part.
    """
    facts = pl.scan_parquet(corpus / "documents" / "*.parquet").select("id", "source_id", "language").collect()
    facts = facts.filter(pl.col("language").is_in(LANGUAGE_NAMES))
    order = [
        (source not in always, xxhash.xxh3_64_intdigest(i)) for i, source in facts.select("id", "source_id").rows()
    ]
    chosen = sorted(range(len(order)), key=order.__getitem__)[: size or None]
    kept = facts[sorted(chosen)]
    ids = pa.array(kept["id"].to_list())
    for table, column in ((DOCUMENTS, "id"), (UNITS, "document_id")):
        for file in files_of(corpus / table.name):
            size_column = "bytes" if table is DOCUMENTS else None
            with (
                TableWriter(folder / table.name / file.name, table, size_column) as writer,
                pq.ParquetFile(file) as rows,
            ):
                for group in range(rows.num_row_groups):
                    data = rows.read_row_group(group)
                    data = data.filter(pc.is_in(data[column], value_set=ids))
                    if data.num_rows:
                        writer.write_table(data)
    links = pa.concat_tables([pq.read_table(f) for f in files_of(corpus / "near_duplicates")])
    inside = pc.and_(pc.is_in(links["id_a"], value_set=ids), pc.is_in(links["id_b"], value_set=ids))
    with TableWriter(folder / "near_duplicates" / "00000.parquet", NEAR_DUPLICATES) as writer:
        writer.write_table(links.filter(inside))
    counts = {x: {"files": n} for x, n in kept.group_by("language").len().sort("language").iter_rows()}
    manifest = manifests.build(
        "corpus", folder, sorted(folder.rglob("*.parquet")), {}, {}, {"documents": {"by_language": counts}}, {}
    )
    manifests.write(folder, manifest)
    return kept.height


def show(row: dict[str, Any], first: dict[str, Any]) -> None:
    """Print one run, beside the smallest."""
    each, smallest = (1000 * x["wall"] / x["documents"] for x in (row, first))
    recall, peak = row["recall"], max(run["peak_bytes"] for run in row["runs"])
    print(
        f"\n{row['documents']:,} documents: {row['wall']:.1f} s, {each:.2f} s per 1,000 files, "
        f"{each / smallest:.2f} times that of the smallest; largest process {peak / 1e6:,.0f} MB"
    )
    if recall.known:
        print(
            f"candidate recall {recall.share:.4f} of {recall.present:,} known pairs with both files in the corpus "
            f"({recall.known:,} in all); {recall.candidates:,} candidates"
        )
    for phase in (phase for run in row["runs"] for phase in run["phases"]):
        each, peak = 1000 * phase["seconds"] / row["documents"], phase["peak_bytes"] / 1e6
        print(f"  {phase['name']:16} {phase['seconds']:8.1f} s {each:8.3f} s per 1,000 {peak:8,.0f} MB")


if __name__ == "__main__":
    main()
