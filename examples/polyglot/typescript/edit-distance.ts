// Levenshtein distance by way of an edit script: the list of operations that turns
// one word into another. Alignments and suggestions are derived from it.

export type Edit =
  | { op: "keep"; letter: string }
  | { op: "substitute"; from: string; to: string }
  | { op: "delete"; letter: string }
  | { op: "insert"; letter: string };

interface Cell {
  cost: number;
  edit?: Edit;
  back?: Cell;
}

export function editScript(source: string, target: string): Edit[] {
  const extend = (back: Cell, edit: Edit): Cell => ({
    cost: back.cost + (edit.op === "keep" ? 0 : 1),
    edit,
    back,
  });

  let row: Cell[] = [{ cost: 0 }];
  for (const letter of target) row.push(extend(row.at(-1)!, { op: "insert", letter }));

  for (const from of source) {
    const below: Cell[] = [extend(row[0]!, { op: "delete", letter: from })];
    [...target].forEach((to, j) => {
      const diagonal: Edit =
        from === to ? { op: "keep", letter: from } : { op: "substitute", from, to };
      below.push(
        cheapest(
          extend(row[j]!, diagonal),
          extend(row[j + 1]!, { op: "delete", letter: from }),
          extend(below[j]!, { op: "insert", letter: to }),
        ),
      );
    });
    row = below;
  }

  const script: Edit[] = [];
  for (let cell = row.at(-1); cell?.edit; cell = cell.back) script.unshift(cell.edit);
  return script;
}

function cheapest(first: Cell, ...others: Cell[]): Cell {
  return others.reduce((best, cell) => (cell.cost < best.cost ? cell : best), first);
}

export const levenshtein = (source: string, target: string): number =>
  editScript(source, target).filter(({ op }) => op !== "keep").length;

function column(edit: Edit): readonly [top: string, mark: string, bottom: string] {
  switch (edit.op) {
    case "keep":
      return [edit.letter, "|", edit.letter];
    case "substitute":
      return [edit.from, "*", edit.to];
    case "delete":
      return [edit.letter, " ", "-"];
    case "insert":
      return ["-", " ", edit.letter];
  }
}

export function renderAlignment(script: readonly Edit[]): string {
  const columns = script.map(column);
  return ([0, 1, 2] as const).map((line) => columns.map((c) => c[line]).join("")).join("\n");
}

const dictionary = new Set([
  "receive", "separate", "definitely", "necessary", "rhythm", "library", "calendar",
]);

export function* suggestions(typo: string, tolerance = 2): Generator<string> {
  const distances = new Map([...dictionary].map((word) => [word, levenshtein(typo, word)]));
  for (let allowed = 0; allowed <= tolerance; allowed++) {
    for (const [word, distance] of distances) if (distance === allowed) yield word;
  }
}

const pairs: Array<[string, string]> = [["kitten", "sitting"], ["saturday", "sunday"], ["flaw", "lawn"]];
for (const [source, target] of pairs) {
  console.log(`${source}/${target}: ${levenshtein(source, target)}`);
  console.log(renderAlignment(editScript(source, target)));
}
for (const typo of ["recieve", "seperate", "definately", "libary", "xylophone"]) {
  console.log(`${typo}: ${[...suggestions(typo)].join(" or ") || "not even close to a known word"}`);
}
