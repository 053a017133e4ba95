"""A file of JSON lines, such as a list of runs, as rows for people; read a line at a time."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from contracts.errors import GlotmixError
from report.terminal import Summary

LONGEST = 64_000_000
"""Bytes of a line; what is longer is no table, and would not fit into memory."""

INT64 = range(-(2**63), 2**63)


def json_lines(path: Path, rows: int, columns: list[str] | None, conditions: Sequence[tuple[str, str]]) -> Summary:
    """The first matching rows; a row without some column has nothing there.

    Args:
        path: the file.
        rows: to show.
        columns: to show; None: all that any row has.
        conditions: columns and regular expressions over their whole values; lists and objects are matched as JSON.

    Raises:
        GlotmixError: a line is no JSON object (names it), or no row has a column that is asked for.
    """
    patterns = [(name, re.compile(pattern)) for name, pattern in conditions]
    names: dict[str, None] = {}
    found: list[dict[str, Any]] = []
    total = 0
    for row in _objects(path):
        names.update(dict.fromkeys(row))
        if all(pattern.fullmatch(_text(row.get(name))) for name, pattern in patterns):
            total += 1
            if len(found) < rows:
                found.append(_printable(row))
    unknown = sorted({*(columns or ()), *(name for name, _ in conditions)} - set(names)) if names else []
    if unknown:
        raise GlotmixError(f"{path}: no column {', '.join(unknown)}; there are {', '.join(names)}")
    matching = "matching rows" if conditions else "rows"
    return Summary(f"{path.name}: {total:,} {matching}", [{n: row.get(n) for n in columns or names} for row in found])


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file; empty lines are none."""
    with open(path, "rb") as file:
        number = 0
        while line := file.readline(LONGEST + 1):
            number += 1
            place = f"{path}, line {number}"
            if len(line) > LONGEST:
                raise GlotmixError(f"{place}: longer than {LONGEST:,} bytes; this is no file of JSON lines")
            if not line.strip():
                continue
            try:
                value = json.loads(line.strip().decode("utf-8"), parse_int=_integer)
            except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
                raise GlotmixError(
                    f"{place}: not JSON ({_why(error)}); was the file cut off, or is it another one?"
                ) from error
            if not isinstance(value, dict):
                raise GlotmixError(f"{place}: not a JSON object but {type(value).__name__}; a row is {{...}}")
            yield value


def _why(error: Exception) -> str:
    """What is wrong with a line; where in it, without the parser's own count of lines."""
    return f"{error.msg}, character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else str(error)


def _printable(row: dict[str, Any]) -> dict[str, Any]:
    """A row without halves of characters, which JSON can spell and no encoding can."""
    clean: dict[str, Any] = json.loads(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
    return clean


def _integer(digits: str) -> int | str:
    """Numbers beyond 64 bits stay as they are written: JSON writers refuse them."""
    value = int(digits)
    return value if value in INT64 else digits


def _text(value: Any) -> str:
    """A value as conditions see it; nothing is the empty text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
