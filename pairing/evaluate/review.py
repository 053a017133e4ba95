"""Verdicts of people on pairs: a CSV file with an empty column, which is read back when it is filled in."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from contracts.errors import ConfigError
from contracts.files import atomic_path
from pairing.evaluate.csv_rows import read_rows

COLUMNS = ("pair_id", "id_a", "id_b", "verdict")

VERDICTS = {
    **dict.fromkeys(("right", "yes", "y", "1", "true"), "right"),
    **dict.fromkeys(("partial", "partly", "p"), "partial"),
    **dict.fromkeys(("wrong", "no", "n", "0", "false"), "wrong"),
    **dict.fromkeys(("unsure", "?"), "unsure"),
    "": "open",
}
"""What a reviewer may write, in any case, and what it means.

partial: the same program, but one side has clearly more or other parts than the other. open: not judged yet.
"""


def write_review(path: Path, pairs: Iterable[tuple[str, str, str]]) -> None:
    """Write pair_id, id_a, id_b and an empty verdict for each pair.

    Raises:
        ConfigError: the file is there; verdicts are never written over.
    """
    if path.exists():
        raise ConfigError(f"--review {path}: exists, and may hold verdicts; give another name, or remove it")
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*pair, "") for pair in pairs)


def _names(row: dict[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a row calls its pair, with words for it: its id, and its documents in any order."""
    yield (row["pair_id"],), f"pair_id {row['pair_id']}"
    if row["id_a"] and row["id_b"]:
        one, other = sorted((row["id_a"], row["id_b"]))
        yield (one, other), f"the pair of {row['id_a']} and {row['id_b']}"


def read_review(path: Path) -> pl.DataFrame:
    """The verdicts of a file: pair_id, verdict (right, partial, wrong, unsure, open).

    Raises:
        ConfigError: the file cannot be used, or judges a pair twice; names line and column.
    """
    rows: dict[str, str] = {}
    lines: dict[tuple[str, ...], int] = {}
    for line, row in read_rows(path, ("pair_id", "verdict"), ("id_a", "id_b"), empty=("verdict",)):
        verdict = VERDICTS.get(row["verdict"].lower())
        if verdict is None:
            raise ConfigError(
                f"{path}, line {line}: verdict {row['verdict']!r}; allowed are right, partial, wrong, unsure, or empty"
            )
        for key, name in _names(row):
            if (first := lines.setdefault(key, line)) != line:
                raise ConfigError(
                    f"{path}, line {line}: {name} stands in line {first} already; keep one verdict a pair"
                )
        rows[row["pair_id"]] = verdict
    if not rows:
        raise ConfigError(f"{path}: holds no pair; write one with glotmix pairs sample --review")
    return pl.DataFrame({"pair_id": list(rows), "verdict": list(rows.values())})
