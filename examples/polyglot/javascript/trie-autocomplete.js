// Autocomplete with a trie. Nodes are plain Maps from letter to node; the weight of a finished
// word hangs under a symbol so that it can never clash with a letter.

const WEIGHT = Symbol("weight");

/** Builds a trie from [word, weight] pairs. */
export function buildTrie(entries) {
  const root = new Map();
  for (const [word, weight] of entries) insert(root, word, weight);
  return root;
}

export function insert(root, word, weight = 1) {
  if (word === "") throw new TypeError("the empty word cannot be completed");
  let node = root;
  for (const letter of word) {
    if (!node.has(letter)) node.set(letter, new Map());
    node = node.get(letter);
  }
  node.set(WEIGHT, (node.get(WEIGHT) ?? 0) + weight);
}

/** Yields every word under the node, depth first. */
function* walk(node, spelled) {
  for (const [edge, below] of node) {
    if (edge === WEIGHT) yield { word: spelled, weight: below };
    else yield* walk(below, spelled + edge);
  }
}

export function complete(root, prefix, limit = 3) {
  const subtree = [...prefix].reduce((node, letter) => node?.get(letter), root);
  if (!subtree) return [];
  return [...walk(subtree, prefix)]
    .sort((a, b) => b.weight - a.weight || a.word.localeCompare(b.word))
    .slice(0, limit);
}

const lexicon = {
  tea: 50,
  team: 35,
  teapot: 12,
  teal: 8,
  ten: 40,
  tent: 22,
  tension: 9,
  inn: 30,
  ink: 27,
  inlet: 14,
};

const trie = buildTrie(Object.entries(lexicon));
for (const typed of ["te", "tea", "in", "x"]) {
  const words = complete(trie, typed).map(({ word, weight }) => `${word}*${weight}`);
  console.log(`${typed}|`, words.length > 0 ? words.join("  ") : "(nothing)");
}

insert(trie, "teapot", 45);
const [favourite] = complete(trie, "te");
console.log(`te| ${favourite.word} leads with ${favourite.weight} after the tea party`);
