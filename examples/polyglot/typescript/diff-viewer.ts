/** Line diff of two documents, printed as unified hunks. */

type Operation =
  | { readonly type: "equal"; readonly line: string }
  | { readonly type: "delete"; readonly line: string }
  | { readonly type: "insert"; readonly line: string };

interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly operations: Operation[];
}

const PREFIX: Readonly<Record<Operation["type"], string>> = { equal: " ", delete: "-", insert: "+" };

/** Shortest edit script by memoised recursion over suffixes of both documents. */
export function compare(before: readonly string[], after: readonly string[]): Operation[] {
  const memo = new Map<string, number>();

  const common = (i: number, j: number): number => {
    if (i === before.length || j === after.length) return 0;
    const key = `${i}:${j}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    const length =
      before[i] === after[j] ? 1 + common(i + 1, j + 1) : Math.max(common(i + 1, j), common(i, j + 1));
    memo.set(key, length);
    return length;
  };

  const script: Operation[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [mine, theirs] = [before[i], after[j]];
    if (mine !== undefined && mine === theirs) {
      script.push({ type: "equal", line: mine });
      i += 1;
      j += 1;
    } else if (mine !== undefined && (theirs === undefined || common(i + 1, j) >= common(i, j + 1))) {
      script.push({ type: "delete", line: mine });
      i += 1;
    } else {
      script.push({ type: "insert", line: theirs! });
      j += 1;
    }
  }
  return script;
}

export function toHunks(script: readonly Operation[], context: number): Hunk[] {
  const found: Hunk[] = [];
  let current: Hunk | undefined;
  let pending: Operation[] = []; // equal lines whose fate is not known yet
  let [oldLine, newLine] = [1, 1];

  for (const operation of script) {
    if (operation.type === "equal") {
      pending.push(operation);
    } else {
      if (current !== undefined && pending.length > 2 * context) {
        current.operations.push(...pending.slice(0, context));
        current = undefined;
      }
      if (current === undefined) {
        const lead = context > 0 ? pending.slice(-context) : [];
        current = { oldStart: oldLine - lead.length, newStart: newLine - lead.length, operations: lead };
        found.push(current);
      } else {
        current.operations.push(...pending);
      }
      pending = [];
      current.operations.push(operation);
    }
    if (operation.type !== "insert") oldLine += 1;
    if (operation.type !== "delete") newLine += 1;
  }
  current?.operations.push(...pending.slice(0, context));
  return found;
}

export function formatHunk({ oldStart, newStart, operations }: Hunk): string {
  const count = (skipped: Operation["type"]) => operations.filter(({ type }) => type !== skipped).length;
  const title = `@@ -${oldStart},${count("insert")} +${newStart},${count("delete")} @@`;
  return [title, ...operations.map(({ type, line }) => PREFIX[type] + line)].join("\n");
}

const recipe = [
  "Rye loaf", "500 g flour", "320 ml water", "9 g salt", "3 g yeast", "knead 10 min",
  "rest 60 min", "shape", "proof 30 min", "score the top", "bake 35 min", "cool on a rack",
];
const revised = recipe
  .map((step) => (step === "320 ml water" ? "340 ml water" : step))
  .flatMap((step) => (step.startsWith("bake") ? ["steam the oven", step] : [step]));

console.log("--- recipe.old\n+++ recipe.new");
for (const hunk of toHunks(compare(recipe, revised), 2)) console.log(formatHunk(hunk));
