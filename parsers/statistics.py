"""Numbers about the lines and characters of a source, for the gates on data in disguise."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]


_ALPHANUMERIC = bytes(byte for byte in range(128) if chr(byte).isalnum())
_CONTINUATION = bytes(range(0x80, 0xC0))
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class LineStatistics:
    """Shape of a source in lines and characters.

    Lengths count characters (code points), as in the published thresholds that they are held against; bytes would
    make a line of Chinese comment three times as long as it looks. Line ends do not count.
    """

    lines: int
    """Number of lines; a line end at the end of the file opens no further line."""
    longest_line: int
    """Characters of the longest line."""
    mean_line: float
    """Characters a line."""
    alphanumeric_share: float
    """Letters and digits of any script over all characters, line ends included."""


def line_statistics(content: bytes) -> LineStatistics:
    """Measure UTF-8 source bytes. Lines end in LF, CRLF or CR; all figures of an empty source are 0.

    Invalid UTF-8 does no harm: each byte that continues no character counts as one that begins one or as none.
    """
    if not content:
        return LineStatistics(0, 0, 0.0, 0.0)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    characters = len(content.translate(None, _CONTINUATION))
    alphanumeric = len(content) - len(content.translate(None, _ALPHANUMERIC))
    if not content.isascii():
        foreign = content.translate(None, _ASCII).decode("utf-8", "replace")
        alphanumeric += sum(map(str.isalnum, foreign))
    lengths = _line_lengths(content)
    return LineStatistics(
        lines=len(lengths),
        longest_line=int(lengths.max()),
        mean_line=float(lengths.mean()),
        alphanumeric_share=alphanumeric / characters if characters else 0.0,
    )


def _line_lengths(content: bytes) -> I64:
    """Return the characters of each line of non-empty bytes with LF line ends."""
    data = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero(data == 10)
    if content[-1] != 10:
        ends = np.append(ends, len(content))
    if not content.isascii():
        begun = np.concatenate(([0], np.cumsum((data & 0xC0) != 0x80)))
        ends = begun[ends]
    return np.diff(ends, prepend=-1) - 1
