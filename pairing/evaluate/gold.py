"""Known pairs, as a person or a benchmark brings them: a folder of small files, read and checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import polars as pl

from contracts.errors import ConfigError
from contracts.languages import LANGUAGE_NAMES
from pairing.evaluate.csv_rows import read_rows
from pairing.evaluate.functions import LINES
from pairing.evaluate.truth import language_pair, ordered
from parsers.languages import normalise_language
from pipelines.frames import read

GOLD, IGNORED, FUNCTIONS = "gold.csv", "ignore_pairs.csv", "gold_functions.csv"
FILES = ("files.jsonl.zst", "files.jsonl", "files.parquet", "files.csv")
"""Names of the list of all files; the first that is there counts."""

DEFAULT_SOURCE = "gold"
"""Source of documents for which the gold names none."""

MAX_PAIRS = 50_000_000
"""Pairs that a gold may mean: a group of n documents means up to n² / 2, and a slip of the pen may make one group."""

MEMBER = {"group": pl.String, "id": pl.String, "language": pl.String, "kind": pl.String, "source": pl.String}
FILE = {"id": pl.String, "language": pl.String, "source": pl.String, "pool": pl.String}


@dataclass(frozen=True, slots=True)
class Gold:
    """Known pairs of documents.

    Attributes:
        members: group, id, language, kind, source; one row a document and group.
        ignored: id_a, id_b of pairs that are neither right nor wrong, the smaller id first.
        files: id, language, source, pool of every file that somebody looked at; None: only those in groups are known.
    """

    members: pl.DataFrame
    ignored: pl.DataFrame
    files: pl.DataFrame | None

    def ids(self) -> pl.Series:
        """Every id that the gold names."""
        columns = [self.members["id"], self.ignored["id_a"], self.ignored["id_b"]]
        columns += [self.files["id"]] if self.files is not None else []
        return pl.concat(columns).unique().sort()


def read_gold(folder: Path) -> Gold:
    """The gold of a folder: gold.csv, and if they are there ignore_pairs.csv and a list of files.

    Raises:
        ConfigError: a file cannot be used; names file, line and column.
    """
    if not folder.is_dir():
        raise ConfigError(f"--gold {folder}: no such folder; give one that holds {GOLD}")
    listed = next((folder / name for name in FILES if (folder / name).is_file()), None)
    files = None if listed is None else _files(listed)
    members = _members(folder / GOLD, files, listed)
    ignored = folder / IGNORED
    return Gold(members, _ignored(ignored, members) if ignored.exists() else _no_pairs(), files)


def read_functions(folder: Path) -> pl.DataFrame:
    """Known pairs of functions: id_a, id_b, LINES, languages and source.

    Raises:
        ConfigError: the file is missing or cannot be used; names file, line and column.
    """
    path = folder / FUNCTIONS
    rows = []
    columns = ("id_a", "start_line_a", "end_line_a", "id_b", "start_line_b", "end_line_b")
    for line, row in read_rows(path, (*columns, "language_a", "language_b"), ("source",)):
        numbers = {c: _line_number(path, line, c, row[c]) for c in LINES}
        for side in "ab":
            if numbers[f"start_line_{side}"] > numbers[f"end_line_{side}"]:
                raise ConfigError(f"{path}, line {line}: end_line_{side} is before start_line_{side}")
        languages = {f"language_{s}": _language(path, line, row[f"language_{s}"], f"language_{s}") for s in "ab"}
        names = {"id_a": row["id_a"], "id_b": row["id_b"], "source": row["source"] or DEFAULT_SOURCE}
        rows.append({**names, **numbers, **languages})
    if not rows:
        raise ConfigError(f"{path}: holds no pair of functions")
    frame = pl.DataFrame(rows, infer_schema_length=1)
    return frame.with_columns(language_pair("language_a", "language_b").alias("languages"))


def _members(path: Path, files: pl.DataFrame | None, listed: Path | None) -> pl.DataFrame:
    facts = {} if files is None else {row[0]: row[1:] for row in files.iter_rows()}
    rows: list[dict[str, str]] = []
    languages: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for line, row in read_rows(path, ("group", "id", "language"), ("kind", "source")):
        language = _language(path, line, row["language"])
        if (row["group"], row["id"]) in seen:
            raise ConfigError(f"{path}, line {line}: id {row['id']} stands in group {row['group']} twice")
        seen.add((row["group"], row["id"]))
        if facts and row["id"] not in facts:
            raise ConfigError(f"{path}, line {line}: id {row['id']} is not in {listed}")
        known = facts[row["id"]][0] if facts else languages.setdefault(row["id"], language)
        if known != language:
            raise ConfigError(f"{path}, line {line}: language {language}, but id {row['id']} was {known} before")
        source = facts[row["id"]][1] if facts else row["source"] or DEFAULT_SOURCE
        rows.append({**row, "language": language, "source": source})
    members = pl.DataFrame(rows, schema=MEMBER)
    _refuse_impossible(path, members)
    return members


def _refuse_impossible(path: Path, members: pl.DataFrame) -> None:
    """A gold must mean some pairs, and not so many that they fit nowhere."""
    groups = members.group_by("group").agg(pl.len(), pl.col("language").n_unique().alias("languages"))
    if not groups.filter(pl.col("languages") > 1).height:
        raise ConfigError(f"{path}: no group holds documents in two languages, so no pair is known")
    meant = int((groups["len"].cast(pl.Int64) ** 2).sum()) // 2
    if meant > MAX_PAIRS:
        largest = groups.sort("len").row(-1)
        raise ConfigError(
            f"{path}: means {meant:,} pairs, allowed are {MAX_PAIRS:,}; "
            f"group {largest[0]} has {largest[1]:,} documents"
        )


def _no_pairs() -> pl.DataFrame:
    return pl.DataFrame(schema={"id_a": pl.String, "id_b": pl.String})


def _ignored(path: Path, members: pl.DataFrame) -> pl.DataFrame:
    groups: dict[str, set[str]] = {}
    for group, identity in members.select("group", "id").iter_rows():
        groups.setdefault(identity, set()).add(group)
    languages = dict(members.select("id", "language").iter_rows())
    rows = []
    for line, row in read_rows(path, ("id_a", "id_b")):
        a, b = row["id_a"], row["id_b"]
        if a == b:
            raise ConfigError(f"{path}, line {line}: id_a and id_b are the same")
        common = groups.get(a, set()) & groups.get(b, set())
        if common and languages[a] != languages[b]:
            raise ConfigError(f"{path}, line {line}: {a} and {b} stand in group {min(common)}, so they are a pair")
        rows.append(row)
    return ordered(pl.DataFrame(rows, schema=_no_pairs().schema)).unique(maintain_order=True)


def _files(path: Path) -> pl.DataFrame:
    if path.suffix == ".parquet":
        listed: Iterator[tuple[int, dict[str, str]]] = _parquet_rows(path)
    elif path.suffix == ".csv":
        listed = read_rows(path, ("id", "language"), ("source", "pool"))
    else:
        listed = _json_rows(path)
    rows, seen = [], set()
    for line, row in listed:
        if not row["id"]:
            raise ConfigError(f"{path}, line {line}: id is empty")
        if row["id"] in seen:
            raise ConfigError(f"{path}, line {line}: id {row['id']} stands there twice")
        seen.add(row["id"])
        source = row["source"] or DEFAULT_SOURCE
        language = _language(path, line, row["language"])
        rows.append({"id": row["id"], "language": language, "source": source, "pool": row["pool"] or source})
    return pl.DataFrame(rows, schema=FILE)


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        frame = read(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ConfigError(f"{path}: cannot be read as Parquet ({error})") from error
    if missing := [c for c in ("id", "language") if c not in frame.columns]:
        raise ConfigError(f"{path}: lacks the column {missing[0]}")
    frame = frame.select(pl.col(c).cast(pl.String).fill_null("") for c in FILE if c in frame.columns)
    for line, row in enumerate(frame.iter_rows(named=True), 1):
        yield line, {c: row.get(c, "") for c in FILE}


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Other keys, such as the content, are left out; a line is in memory at a time."""
    from zstandard import ZstdDecompressor, ZstdError

    try:
        with open(path, "rb") as raw:
            handle = ZstdDecompressor().stream_reader(raw) if path.suffix == ".zst" else raw
            for number, line in enumerate(_lines(handle), 1):
                if line.strip():
                    yield number, _json_row(path, number, line)
    except (OSError, ZstdError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error


def _lines(handle: object) -> Iterator[bytes]:
    import io

    yield from io.BufferedReader(handle)  # type: ignore[type-var]


def _json_row(path: Path, number: int, line: bytes) -> dict[str, str]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ConfigError(f"{path}, line {number}: not JSON ({error})") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{path}, line {number}: not a JSON object")
    for key in ("id", "language"):
        if not found.get(key):
            raise ConfigError(f"{path}, line {number}: {key} is missing or empty")
    return {c: str(found.get(c) or "") for c in FILE}


def _language(path: Path, line: int, name: str, column: str = "language") -> str:
    found = normalise_language(name)
    if found is None:
        raise ConfigError(f"{path}, line {line}: {column} {name!r}; allowed are {', '.join(LANGUAGE_NAMES)}")
    return found


def _line_number(path: Path, line: int, column: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**31:
        raise ConfigError(f"{path}, line {line}: {column} is {text!r}; lines are numbers from 1")
    return int(text)
