"""The runs table on disk, which any number of runs add to.

points/ holds the truth, a file a point; runs.parquet and runs.jsonl are made of it and are always whole.
"""

import json
import warnings
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import StageError
from contracts.files import atomic_path
from contracts.manifest import digest
from contracts.runs import runs_table
from contracts.tables import COMPRESSION, COMPRESSION_LEVEL
from train.results.lock import held
from train.results.parts import Key, create, listed, load, path_of, remove_left
from train.results.union import SHOWN, Row, differences, faults, union

POINTS, PARQUET, JSONL, LOCK = "points", "runs.parquet", "runs.jsonl", ".lock"

MADE_OF = b"glotmix.points"
"""Key of the Parquet file's metadata: hash of the names of the points that it was made of, which never change."""


class RunsTable:
    """The runs table in a folder.

    Args:
        folder: its folder; made when the first row is added.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._points = self.folder / POINTS

    def add(self, rows: Iterable[Row], *, replace: bool = False) -> int:
        """Add points and bring the table up to date; returns how many were new.

        A point that is there already, apart from what it cost, is left as it is. When this returns, the points are on
        disk, and a damaged file of another run has only kept runs.parquet from being made, which is a warning.

        Args:
            rows: of `point_row`, or of another table.
            replace: let a row take the place of another one of the same run and tokens.

        Raises:
            StageError: another row of the same run and tokens is there; names both. Or no row of a runs table.
        """
        rows = list(rows)
        wrong = [f"{row.get('run_id')}, {row.get('tokens')} tokens: {fault}" for row in rows for fault in faults(row)]
        if wrong:
            raise StageError(f"not a row of the runs table: {wrong[0]}")
        added = sum(self._add(row, replace) for row in rows)
        try:
            self.rebuild()
        except StageError as error:
            warnings.warn(f"{self.folder / PARQUET} is not up to date: {error}", stacklevel=2)
        return added

    def _add(self, row: Row, replace: bool) -> bool:
        key, revision = (row["run_id"], row["tokens"]), 0
        while not create(path_of(self._points, key, revision), row):
            revision = listed(self._points).get(key, revision)
            path = path_of(self._points, key, revision)
            found = load(path)
            changed = differences(found, row)
            if not changed:
                return False
            if not replace:
                raise StageError(
                    f"{path} holds another row of run {key[0]} at {key[1]:,} tokens, measured {found['finished']} on "
                    f"{found['device']}; the new one is of {row['finished']} on {row['device']} and differs in "
                    f"{len(changed)} columns: {'; '.join(changed[:SHOWN])}. To keep the new one, add it with "
                    "replace=True; to have both, change the seed or the runs folder"
                )
            revision += 1
        return True

    def points(self, run_id: str) -> set[int]:
        """The numbers of tokens at which a run was measured."""
        return {tokens for run, tokens in listed(self._points) if run == run_id}

    def rows(self) -> list[dict[str, Any]]:
        """All rows as they were added, by run and tokens; each has the columns of its own mixture.

        Raises:
            StageError: a file is damaged; names it.
        """
        return self._load(listed(self._points))

    def _load(self, names: dict[Key, int]) -> list[dict[str, Any]]:
        return [load(path_of(self._points, key, revision)) for key, revision in names.items()]

    def read(self, *, require_same_tokenizer: bool = False) -> pl.DataFrame:
        """All rows, with the columns of all components; brought up to date where a writer was killed.

        Args:
            require_same_tokenizer: refuse rows whose losses do not compare.

        Raises:
            StageError: there is no table, a file is damaged, or tokenizers differ; names which.
        """
        if not self._points.is_dir():
            raise StageError(f"{self.folder}: no runs table here; training adds to the folder that `runs` names")
        self.rebuild()
        # opened once: given a path, polars and Arrow open it more than once, and it may be another file by then
        frame = pl.read_parquet(BytesIO((self.folder / PARQUET).read_bytes()))
        if require_same_tokenizer:
            self._require_one(frame, "tokenizer_hash")
        return frame

    def _require_one(self, frame: pl.DataFrame, column: str) -> None:
        counts = frame.group_by(column).len().sort("len", column, descending=True).rows()
        if len(counts) > 1:
            there = ", ".join(f"{value[:12]} ({rows} rows)" for value, rows in counts[:SHOWN])
            raise StageError(
                f"{self.folder}: rows of {len(counts)} tokenizers, whose losses do not compare: {there}. Filter by "
                f"{column}, or compare bits per byte"
            )

    def rebuild(self) -> None:
        """Make runs.jsonl and runs.parquet of the points, where they are not up to date.

        Raises:
            StageError: a point is damaged; names its file.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with held(self.folder / LOCK):
            while True:
                names = listed(self._points)
                signature = _signature(names)
                if signature == self._made_of():
                    break
                self._write(names, signature)
                # and look again: without a lock another writer may have added a point since
            remove_left(self.folder)
            remove_left(self._points)

    def _made_of(self) -> bytes | None:
        try:
            metadata = pq.read_schema(self.folder / PARQUET).metadata or {}
        except (FileNotFoundError, pa.ArrowInvalid):
            return None
        found: bytes | None = metadata.get(MADE_OF)
        return found

    def _write(self, names: dict[Key, int], signature: bytes) -> None:
        table, rows = union(self._load(names))
        with atomic_path(self.folder / JSONL) as path:
            path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        data = pa.Table.from_pylist(rows, schema=table.schema)
        data = data.replace_schema_metadata({**table.schema.metadata, MADE_OF: signature})
        with atomic_path(self.folder / PARQUET) as path:  # last: it says what both were made of
            pq.write_table(data, path, compression=COMPRESSION, compression_level=COMPRESSION_LEVEL)


def _signature(names: dict[Key, int]) -> bytes:
    return digest([runs_table(()).names, [[*key, revision] for key, revision in names.items()]]).encode()
