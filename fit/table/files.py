"""Reads runs tables of any kind in bounded memory: CSV, JSON lines, Parquet, or the folder of a runs table."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from contracts.errors import ConfigError, StageError
from fit.table.cells import Collector, Columns

TABLE = "runs.parquet"
"""The file of a runs table in its folder (docs/runs.md)."""
MAX_ROWS = 1_000_000
"""Rows of a table at most: studies have thousands."""
MAX_CELLS = 50_000_000
"""Cells of the columns that are used at most: about a gigabyte while they are read."""
MAX_BYTES = 1 << 30
"""Bytes of a Parquet file at most; it is read in one go, since a runs table may be replaced meanwhile."""
MAX_LINE = 1 << 20
"""Characters of a line at most."""
DELIMITERS = ",\t;|"
"""What may stand between the cells of a CSV file: what its first line has most of."""
KINDS = "CSV (.csv, .tsv), JSON lines (.jsonl), Parquet (.parquet) and the folder of a runs table"
"""What can be read, for messages."""


class Table(Protocol):
    """A table that is open: its columns are known, its rows are not read yet."""

    names: list[str]
    """Names of the columns, in order."""

    def read(self, numbers: Sequence[str], texts: Sequence[str]) -> Columns:
        """The columns asked for; `numbers` and `texts` may share names."""


def open_table(path: Path) -> Table:
    """Open a table.

    Raises:
        ConfigError: there is no such file, or it is no table.
    """
    path = _file(path)
    kind = _kind(path)
    if kind == "parquet":
        return _Parquet(path)
    return _Lines(path) if kind == "jsonl" else _Delimited(path)


def _file(path: Path) -> Path:
    if path.is_dir():
        found = next((p for p in (path / TABLE, path / "runs" / TABLE) if p.is_file()), None)
        if found is None:
            raise ConfigError(f"{path}: a folder without {TABLE}. Allowed are {KINDS}")
        return found
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file. Allowed are {KINDS}")
    return path


def _kind(path: Path) -> str:
    """By the name, or by the first bytes where the name says nothing."""
    known = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
    if path.suffix.lower() in known:
        return known[path.suffix.lower()]
    with open(path, "rb") as handle:
        first = handle.read(4)
    return "parquet" if first == b"PAR1" else "jsonl" if first.lstrip()[:1] == b"{" else "csv"


def _bounded(path: Path, rows: int, used: int) -> None:
    """Refuse what would not fit into memory.

    Raises:
        StageError: too many rows or cells.
    """
    if rows > MAX_ROWS or rows * used > MAX_CELLS:
        raise StageError(
            f"{path}: more than {min(MAX_ROWS, MAX_CELLS // max(1, used)):,} rows of {used} columns; a runs table has "
            "a row for each measured point. Keep those that matter, for instance the annealed ones"
        )


def once(path: Path, names: Sequence[str], used: Sequence[str]) -> None:
    """Columns that are used must be there once.

    Raises:
        ConfigError: a name stands twice in the header.
    """
    for name in used:
        if names.count(name) > 1:
            raise ConfigError(f"{path}: {names.count(name)} columns are called {name!r}; rename all but one")


@dataclass(slots=True)
class _Delimited:
    """A CSV file: UTF-8, or UTF-16 with a byte-order mark."""

    path: Path
    names: list[str]
    delimiter: str

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as handle:
            first = self._readable(lambda: handle.readline(MAX_LINE))
        if not first.strip():
            raise ConfigError(f"{path}: empty; its first line should name the columns")
        self.delimiter = max(DELIMITERS, key=first.count)
        with self._open() as handle:
            self.names = [name.strip() for name in self._readable(lambda: next(self._rows(handle)))[1]]

    def read(self, numbers: Sequence[str], texts: Sequence[str]) -> Columns:
        """See Table."""
        used = list(dict.fromkeys([*numbers, *texts]))
        once(self.path, self.names, used)
        places = [(name, self.names.index(name)) for name in used]
        found = Collector(numbers, texts, "line")
        with self._open() as handle:
            rows = self._rows(handle)
            self._readable(lambda: next(rows))
            while (row := self._readable(lambda: next(rows, None))) is not None:
                line, cells = row
                if len(cells) != len(self.names):
                    raise StageError(
                        f"{self.path}: line {line} has {len(cells)} cells, the header names {len(self.names)} "
                        f"columns (separated by {self.delimiter!r}); mend the line"
                    )
                found.add(line, ((name, cells[place]) for name, place in places))
                _bounded(self.path, len(found), len(used))
        return found.columns()

    def _rows(self, handle: IO[str]) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of every row that is not blank."""
        reader = csv.reader(handle, delimiter=self.delimiter, strict=True)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells

    def _open(self) -> IO[str]:
        with open(self.path, "rb") as handle:
            mark = handle.read(2)
        encoding = "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return open(self.path, encoding=encoding, newline="")

    def _readable(self, act: Any) -> Any:
        """Do something with the file; what Python says of a broken one becomes a message."""
        try:
            return act()
        except UnicodeError as error:
            raise StageError(
                f"{self.path}: not UTF-8 ({error}); save it as UTF-8, for instance: iconv -f latin1 -t utf-8"
            ) from error
        except csv.Error as error:
            raise StageError(f"{self.path}: not a CSV file ({error}); look for a quote that is not closed") from error


@dataclass(slots=True)
class _Lines:
    """JSON lines: an object each; keys may differ from line to line."""

    path: Path
    names: list[str]

    def __init__(self, path: Path) -> None:
        self.path = path
        names: dict[str, None] = {}
        with open(path, "rb") as handle:
            for number, row in self._rows(handle):
                names.update(dict.fromkeys(row))
                _bounded(path, number, 1)
        self.names = list(names)
        if not names:
            raise ConfigError(
                f'{path}: empty; each line should be an object such as {{"N": 1e8, "D": 2e9, "loss": 3}}'
            )

    def read(self, numbers: Sequence[str], texts: Sequence[str]) -> Columns:
        """See Table."""
        used = list(dict.fromkeys([*numbers, *texts]))
        found = Collector(numbers, texts, "line")
        with open(self.path, "rb") as handle:
            for number, row in self._rows(handle):
                found.add(number, ((name, row.get(name)) for name in used))
                _bounded(self.path, len(found), len(used))
        return found.columns()

    def _rows(self, handle: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
        number = 0
        while line := handle.readline(MAX_LINE):
            number += 1
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise StageError(f"{self.path}: line {number} is no JSON ({error}); mend or remove it") from error
            if not isinstance(row, dict):
                raise StageError(f"{self.path}: line {number} is no JSON object but {type(row).__name__}; mend it")
            yield number, row


@dataclass(slots=True)
class _Parquet:
    """A Parquet file, read in one go."""

    path: Path
    names: list[str]
    data: io.BytesIO

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = path
        if path.stat().st_size > MAX_BYTES:
            raise StageError(f"{path}: {path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read")
        self.data = io.BytesIO(path.read_bytes())
        try:
            file = pq.ParquetFile(self.data)
        except (pa.ArrowException, OSError) as error:
            raise ConfigError(f"{path}: not a Parquet file ({error})") from error
        self.names = list(file.schema_arrow.names)
        _bounded(path, file.metadata.num_rows, 1)

    def read(self, numbers: Sequence[str], texts: Sequence[str]) -> Columns:
        """See Table."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        used = list(dict.fromkeys([*numbers, *texts]))
        once(self.path, self.names, used)
        self.data.seek(0)
        found = Collector(numbers, texts, "row")
        try:
            file = pq.ParquetFile(self.data)
            _bounded(self.path, file.metadata.num_rows, len(used))
            for batch in file.iter_batches(columns=used):
                for cells in zip(*(batch.column(name).to_pylist() for name in used), strict=True):
                    found.add(len(found) + 1, zip(used, cells, strict=True))
        except (pa.ArrowException, OSError) as error:
            raise StageError(f"{self.path}: a damaged Parquet file ({error})") from error
        return found.columns()
