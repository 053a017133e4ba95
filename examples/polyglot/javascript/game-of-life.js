/**
 * Game of Life with a sparse board: a Map from row number to the Set of living columns.
 */
import { pathToFileURL } from "node:url";

export const PATTERNS = {
  glider: [".O.", "..O", "OOO"],
  rPentomino: [".OO", "OO.", ".O."],
};

export class Life {
  #rows = new Map();

  static fromRows(rows) {
    const life = new Life();
    rows.forEach((row, y) => {
      if (!/^[O.]*$/.test(row)) throw new SyntaxError(`row ${y} may only hold O and dots: ${row}`);
      for (const match of row.matchAll(/O/g)) life.birth(match.index, y);
    });
    return life;
  }

  birth(x, y) {
    if (!this.#rows.has(y)) this.#rows.set(y, new Set());
    this.#rows.get(y).add(x);
    return this;
  }

  isAlive(x, y) {
    return this.#rows.get(y)?.has(x) ?? false;
  }

  get population() {
    return [...this].length;
  }

  /** Iterates over living cells as [x, y] pairs. */
  *[Symbol.iterator]() {
    for (const [y, columns] of this.#rows) {
      for (const x of columns) yield [x, y];
    }
  }

  #livingNeighbours(x, y) {
    let count = this.isAlive(x, y) ? -1 : 0;
    for (let row = y - 1; row <= y + 1; row += 1) {
      for (let column = x - 1; column <= x + 1; column += 1) count += this.isAlive(column, row);
    }
    return count;
  }

  next() {
    const successor = new Life();
    for (const [cx, cy] of this) {
      // Only cells touching a living one can be alive in the next generation.
      for (const x of [cx - 1, cx, cx + 1]) {
        for (const y of [cy - 1, cy, cy + 1]) {
          const count = this.#livingNeighbours(x, y);
          if (count === 3 || (count === 2 && this.isAlive(x, y))) successor.birth(x, y);
        }
      }
    }
    return successor;
  }

  advance(generations) {
    return generations === 0 ? this : this.next().advance(generations - 1);
  }

  render(width, height) {
    const line = (y) => Array.from({ length: width }, (_, x) => (this.isAlive(x, y) ? "O" : ".")).join("");
    return Array.from({ length: height }, (_, y) => line(y)).join("\n");
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const glider = Life.fromRows(PATTERNS.glider);
  for (let age = 0; age <= 4; age += 1) {
    console.log(`-- generation ${age}\n${glider.advance(age).render(8, 6)}`);
  }
  let pentomino = Life.fromRows(PATTERNS.rPentomino);
  for (let age = 0; age <= 200; age += 50) {
    console.log(`R-pentomino after ${age} generations: ${pentomino.population} alive`);
    pentomino = pentomino.advance(50);
  }
}
