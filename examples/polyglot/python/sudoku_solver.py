"""Sudoku by backtracking; candidates of a cell are the bits of a nine-bit mask."""

from collections.abc import Iterator

PUZZLE = (
    "....7..1."
    ".294.6..."
    "6..5....4"
    "..1.....5"
    "9.4.5..3."
    "..8...4.6"
    "...82.5.."
    ".3.76...8"
    "8........"
)
ALL_DIGITS = 0b111_111_111


def bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


class SudokuSolver:
    def __init__(self, clues: str) -> None:
        if len(clues) != 81:
            raise ValueError(f"a sudoku has 81 cells, not {len(clues)}")
        self.cells = [0] * 81
        self.rows, self.columns, self.boxes = ([ALL_DIGITS] * 9 for _ in range(3))
        self.guesses = 0
        for cell, clue in enumerate(clues):
            if clue not in ".0":
                bit = 1 << (int(clue) - 1)
                if not self.candidates(cell) & bit:
                    raise ValueError(f"clue {clue} repeats at row {cell // 9 + 1}, column {cell % 9 + 1}")
                self.toggle(cell, bit)
                self.cells[cell] = bit

    @staticmethod
    def units(cell: int) -> tuple[int, int, int]:
        row, column = divmod(cell, 9)
        return row, column, row // 3 * 3 + column // 3

    def candidates(self, cell: int) -> int:
        row, column, box = self.units(cell)
        return self.rows[row] & self.columns[column] & self.boxes[box]

    def toggle(self, cell: int, bit: int) -> None:
        """Place a digit in the three units of a cell, or take it back again."""
        row, column, box = self.units(cell)
        self.rows[row] ^= bit
        self.columns[column] ^= bit
        self.boxes[box] ^= bit

    def solve(self) -> bool:
        empty = (cell for cell in range(81) if not self.cells[cell])
        target = min(empty, key=lambda cell: self.candidates(cell).bit_count(), default=None)
        if target is None:
            return True
        for bit in bits(self.candidates(target)):
            self.guesses += 1
            self.cells[target] = bit
            self.toggle(target, bit)
            if self.solve():
                return True
            self.toggle(target, bit)
        self.cells[target] = 0
        return False

    def __str__(self) -> str:
        digits = [str(bit.bit_length()) if bit else "." for bit in self.cells]
        lines = []
        for top in range(0, 81, 9):
            lines.append(" | ".join(" ".join(digits[top + i:top + i + 3]) for i in (0, 3, 6)))
            if top in (18, 45):
                lines.append("------+-------+------")
        return "\n".join(lines)


if __name__ == "__main__":
    solver = SudokuSolver(PUZZLE)
    print(solver, end="\n\n")
    print(solver if solver.solve() else "no solution")
    print(f"{solver.guesses} digits tried")
