"""Conway's Game of Life on an unbounded board, keeping only the living cells."""

from collections import Counter
from typing import Iterable, Iterator

Cell = tuple[int, int]

GLIDER = """
.O.
..O
OOO
"""

R_PENTOMINO = """
.OO
OO.
.O.
"""


def parse(pattern: str) -> frozenset[Cell]:
    """Read a drawing in which ``O`` is a living cell and ``.`` a dead one."""
    living = set()
    for y, row in enumerate(pattern.strip().splitlines()):
        for x, mark in enumerate(row.strip()):
            if mark not in "O.":
                raise ValueError(f"unexpected {mark!r} in row {y}, column {x}")
            if mark == "O":
                living.add((x, y))
    return frozenset(living)


def neighbours(cell: Cell) -> Iterator[Cell]:
    x, y = cell
    return ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)


def step(living: frozenset[Cell]) -> frozenset[Cell]:
    crowd = Counter(n for cell in living for n in neighbours(cell))
    return frozenset(c for c, count in crowd.items() if count == 3 or (count == 2 and c in living))


def generations(seed: Iterable[Cell]) -> Iterator[frozenset[Cell]]:
    living = frozenset(seed)
    while True:
        yield living
        living = step(living)


def render(living: frozenset[Cell], width: int, height: int) -> str:
    return "\n".join(
        "".join("O" if (x, y) in living else "." for x in range(width)) for y in range(height)
    )


def main() -> None:
    for age, living in enumerate(generations(parse(GLIDER))):
        print(f"generation {age}:", render(living, 8, 6), sep="\n", end="\n\n")
        if age == 4:
            break
    for age, living in enumerate(generations(parse(R_PENTOMINO))):
        if age % 50 == 0:
            print(f"R-pentomino, generation {age:3}: {len(living):3} cells alive")
        if age == 200:
            break


if __name__ == "__main__":
    main()
