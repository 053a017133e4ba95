/**
 * Determinants and linear systems by LU decomposition with row pivoting.
 */

const EPS = 1e-12;

/**
 * Factors a square matrix in place of a copy.
 * @param {number[][]} source
 * @returns {{ lu: number[][], perm: number[], swaps: number, singular: boolean }}
 */
export function luDecompose(source) {
  const n = source.length;
  if (!source.every((row) => row.length === n)) {
    throw new RangeError('luDecompose needs a square matrix');
  }

  const lu = source.map((row) => [...row]);
  const perm = [...lu.keys()];
  let swaps = 0;
  let singular = false;

  for (let col = 0; col < n; col++) {
    let pivot = col;
    for (let r = col + 1; r < n; r++) {
      if (Math.abs(lu[r][col]) > Math.abs(lu[pivot][col])) pivot = r;
    }
    if (Math.abs(lu[pivot][col]) < EPS) {
      singular = true;
      continue;
    }
    if (pivot !== col) {
      [lu[col], lu[pivot]] = [lu[pivot], lu[col]];
      [perm[col], perm[pivot]] = [perm[pivot], perm[col]];
      swaps += 1;
    }
    lu.slice(col + 1).forEach((row) => {
      row[col] /= lu[col][col];
      for (let c = col + 1; c < n; c++) row[c] -= row[col] * lu[col][c];
    });
  }

  return { lu, perm, swaps, singular };
}

export const determinant = (matrix) => {
  const { lu, swaps, singular } = luDecompose(matrix);
  if (singular) return 0;
  return lu.reduce((acc, row, i) => acc * row[i], swaps % 2 ? -1 : 1);
};

/** Returns x with matrix * x = rhs, or null when there is no unique solution. */
export function solve(matrix, rhs) {
  const { lu, perm, singular } = luDecompose(matrix);
  if (singular) return null;

  const dot = (row, vec, from, to) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += row[i] * vec[i];
    return sum;
  };

  const x = perm.map((i) => rhs[i]);
  lu.forEach((row, i) => {
    x[i] -= dot(row, x, 0, i);
  });
  for (let i = x.length - 1; i >= 0; i--) {
    x[i] = (x[i] - dot(lu[i], x, i + 1, x.length)) / lu[i][i];
  }
  return x;
}

const A = [
  [2, -1, 3, 0],
  [4, 1, -2, 5],
  [-6, 2, 1, -1],
  [3, 0, 4, 2],
];

console.log('determinant:', determinant(A).toFixed(4));
console.log('solution:', solve(A, [13, -1.5, -7.5, 16]).map((v) => v.toFixed(3)).join(', '));
console.log('parallel lines:', solve([[1, 2], [2, 4]], [3, 7]) ?? 'no unique solution');
