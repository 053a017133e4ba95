/**
 * Weighted autocompletion on a prefix tree.
 *
 * Every node knows the greatest weight anywhere below it, so the search for the best
 * completions follows the most promising branch first and stops once it has enough.
 */

export interface Completion {
  word: string;
  weight: number;
}

class TrieNode {
  readonly children = new Map<string, TrieNode>();
  weight?: number;
  best = 0;
}

type Candidate =
  | { kind: "subtree"; bound: number; word: string; node: TrieNode }
  | { kind: "word"; bound: number; word: string };

export class Autocomplete {
  private readonly root = new TrieNode();

  constructor(lexicon: Readonly<Record<string, number>> = {}) {
    Object.entries(lexicon).forEach(([word, weight]) => this.learn(word, weight));
  }

  learn(word: string, weight: number): void {
    if (weight <= 0) throw new RangeError(`weight of "${word}" must be positive`);
    const path = [this.root];
    let node = this.root;
    for (const letter of word) {
      let child = node.children.get(letter);
      if (child === undefined) {
        child = new TrieNode();
        node.children.set(letter, child);
      }
      path.push((node = child));
    }
    const total = (node.weight ?? 0) + weight;
    node.weight = total;
    for (const ancestor of path) ancestor.best = Math.max(ancestor.best, total);
  }

  complete(prefix: string, limit = 3): Completion[] {
    const start = this.locate(prefix);
    const frontier: Candidate[] = start
      ? [{ kind: "subtree", bound: start.best, word: prefix, node: start }]
      : [];
    const completions: Completion[] = [];
    while (completions.length < limit) {
      const candidate = takeBest(frontier);
      if (candidate === undefined) break;
      if (candidate.kind === "word") {
        completions.push({ word: candidate.word, weight: candidate.bound });
        continue;
      }
      const { node, word } = candidate;
      if (node.weight !== undefined) frontier.push({ kind: "word", bound: node.weight, word });
      for (const [letter, child] of node.children) {
        frontier.push({ kind: "subtree", bound: child.best, word: word + letter, node: child });
      }
    }
    return completions;
  }

  private locate(prefix: string): TrieNode | undefined {
    let node: TrieNode | undefined = this.root;
    for (const letter of prefix) node = node?.children.get(letter);
    return node;
  }
}

function takeBest(frontier: Candidate[]): Candidate | undefined {
  // Few candidates are ever open at once, sorting the array is quick enough.
  frontier.sort((a, b) => a.bound - b.bound || b.word.localeCompare(a.word));
  return frontier.pop();
}

const tree = new Autocomplete({
  tea: 50, team: 35, teapot: 12, teal: 8, ten: 40, tent: 22, tension: 9, inn: 30, ink: 27, inlet: 14,
});
const show = (prefix: string, limit?: number): string =>
  tree.complete(prefix, limit).map((c) => `${c.word}=${c.weight}`).join(", ") || "none";

console.log(["te", "tea", "in", "x"].map((prefix) => `${prefix}: ${show(prefix)}`).join("\n"));
tree.learn("teapot", 45);
console.log(`after the tea party: ${show("te", 1)}`);
