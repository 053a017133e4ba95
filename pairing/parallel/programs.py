"""A document as it is going to be written: comments kept or taken out, its functions found again. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from pairing.config import ParallelConfig
from pairing.parallel.comments import stripped
from pairing.parallel.fit import Side
from pairing.parallel.refusals import EMPTY, UNPARSABLE, Refusal
from pairing.parallel.texts import Program
from pairing.parallel.units import Unit
from parsers.syntax import ParseBudgetExceeded, parse

COLUMNS = ("id", "language", "repo", "path", "commit", "licence", "contaminated", "bytes", "lines", "content")
"""What is read of a document."""

UNIT_COLUMNS = (
    "document_id", "unit", "kind", "name", "container", "is_test", "parameters", "start_line", "end_line",
    "outer_start_line", "start_byte", "end_byte", "outer_start_byte",
)  # fmt: skip
"""What is read of a function."""


def unit_of(row: Mapping[str, Any]) -> Unit:
    """A function out of its row in the table units."""
    return Unit(row["start_byte"], row["end_byte"], row["outer_start_byte"], row["outer_start_line"], row["end_line"])


def prepare(document: Mapping[str, Any], units: Sequence[Mapping[str, Any]], config: ParallelConfig) -> Side | Refusal:
    """A document with its comments as they are asked for, parsed, and its functions where they stand then.

    Args:
        document: with the columns `COLUMNS`.
        units: rows of its functions, by position.
        config: what is asked for.
    """
    raw, path = str(document["content"]).encode(), str(document["path"])
    try:
        syntax = parse(raw, document["language"], path)
    except ParseBudgetExceeded as error:
        return Refusal(UNPARSABLE, error.steps, error.limit, f"{document['id']}: {error.what}")
    found = [unit_of(row) for row in units]
    if config.comments == "keep":
        return Side(syntax, found, path)
    made = stripped(syntax, config.comments == "strip_docstrings", path)
    if made is None:
        return Refusal(UNPARSABLE, detail=str(document["id"]))
    syntax, edits = made
    if not syntax.source.strip():
        return Refusal(EMPTY, detail=str(document["id"]))
    return Side(syntax, [unit.moved(edits, syntax.source) for unit in found] if edits else found, path)


def program_of(document: Mapping[str, Any], text: str, lines: tuple[int, int] | None = None) -> Program:
    """A program of a document, or a function of it.

    Args:
        document: with the columns `COLUMNS`.
        text: as it is written.
        lines: first and last line in the document; None: all.
    """
    first, last = lines or (1, max(1, document["lines"]))
    origin = {name: document[name] for name in ("repo", "path", "commit")}
    return Program(document["id"], document["language"], text, document["licence"], first, last, **origin)


def needs_parsing(config: ParallelConfig) -> bool:
    """Whether anything but whole documents as they are is asked for."""
    return config.comments != "keep" or config.max_tokens is not None or "function" in config.levels
