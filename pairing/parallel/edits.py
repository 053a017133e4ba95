"""What is taken out of a text, and where the rest then stands. Pure functions."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Edit(NamedTuple):
    """Bytes `start` to `end` give way to `text`."""

    start: int
    end: int
    text: bytes = b""


class Edits:
    """Edits of one text in their order; what one of them covers is not edited again by another.

    Args:
        found: in any order. Of two that overlap the one that begins first stands, and of two that begin alike the
            longer; the other is left out, or where it reaches beyond, begins where the first ends and leaves nothing.
    """

    def __init__(self, found: Iterable[Edit]) -> None:
        self.edits: list[Edit] = []
        for edit in sorted(found, key=lambda e: (e.start, -e.end)):
            last = self.edits[-1].end if self.edits else 0
            if edit.start >= last:
                self.edits.append(edit)
            elif edit.end > last:
                self.edits.append(Edit(last, edit.end))
        self._starts = [edit.start for edit in self.edits]
        self._shifts = [0]
        for edit in self.edits:
            self._shifts.append(self._shifts[-1] + len(edit.text) - (edit.end - edit.start))

    def __bool__(self) -> bool:
        return bool(self.edits)

    def apply(self, text: bytes) -> bytes:
        """The text with all edits made."""
        parts, position = [], 0
        for edit in self.edits:
            parts += [text[position : edit.start], edit.text]
            position = edit.end
        return b"".join([*parts, text[position:]])

    def place(self, offset: int) -> int:
        """Where a byte of the text stands after the edits; one that was taken out: where its edit began."""
        number = bisect_right(self._starts, offset)
        if number and offset < self.edits[number - 1].end:
            return self.edits[number - 1].start + self._shifts[number - 1]
        return offset + self._shifts[number]


def whole_lines(text: bytes, start: int, end: int, after: bytes = b"") -> tuple[int, int] | None:
    """The range widened to whole lines, if nothing else stands on them.

    Args:
        text: the whole text.
        start: first byte.
        end: byte after the range; may stand behind a line end.
        after: characters that may stand between the range and the end of its line.

    Returns:
        first byte of the first line and byte after the last line's end; None if something else stands there.
    """
    first = text.rfind(b"\n", 0, start) + 1
    if text[first:start].strip():
        return None
    if end > start and text[end - 1 : end] == b"\n":
        return first, end
    stop = text.find(b"\n", end)
    stop = len(text) if stop < 0 else stop + 1
    return None if text[end:stop].strip(after + b" \t\r\n\f\v") else (first, stop)


def without_gaps(text: bytes, ranges: Iterable[tuple[int, int]]) -> Iterator[Edit]:
    """Takes out ranges of whole lines, and blank lines below them where a blank line, or nothing, stands above too.

    Args:
        text: the whole text.
        ranges: ascending; those that touch are taken out as one.
    """
    first = stop = -1
    for start, end in (*ranges, (len(text) + 1, 0)):
        if start <= stop:
            stop = max(stop, end)
            continue
        if first >= 0:
            yield Edit(first, _gap_end(text, stop) if _blank_above(text, first) else stop)
        first, stop = start, end


def _blank_above(text: bytes, first: int) -> bool:
    return not first or not text[text.rfind(b"\n", 0, first - 1) + 1 : first].strip()


def _gap_end(text: bytes, stop: int) -> int:
    while stop < len(text):
        line = text.find(b"\n", stop)
        line = len(text) if line < 0 else line + 1
        if text[stop:line].strip():
            break
        stop = line
    return stop


def inside_line(text: bytes, start: int, end: int) -> Edit:
    """Takes out a range beside other code; what it kept apart stays apart, by a line end where it held one."""
    behind = text[end : end + 1]
    if behind in (b"", b"\n", b"\r"):
        while start and text[start - 1 : start] in (b" ", b"\t"):
            start -= 1
        return Edit(start, end)
    if b"\n" in text[start:end]:
        return Edit(start, end, b"\n")  # to Go and JavaScript such a comment is the end of a line
    return Edit(start, end, b" " if text[start - 1 : start].strip() and behind.strip() else b"")
