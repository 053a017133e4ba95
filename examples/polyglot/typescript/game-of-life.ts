/**
 * Conway's Game of Life. A generation is a set of string keys, one per living cell,
 * so the board can grow in every direction.
 */

type Key = `${number},${number}`;
export type Generation = ReadonlySet<Key>;

export const glider = `
  .O.
  ..O
  OOO`;

const rPentomino = `
  .OO
  OO.
  .O.`;

const keyOf = (x: number, y: number): Key => `${x},${y}`;

const OFFSETS: ReadonlyArray<readonly [number, number]> = [
  [-1, -1], [0, -1], [1, -1],
  [-1, 0], [1, 0],
  [-1, 1], [0, 1], [1, 1],
];

export class PatternError extends Error {
  constructor(readonly mark: string, readonly x: number, readonly y: number) {
    super(`Unexpected "${mark}" at ${x},${y}`);
    this.name = "PatternError";
  }
}

export function parsePattern(drawing: string): Generation {
  const living = new Set<Key>();
  const rows = drawing.split("\n").map((row) => row.trim()).filter((row) => row !== "");
  for (const [y, row] of rows.entries()) {
    for (const [x, mark] of [...row].entries()) {
      if (mark === "O") living.add(keyOf(x, y));
      else if (mark !== ".") throw new PatternError(mark, x, y);
    }
  }
  return living;
}

export function nextGeneration(living: Generation): Generation {
  const counts = new Map<Key, number>();
  for (const key of living) {
    const [x = 0, y = 0] = key.split(",").map(Number);
    for (const [dx, dy] of OFFSETS) {
      const neighbour = keyOf(x + dx, y + dy);
      counts.set(neighbour, (counts.get(neighbour) ?? 0) + 1);
    }
  }
  const survivors = [...counts].filter(([key, n]) => n === 3 || (n === 2 && living.has(key)));
  return new Set(survivors.map(([key]) => key));
}

export function* evolve(seed: Generation): Generator<Generation, never> {
  for (let current = seed; ; current = nextGeneration(current)) yield current;
}

export function render(living: Generation, width: number, height: number): string[] {
  const rows: string[] = [];
  for (let y = 0; y < height; y++) {
    let row = "";
    for (let x = 0; x < width; x++) row += living.has(keyOf(x, y)) ? "O" : ".";
    rows.push(row);
  }
  return rows;
}

function demo(): void {
  let age = 0;
  for (const generation of evolve(parsePattern(glider))) {
    console.log(`generation ${age}`, ...render(generation, 8, 6).map((row) => `\n  ${row}`));
    if (++age > 4) break;
  }
  age = 0;
  for (const generation of evolve(parsePattern(rPentomino))) {
    if (age % 50 === 0) console.log(`R-pentomino: ${generation.size} cells in generation ${age}`);
    if (++age > 200) break;
  }
}

if (/game-of-life\.[jt]s$/.test(process.argv[1] ?? "")) demo();
