"""LU decomposition with partial pivoting, used for determinants and linear solves."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

Matrix = list[list[float]]
EPSILON = 1e-12


class SingularMatrixError(ArithmeticError):
    """The matrix has no inverse, so the system has no unique solution."""


@dataclass(frozen=True)
class LU:
    """Both triangular factors packed in one matrix; the unit diagonal of L is implied."""

    packed: Matrix
    permutation: list[int]
    sign: int

    @property
    def determinant(self) -> float:
        return self.sign * prod(self.packed[i][i] for i in range(len(self.packed)))

    def solve(self, rhs: list[float]) -> list[float]:
        n = len(self.packed)
        if len(rhs) != n:
            raise ValueError(f"right-hand side has {len(rhs)} entries, expected {n}")
        if any(abs(self.packed[i][i]) < EPSILON for i in range(n)):
            raise SingularMatrixError("zero pivot on the diagonal of U")

        x: list[float] = []
        for row, source in zip(self.packed, self.permutation):
            x.append(rhs[source] - sum(l * y for l, y in zip(row, x)))
        for i in reversed(range(n)):
            tail = sum(self.packed[i][j] * x[j] for j in range(i + 1, n))
            x[i] = (x[i] - tail) / self.packed[i][i]
        return x


def decompose(matrix: Matrix) -> LU:
    """Factor a square matrix as PA = LU without touching the argument."""
    n = len(matrix)
    if any(len(row) != n for row in matrix):
        raise ValueError("matrix must be square")
    a = [[float(v) for v in row] for row in matrix]
    permutation = list(range(n))
    sign = 1

    for k in range(n):
        pivot = max(range(k, n), key=lambda r: abs(a[r][k]))
        if abs(a[pivot][k]) < EPSILON:
            a[k][k] = 0.0
            continue
        if pivot != k:
            a[k], a[pivot] = a[pivot], a[k]
            permutation[k], permutation[pivot] = permutation[pivot], permutation[k]
            sign = -sign
        for row in a[k + 1:]:
            row[k] /= a[k][k]
            for j in range(k + 1, n):
                row[j] -= row[k] * a[k][j]
    return LU(a, permutation, sign)


def main() -> None:
    coefficients = [[2, -1, 3, 0], [4, 1, -2, 5], [-6, 2, 1, -1], [3, 0, 4, 2]]
    lu = decompose(coefficients)
    print(f"determinant = {lu.determinant:.4f}")
    solution = lu.solve([13, -1.5, -7.5, 16])
    print("solution    =", ", ".join(f"{x:.3f}" for x in solution))

    try:
        decompose([[1, 2], [2, 4]]).solve([3, 6])
    except SingularMatrixError as err:
        print("singular:", err)


if __name__ == "__main__":
    main()
