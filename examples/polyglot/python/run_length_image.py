"""Run-length coding of a one-bit image, every row guarded by a Fletcher-16 checksum."""
from itertools import groupby
from typing import NamedTuple

INK, PAPER = "#", "."

INVADER = """\
..#.....#..
...#...#...
..#######..
.##.###.##.
###########
#.#######.#
#.#.....#.#
...##.##...
"""


class CorruptRow(ValueError):
    """A row whose runs do not match its checksum or the image width."""


class EncodedRow(NamedTuple):
    runs: tuple[int, ...]  # alternating paper and ink lengths, paper first
    checksum: int


def fletcher16(values) -> int:
    low = high = 0
    for value in values:
        low = (low + value) % 255
        high = (high + low) % 255
    return high << 8 | low


def encode_row(pixels: str) -> EncodedRow:
    runs = [len(list(group)) for _, group in groupby(pixels)]
    if pixels.startswith(INK):
        runs.insert(0, 0)
    return EncodedRow(tuple(runs), fletcher16(runs))


def decode_row(row: EncodedRow, width: int) -> str:
    if fletcher16(row.runs) != row.checksum:
        raise CorruptRow(f"checksum {row.checksum:04x} does not fit runs {row.runs}")
    if sum(row.runs) != width:
        raise CorruptRow(f"row is {sum(row.runs)} pixels wide, not {width}")
    return "".join((INK if i % 2 else PAPER) * run for i, run in enumerate(row.runs))


def encode_image(bitmap: str) -> tuple[int, list[EncodedRow]]:
    lines = bitmap.split()
    widths = {len(line) for line in lines}
    if len(widths) != 1:
        raise ValueError("bitmap rows differ in width")
    return widths.pop(), [encode_row(line) for line in lines]


def decode_image(width: int, rows: list[EncodedRow]) -> str:
    return "".join(decode_row(row, width) + "\n" for row in rows)


if __name__ == "__main__":
    width, encoded = encode_image(INVADER)
    for row in encoded:
        print(f"{row.checksum:04x}  {' '.join(map(str, row.runs))}")
    assert decode_image(width, encoded) == INVADER

    pixels = width * len(encoded)
    print(f"{pixels} pixels in {sum(len(row.runs) for row in encoded)} runs")

    damaged = encoded[4]._replace(runs=(1, 10))
    try:
        decode_row(damaged, width)
    except CorruptRow as error:
        print("damage found:", error)
