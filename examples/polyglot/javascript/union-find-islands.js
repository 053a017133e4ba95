/** Counting islands on a sea chart: union-find over the land squares. */

const chart = [
  "##...#..",
  "#....##.",
  "...#....",
  "..##...#",
  "#......#",
  "#.#####.",
];

/** A closure over two typed arrays; elements are the numbers below `count`. */
export function disjointSet(count) {
  const parent = Uint32Array.from({ length: count }, (_, i) => i);
  const rank = new Uint8Array(count);

  function find(x) {
    let root = x;
    while (parent[root] !== root) root = parent[root];
    while (parent[x] !== root) [x, parent[x]] = [parent[x], root];
    return root;
  }

  function union(a, b) {
    const [rootA, rootB] = [find(a), find(b)];
    if (rootA === rootB) return;
    if (rank[rootA] < rank[rootB]) {
      parent[rootA] = rootB;
      return;
    }
    parent[rootB] = rootA;
    if (rank[rootA] === rank[rootB]) rank[rootA] += 1;
  }

  return { find, union };
}

/**
 * Groups the land squares of a chart into islands.
 * @param {string[]} rows equally long strings of "#" (land) and "." (water)
 * @returns {number[][]} the square numbers of each island
 */
export function findIslands(rows) {
  const width = rows[0].length;
  const squares = rows.join("");
  const sets = disjointSet(squares.length);
  const isLand = (square) => squares[square] === "#";

  const land = [...squares].flatMap((_, square) => (isLand(square) ? [square] : []));
  for (const square of land) {
    const east = square + 1;
    const south = square + width;
    if (east % width !== 0 && isLand(east)) sets.union(square, east);
    if (isLand(south)) sets.union(square, south);
  }

  const islands = new Map();
  for (const square of land) {
    const root = sets.find(square);
    islands.set(root, [...(islands.get(root) ?? []), square]);
  }
  return [...islands.values()];
}

/** Redraws the chart with a letter per island. */
function label(rows, islands) {
  const letters = [...rows.join("")];
  islands.forEach((squares, i) => {
    for (const square of squares) letters[square] = String.fromCharCode(65 + i);
  });
  const width = rows[0].length;
  return rows.map((_, r) => letters.slice(r * width, (r + 1) * width).join(""));
}

const islands = findIslands(chart);
console.log(label(chart, islands).join("\n"));
console.log(`${islands.length} islands, largest ${Math.max(...islands.map((i) => i.length))} squares`);
