"""JSON Lines as a source: streamed, one bad line costs one record."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.sources.column_check import ColumnCheck, names_of, there_is
from pipelines.sources.compression import SUFFIXES, BadContainerError, BombError, Expanded, Readable
from pipelines.sources.config import JsonlSource
from pipelines.sources.containers import find, listed, open_container, probe, reached, shown_name, unknown_type
from pipelines.sources.lines import MAX_LINE, lines
from pipelines.sources.members import archive_problem
from pipelines.sources.record import Problem, SourceRecord
from pipelines.sources.slices import Limits, Listing, Slice
from pipelines.sources.tables import BadRecordError, Mapper, parse_line

BLOCK_LINES = 256
"""Lines that go to one part together."""

MAX_PARTS = 16
"""Parts of one file at most: each part decompresses the whole file and parses its own lines."""

PART_BYTES = {"plain": 16_000_000, "compressed": 4_000_000}
"""Bytes of the file for each part; text of source code compresses to about a quarter."""

MAX_RATIO = 1000.0
"""Expanded bytes for one stored byte; deflate reaches 1032 at most, and only for one repeated byte."""

CHECK_RECORDS, CHECK_BYTES, CHECK_FILES = 1000, 16_000_000, 8
"""Records, or expanded bytes, of each of so many first files in which mapped columns are looked for: one process does
it before anything is read, on every call, so it parses 128 MB at most."""

_ENDS = tuple(f"{end}{packed}" for end in (".jsonl", ".ndjson", ".json") for packed in ("", *SUFFIXES))
_KNOWN = ".jsonl, .ndjson, .json, each also with .gz, .zst, .bz2 or .xz"


def plan_jsonl(index: int, source: JsonlSource, base: Path, limits: Limits) -> Listing:
    """List files of JSON lines; in a folder or glob those of other kinds are problems.

    Raises:
        SourceError: nothing is there, it cannot be listed, or a mapped column is in none of the first records.
    """
    listing = Listing(index, limits)
    read: list[str] = []
    for container, size in find(source, base, listing):
        name = shown_name(source, container)
        if container and not name.lower().endswith(_ENDS):
            listing.problem(container, unknown_type(name, _KNOWN), in_container=True)
            continue
        packed = name.lower().endswith(tuple(SUFFIXES))
        step = PART_BYTES["compressed" if packed else "plain"]
        parts = min(max(-(-size // step), 1), MAX_PARTS)
        with listed(source, container, listing):
            probe(source, base, container)
            listing.saw(container or name, size)
            listing.add_parts("jsonl", container, parts, size * (4 if packed else 1))
            read.append(container)
    _check_columns(source, base, read)
    return listing


def _check_columns(source: JsonlSource, base: Path, containers: Sequence[str]) -> None:
    check = ColumnCheck(source)
    whole = len(containers) <= CHECK_FILES
    for container in containers[:CHECK_FILES]:
        for number, record in enumerate(_objects(source, base, container)):
            if record is None or number >= CHECK_RECORDS:
                whole = False
                break
            if check.saw(partial(there_is, record), names_of(record)):
                return
    check.refuse("record", "the source" if whole else "the start of the source", whole)


def _objects(source: JsonlSource, base: Path, container: str) -> Iterator[Mapping[str, Any] | None]:
    """The records at the start of a file, None where more follow; readers tell of what cannot be parsed."""
    with reached(source, container):
        try:
            with open_container(source, base, container) as file:
                stream = Expanded(file, shown_name(source, container), float("inf"), MAX_RATIO)
                start = _Start(stream)
                yield from _parsed(line for _, line, _ in lines(start) if line)
                if start.cut:
                    yield None
        except (BadContainerError, BombError):
            return


class _Start:
    """The first CHECK_BYTES of a stream."""

    def __init__(self, stream: Readable) -> None:
        self._stream, self._left = stream, CHECK_BYTES
        self.cut = False

    def read(self, size: int, /) -> bytes:
        """As many bytes as there are and may be read; sets `cut` where the limit ends them."""
        if self._left <= 0:
            self.cut = bool(self._stream.read(1))
            return b""
        data = self._stream.read(min(size, self._left)) or b""
        self._left -= len(data)
        return data


def _parsed(found: Iterator[bytes]) -> Iterator[Mapping[str, Any]]:
    for line in found:
        try:
            yield parse_line(line.removeprefix(b"\xef\xbb\xbf"))
        except BadRecordError:
            continue


def read_jsonl(item: Slice, source: JsonlSource, base: Path, max_bytes: int) -> Iterator[SourceRecord]:
    """Yield one record for each line of the part that is not blank."""
    name = shown_name(source, item.container)
    mapper = Mapper(source, name, max_bytes)
    try:
        with open_container(source, base, item.container) as file:
            stream = Expanded(file, name, float("inf"), MAX_RATIO)
            for number, line, length in lines(stream):
                if number // BLOCK_LINES % item.parts == item.part:
                    yield from _line(mapper, number, line, length)
    except (BadContainerError, BombError) as error:
        if item.part == 0:  # broken data looks the same to every part
            yield mapper.failed(-1, archive_problem(error))


def _line(mapper: Mapper, number: int, line: bytes | None, length: int) -> Iterator[SourceRecord]:
    if line is None:
        problem = Problem("too_large", f"a line of {length} bytes; at most {MAX_LINE}", length, MAX_LINE)
        yield mapper.failed(number, problem, length)
        return
    if number == 0:
        line = line.removeprefix(b"\xef\xbb\xbf")
    if not line.strip():
        return
    try:
        yield mapper.record(parse_line(line), number)
    except BadRecordError as error:
        yield mapper.failed(number, Problem("bad_record", f"line {number + 1}: {error}"), length)
