"""Verdicts of people on pairs: a CSV file with an empty column, which is read back when it is filled in."""

import csv
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from contracts.errors import ConfigError
from contracts.files import atomic_path
from pairing.evaluate.csv_rows import read_rows

COLUMNS = ("pair_id", "id_a", "id_b", "verdict")

VERDICTS = {
    **dict.fromkeys(("right", "yes", "y", "1", "true"), "right"),
    **dict.fromkeys(("wrong", "no", "n", "0", "false"), "wrong"),
    **dict.fromkeys(("unsure", "?"), "unsure"),
    "": "open",
}
"""What a reviewer may write, in any case, and what it means; open: not judged yet."""


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


def read_review(path: Path) -> pl.DataFrame:
    """The verdicts of a file: pair_id, verdict (right, wrong, unsure, open).

    Raises:
        ConfigError: the file cannot be used; names line and column.
    """
    rows: dict[str, str] = {}
    for line, row in read_rows(path, ("pair_id",), ("verdict",)):
        verdict = VERDICTS.get(row["verdict"].lower())
        if verdict is None:
            raise ConfigError(
                f"{path}, line {line}: verdict {row['verdict']!r}; allowed are right, wrong, unsure, or empty"
            )
        if row["pair_id"] in rows:
            raise ConfigError(f"{path}, line {line}: pair_id {row['pair_id']} stands there twice")
        rows[row["pair_id"]] = verdict
    if not rows:
        raise ConfigError(f"{path}: holds no pair; write one with glotmix pairs sample --review")
    return pl.DataFrame({"pair_id": list(rows), "verdict": list(rows.values())})
