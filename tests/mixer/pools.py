"""Small pools made here: the tokens stage of documents of given sizes, with what each document's tokens are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from contracts import manifest as manifests
from contracts.languages import PARALLEL, in_order, is_direction
from contracts.schema import TOKENIZED
from contracts.tables import write_rows
from mixer.layout import Layout

END, PAD = 0, 1


@dataclass
class Pool:
    """A small pool: what each document's tokens are, by id, and the facts of each row."""

    layout: Layout
    tokens: dict[str, list[int]] = field(default_factory=dict)
    rows: list[dict] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.layout.tokens("concat")

    def of(self, component: str) -> list[dict]:
        """The rows of a component, in the order of the pool."""
        wanted = is_direction if component == PARALLEL else component.__eq__
        return [row for row in self.rows if wanted(row["component"])]


def write_pool(root: Path, sizes: Mapping[str, Sequence[int]], files: int = 2, salt: int = 0) -> Pool:
    """A finished tokens stage of documents with so many tokens; of directions, pair i of each is the same pair.

    Args:
        root: output folder of the run.
        sizes: tokens of each document by component.
        files: token files to spread them over.
        salt: another number gives other tokens.
    """
    pool = Pool(Layout(root))
    random = np.random.default_rng(salt)
    contents: list[list[int]] = [[] for _ in range(files)]
    for component, lengths in sizes.items():
        for number, size in enumerate(lengths):
            name, file = f"{component.replace('->', '-')}{number:03d}", (number * 7 + len(pool.rows)) % files
            ids = [*random.integers(2, 500, size - 1).tolist(), END]
            pool.tokens[name] = ids
            pool.rows.append(_row(name, component, number, file, len(contents[file]), ids))
            contents[file] += ids
    paths = []
    for file, content in enumerate(contents):
        (pool.folder / "tokens").mkdir(parents=True, exist_ok=True)
        paths += [pool.folder / "tokens" / f"{file:05d}.bin", pool.folder / "tokenized" / f"{file:05d}.parquet"]
        np.array(content, "<u2").tofile(paths[-2])
        write_rows(paths[-1], TOKENIZED, [row for row in pool.rows if row["file"] == file])
    pool.rows.sort(key=lambda row: row["file"])  # as the table is read: stable
    _finish(pool, paths, salt)
    return pool


def _row(name: str, component: str, number: int, file: int, start: int, ids: list[int]) -> dict:
    row = {"id": name, "component": component, "file": file, "start": start, "tokens": len(ids)}
    row |= {"bytes": 3 * len(ids), "source_end": -1, "target_start": -1, "arrangement": "plain", "pair_id": ""}
    row |= {"source_tokens": 0, "target_tokens": 0, "program_keys": [], "program_tokens": []}
    if is_direction(component):
        languages = component.split("->")
        row["pair_id"] = f"{'-'.join(sorted(languages))}{number:03d}"
        for side, language in zip(("source", "target"), languages, strict=True):
            # a program has as many tokens in every document that holds it; the rest is the text around it
            row[f"{side}_tokens"] = 5 + 7 * number % 9
            row["program_keys"].append(f"{language}{number:03d}")
            row["program_tokens"].append(5 + 7 * number % 9)
    return row


def _finish(pool: Pool, paths: list[Path], salt: int) -> None:
    layout = pool.layout
    facts = {"vocab_size": 500, "bytes_per_token": 2, "pad_id": PAD, "end_id": END, "hash": "t"}
    tokenizer = _stage("tokenizer", layout.tokenizer, [], {}, facts, salt)
    components = {row["component"] for row in pool.rows}
    train = {c: {} for c in in_order(components | ({PARALLEL} if any(map(is_direction, components)) else set()))}
    _stage("tokens", pool.folder, paths, {"tokenizer": tokenizer}, {"train": train}, salt)


def _stage(name: str, folder: Path, files: list[Path], inputs: dict, counts: dict, salt: int) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    made = manifests.build(name, folder, files, {"salt": salt}, inputs, counts, {})
    manifests.write(folder, made)
    return made.identity


def write_column(folder: Path, key: str, values: Mapping[str, object], column: str = "value") -> None:
    """A table for a curriculum: one column beside the key, and one of text."""
    folder.mkdir(parents=True, exist_ok=True)
    table = pl.DataFrame({key: list(values), column: list(values.values()), "text": list(values)}, strict=False)
    table.write_parquet(folder / "00000.parquet")
