"""The gold of corresponding functions: files in two views, the truth of every pair of functions, folds by source."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xxhash
import zstandard

from pairing.align.background import RARE
from pairing.align.bags import CLASSES, bags_of
from pairing.align.document import Described, Side, describe
from pairing.align.tokens import read_text
from parsers.syntax import parse
from parsers.units import extract_units

FOLDS = ("exercism", "thealgorithms", "ports")
VIEWS = ("plain", "masked")
INNER = 5
"""Parts of the groups of training sources, for estimates that the second regression is fitted on."""

Span = tuple[int, int]


@dataclass
class Gold:
    """Files in two views, and which functions of which pairs of files correspond."""

    documents: dict[str, dict[str, Described]]
    frequency: dict[str, dict[str, Counter[bytes]]]
    """For each source, in how many functions (names hidden) each feature of each class occurs."""
    functions: Counter[str]
    pairs: list[tuple[str, str]]
    fold: np.ndarray
    source: list[str]
    part: np.ndarray
    truth: dict[str, np.ndarray]
    """For each view, of every cell: 1 corresponds, 0 does not, -1 unknown."""


def records(path: Path) -> Iterable[dict[str, Any]]:
    with path.open("rb") as handle:
        yield from map(json.loads, io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(handle), "utf-8"))


def side_of(record: Mapping[str, Any]) -> Side:
    content = record["content"].encode()
    units = [asdict(unit) for unit in extract_units(parse(content, record["language"]))]
    return Side(record["language"], content, [unit for unit in units if unit["parameters"] >= 0 and unit["has_body"]])


def count_features(side: Side, into: dict[str, Counter[bytes]]) -> None:
    declared = {str(unit["name"]).encode() for unit in side.units}
    for unit in side.units:
        above = side.content[unit["outer_start_byte"] : unit["start_byte"]]
        text = read_text(side.content[unit["start_byte"] : unit["end_byte"]], side.language, above)
        for name, bag in bags_of(text, declared).items():
            into[name].update(bag.keys())


def read_gold(folder: Path) -> Gold:
    rows = pl.read_csv(folder / "gold_functions.csv", infer_schema=False).rows(named=True)
    known: dict[tuple[str, str], set[tuple[Span, Span]]] = defaultdict(set)
    facts: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows:
        pair = (row["id_a"], row["id_b"])
        spans = [(int(row[f"start_line_{s}"]), int(row[f"end_line_{s}"])) for s in "ab"]
        known[pair].add((spans[0], spans[1]))
        facts[pair] = (row["source"], row["group"])
    pairs = sorted(known)
    wanted = {document for pair in pairs for document in pair}
    documents: dict[str, dict[str, Described]] = {view: {} for view in VIEWS}
    spans_of: dict[str, dict[str, list[Span]]] = {view: {} for view in VIEWS}
    frequency: dict[str, dict[str, Counter[bytes]]] = defaultdict(lambda: {name: Counter() for name in CLASSES})
    functions: Counter[str] = Counter()
    for view, name in zip(VIEWS, ("files", "files_masked"), strict=True):
        for record in records(folder / f"{name}.jsonl.zst"):
            if view == "plain" and record["id"] not in wanted:
                continue
            side = side_of(record)
            if view == "masked":
                count_features(side, frequency[record["source"]])
                functions[record["source"]] += len(side.units)
            if record["id"] in wanted:
                documents[view][record["id"]] = describe(side)
                spans_of[view][record["id"]] = [(unit["start_line"], unit["end_line"]) for unit in side.units]
    source = [facts[pair][0] for pair in pairs]
    fold = [FOLDS.index(name) if name in FOLDS else len(FOLDS) - 1 for name in source]
    part = [xxhash.xxh3_64_intdigest(facts[pair][1]) % INNER for pair in pairs]
    truth = {
        view: np.concatenate([labels(known[p], *(spans_of[view][d] for d in p)) for p in pairs]) for view in VIEWS
    }
    return Gold(documents, frequency, functions, pairs, np.array(fold), source, np.array(part), truth)


def labels(known: set[tuple[Span, Span]], a: list[Span], b: list[Span]) -> np.ndarray:
    """Truth of the cells of a pair of files, by function of a, then of b."""
    touched_a, touched_b = {one for one, _ in known}, {other for _, other in known}
    found = [1 if (x, y) in known else 0 if x in touched_a or y in touched_b else -1 for x in a for y in b]
    return np.array(found, np.int8)


def shares_of(gold: Gold, left_out: int | None) -> dict[str, dict[str, float]]:
    """Shares of functions that have a feature, without the sources of one fold; those below RARE are left away."""
    kept = [
        s for s in gold.functions if s == "distractor" or left_out is None or s not in fold_sources(gold, left_out)
    ]
    total = sum(gold.functions[source] for source in kept)
    result: dict[str, dict[str, float]] = {}
    for name in CLASSES:
        summed: Counter[bytes] = Counter()
        for source in kept:
            summed.update(gold.frequency[source][name])
        found = {word.decode("latin-1"): round(count / total, 4) for word, count in summed.items()}
        result[name] = {word: share for word, share in sorted(found.items()) if share >= RARE}
    return result


def fold_sources(gold: Gold, fold: int) -> set[str]:
    return {source for source, number in zip(gold.source, gold.fold, strict=True) if number == fold}
