/** Edit distance (Levenshtein), alignment printing and "did you mean" suggestions. */
import { pathToFileURL } from "node:url";

const DICTIONARY = ["receive", "separate", "definitely", "necessary", "rhythm", "library", "calendar"];

/** Two rows of the table are enough when only the number is wanted. */
export function levenshtein(source, target) {
  let previous = Array.from({ length: target.length + 1 }, (_, j) => j);
  for (let i = 1; i <= source.length; i++) {
    const current = [i];
    for (let j = 1; j <= target.length; j++) {
      const substitution = previous[j - 1] + (source[i - 1] === target[j - 1] ? 0 : 1);
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, substitution);
    }
    previous = current;
  }
  return previous[target.length];
}

/**
 * Aligns two words by memoised recursion on their suffixes.
 * @returns {{cost: number, columns: string[]}} columns such as "ks" or "-g"
 */
export function align(source, target) {
  const memo = new Map();

  const solve = (i, j) => {
    if (i === source.length && j === target.length) return { cost: 0, column: null, next: null };
    const key = i * (target.length + 1) + j;
    if (!memo.has(key)) memo.set(key, cheapest(i, j));
    return memo.get(key);
  };

  const step = (cost, column, next) => ({ cost: cost + next.cost, column, next });

  const cheapest = (i, j) => {
    const options = [];
    if (i < source.length && j < target.length) {
      const cost = source[i] === target[j] ? 0 : 1;
      options.push(step(cost, source[i] + target[j], solve(i + 1, j + 1)));
    }
    if (i < source.length) options.push(step(1, `${source[i]}-`, solve(i + 1, j)));
    if (j < target.length) options.push(step(1, `-${target[j]}`, solve(i, j + 1)));
    return options.reduce((best, option) => (option.cost < best.cost ? option : best));
  };

  const start = solve(0, 0);
  const columns = [];
  for (let at = start; at.next; at = at.next) columns.push(at.column);
  return { cost: start.cost, columns };
}

export function drawAlignment(columns) {
  const mark = ([a, b]) => (a === b ? "|" : a === "-" || b === "-" ? " " : "*");
  return [
    columns.map(([a]) => a).join(""),
    columns.map(mark).join(""),
    columns.map(([, b]) => b).join(""),
  ].join("\n");
}

export function suggest(typo, { words = DICTIONARY, tolerance = 2 } = {}) {
  return words
    .map((word) => ({ word, distance: levenshtein(typo, word) }))
    .filter(({ distance }) => distance <= tolerance)
    .sort((a, b) => a.distance - b.distance)
    .map(({ word }) => word);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const pair of ["kitten sitting", "saturday sunday", "flaw lawn"]) {
    const { cost, columns } = align(...pair.split(" "));
    console.log(`${drawAlignment(columns)}\ndistance ${cost}\n`);
  }
  for (const typo of ["recieve", "seperate", "definately", "libary", "xylophone"]) {
    const [best = "(no suggestion)"] = suggest(typo);
    console.log(`Did you mean ${best} instead of ${typo}?`);
  }
}
