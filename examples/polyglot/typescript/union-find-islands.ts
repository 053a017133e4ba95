// Islands in a character map, found with a generic disjoint-set (union-find) structure.

export class DisjointSet<T> {
  private readonly parents = new Map<T, T>();
  private readonly sizes = new Map<T, number>();

  makeSet(element: T): void {
    if (this.parents.has(element)) return;
    this.parents.set(element, element);
    this.sizes.set(element, 1);
  }

  find(element: T): T {
    const parent = this.parents.get(element);
    if (parent === undefined) throw new Error(`${String(element)} belongs to no set`);
    if (parent === element) return element;
    const root = this.find(parent);
    this.parents.set(element, root);
    return root;
  }

  union(left: T, right: T): void {
    const roots = [this.find(left), this.find(right)] as const;
    if (roots[0] === roots[1]) return;
    const [small, large] = this.sizeOf(roots[0]) < this.sizeOf(roots[1]) ? roots : [roots[1], roots[0]];
    this.parents.set(small, large);
    this.sizes.set(large, this.sizeOf(small) + this.sizeOf(large));
    this.sizes.delete(small);
  }

  /** One size per set. */
  setSizes(): number[] {
    return [...this.sizes.values()];
  }

  private sizeOf(root: T): number {
    return this.sizes.get(root) ?? 0;
  }
}

type Connectivity = 4 | 8;

const OFFSETS: Record<Connectivity, ReadonlyArray<readonly [number, number]>> = {
  4: [[-1, 0], [0, -1]],
  8: [[-1, -1], [-1, 0], [-1, 1], [0, -1]],
};

export function islandSizes(map: string, connectivity: Connectivity = 4): number[] {
  const rows = map.trim().split("\n");
  const sets = new DisjointSet<string>();
  const isLand = (row: number, column: number): boolean => rows[row]?.[column] === "#";

  rows.forEach((line, row) => {
    for (let column = 0; column < line.length; column++) {
      if (!isLand(row, column)) continue;
      const here = `${row},${column}`;
      sets.makeSet(here);
      for (const [down, right] of OFFSETS[connectivity]) {
        if (isLand(row + down, column + right)) sets.union(here, `${row + down},${column + right}`);
      }
    }
  });
  return sets.setSizes().sort((a, b) => b - a);
}

const archipelago = `
##...#..
#....##.
...#....
..##...#
#......#
#.#####.
`;

for (const connectivity of [4, 8] as const) {
  const sizes = islandSizes(archipelago, connectivity);
  console.log(`${connectivity} directions: ${sizes.length} islands of ${sizes.join(", ")} squares`);
}
