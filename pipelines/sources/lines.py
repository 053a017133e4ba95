"""Cut a stream into lines in bounded memory."""

from collections.abc import Iterator

from pipelines.sources.compression import CHUNK, Readable

MAX_LINE = 64 << 20
"""Bytes of one line that are kept: a 2 MB file escaped in JSON stays below 12 MB."""

Line = tuple[int, bytes | None, int]
"""Line number from 0, the line without its end (None where it is too long), and its length in bytes."""


def lines(stream: Readable, limit: int = MAX_LINE) -> Iterator[Line]:
    r"""Yield the lines of a stream, cut at `\n`; what follows the last one is a line unless it is empty.

    Errors of the stream pass through; the unfinished line before one is not yielded.
    """
    number = 0
    held: list[bytes] = []
    length = 0
    while chunk := stream.read(CHUNK):
        first, *rest = chunk.split(b"\n")
        for piece in (first, *rest)[:-1]:
            length += len(piece)
            yield number, None if length > limit else b"".join((*held, piece)), length
            number, held, length = number + 1, [], 0
        last = rest[-1] if rest else first
        length += len(last)
        if length > limit:
            held = []
        elif last:
            held.append(last)
    if length:
        yield number, None if length > limit else b"".join(held), length
