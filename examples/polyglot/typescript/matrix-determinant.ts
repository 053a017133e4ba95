/**
 * A small dense matrix class with LU decomposition, determinant and linear solve.
 */

type Row = readonly number[];

interface LuFactors {
  readonly lower: number[][];
  readonly upper: number[][];
  readonly order: number[];
  readonly parity: 1 | -1;
}

export class SingularMatrix extends Error {
  override readonly name = "SingularMatrix";

  constructor(readonly column: number) {
    super(`no usable pivot in column ${column}`);
  }
}

export class Matrix {
  readonly size: number;
  private cached?: LuFactors;

  constructor(private readonly rows: readonly Row[]) {
    this.size = rows.length;
    if (rows.some((row) => row.length !== this.size)) {
      throw new TypeError("Matrix expects as many columns as rows");
    }
  }

  /** Factors P*A = L*U; computed once and remembered. */
  get factors(): LuFactors {
    return (this.cached ??= this.decompose());
  }

  get determinant(): number {
    try {
      const { upper, parity } = this.factors;
      return upper.reduce<number>((product, row, i) => product * row[i]!, parity);
    } catch (error) {
      if (error instanceof SingularMatrix) return 0;
      throw error;
    }
  }

  solve(rhs: Row): number[] {
    const { lower, upper, order } = this.factors;
    const x: number[] = [];
    for (const [i, source] of order.entries()) {
      const known = x.reduce((sum, value, j) => sum + lower[i]![j]! * value, 0);
      x.push(rhs[source]! - known);
    }
    for (let i = this.size - 1; i >= 0; i--) {
      let value = x[i]!;
      for (let j = i + 1; j < this.size; j++) value -= upper[i]![j]! * x[j]!;
      x[i] = value / upper[i]![i]!;
    }
    return x;
  }

  private decompose(): LuFactors {
    const n = this.size;
    const upper = this.rows.map((row) => row.slice());
    const lower = this.rows.map(() => new Array<number>(n).fill(0));
    const order = Array.from({ length: n }, (_, i) => i);
    let parity: 1 | -1 = 1;

    const exchange = <T>(list: T[], a: number, b: number): void => {
      [list[a], list[b]] = [list[b]!, list[a]!];
    };

    for (let k = 0; k < n; k++) {
      const column = upper.map((row, i) => (i < k ? -1 : Math.abs(row[k]!)));
      const pivot = column.indexOf(Math.max(...column));
      if (column[pivot]! < 1e-12) throw new SingularMatrix(k);
      if (pivot !== k) {
        [upper, lower].forEach((part) => exchange(part, k, pivot));
        exchange(order, k, pivot);
        parity = parity === 1 ? -1 : 1;
      }
      lower[k]![k] = 1;
      for (let i = k + 1; i < n; i++) {
        const ratio = upper[i]![k]! / upper[k]![k]!;
        lower[i]![k] = ratio;
        upper[i] = upper[i]!.map((value, j) => (j < k ? value : value - ratio * upper[k]![j]!));
      }
    }
    return { lower, upper, order, parity };
  }
}

const system = new Matrix([
  [2, -1, 3, 0],
  [4, 1, -2, 5],
  [-6, 2, 1, -1],
  [3, 0, 4, 2],
]);
console.log(`|A| = ${system.determinant.toFixed(4)}`);
console.log(`x = (${system.solve([13, -1.5, -7.5, 16]).map((v) => v.toFixed(3)).join(", ")})`);
console.log(`|B| = ${new Matrix([[1, 2], [2, 4]]).determinant} for linearly dependent rows`);
