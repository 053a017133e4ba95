/**
 * Solves sudoku grids with an explicit stack of positions instead of recursion.
 * Each position keeps, for all 81 cells, a bitmask of the digits still possible there.
 */

type Mask = number;
type Position = readonly Mask[];

const ANY: Mask = 0b1_1111_1111;

const PEERS: readonly (readonly number[])[] = Array.from({ length: 81 }, (_, cell) => {
  const row = Math.floor(cell / 9);
  const column = cell % 9;
  const peers = new Set<number>();
  for (let i = 0; i < 9; i++) {
    peers.add(row * 9 + i);
    peers.add(i * 9 + column);
    const boxRow = row - (row % 3) + Math.floor(i / 3);
    peers.add(boxRow * 9 + column - (column % 3) + (i % 3));
  }
  peers.delete(cell);
  return [...peers];
});

const isSingle = (mask: Mask): boolean => mask !== 0 && (mask & (mask - 1)) === 0;
const digitOf = (mask: Mask): number => 32 - Math.clz32(mask);

function* bitsOf(mask: Mask): Generator<Mask> {
  for (let rest = mask; rest !== 0; rest &= rest - 1) yield rest & -rest;
}

/** Fixes one cell and propagates to its peers; undefined when a cell runs out of candidates. */
function assign(position: Position, cell: number, bit: Mask): Position | undefined {
  if ((position[cell]! & bit) === 0) return undefined;
  const next = [...position];
  const pending: Array<[cell: number, bit: Mask]> = [[cell, bit]];
  next[cell] = bit;
  for (let item = pending.pop(); item; item = pending.pop()) {
    const [source, fixed] = item;
    for (const peer of PEERS[source]!) {
      const before = next[peer]!;
      if ((before & fixed) === 0) continue;
      const after = before & ~fixed;
      if (after === 0) return undefined;
      next[peer] = after;
      if (isSingle(after)) pending.push([peer, after]);
    }
  }
  return next;
}

export function parse(grid: string): Position | undefined {
  const cells = [...grid].filter((ch) => /[.\d]/.test(ch));
  if (cells.length !== 81) throw new SyntaxError(`found ${cells.length} cells instead of 81`);
  let position: Position | undefined = new Array<Mask>(81).fill(ANY);
  for (const [cell, ch] of cells.entries()) {
    const digit = Number.parseInt(ch, 10);
    if (digit > 0 && position) position = assign(position, cell, 1 << (digit - 1));
  }
  return position;
}

export function solve(start: Position): { solution?: number[]; visited: number } {
  const stack: Position[] = [start];
  let visited = 0;
  for (let position = stack.pop(); position; position = stack.pop()) {
    visited += 1;
    const open = position.flatMap((mask, cell) => (isSingle(mask) ? [] : [cell]));
    if (open.length === 0) return { solution: position.map(digitOf), visited };

    const width = (cell: number): number => [...bitsOf(position![cell]!)].length;
    const target = open.reduce((best, cell) => (width(cell) < width(best) ? cell : best));
    for (const bit of bitsOf(position[target]!)) {
      const child = assign(position, target, bit);
      if (child) stack.push(child);
    }
  }
  return { visited };
}

const start = parse(
  `....7..1. .294.6... 6..5....4
   ..1.....5 9.4.5..3. ..8...4.6
   ...82.5.. .3.76...8 8........`,
);
const result = start && solve(start);
if (result?.solution) {
  console.log(result.solution.join("").replace(/\d{9}/g, "$&\n").trimEnd());
  console.log(`positions visited: ${result.visited}`);
} else {
  console.log("This grid has no solution");
}
