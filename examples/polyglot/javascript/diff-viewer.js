// Unified line diff. `node diff-viewer.js OLD NEW` compares two files; without
// arguments two versions of a bread recipe are compared.

import { readFile } from 'node:fs/promises';

const CONTEXT = 2;

/** Pairs [i, j] of equal lines that form a longest common subsequence. */
function commonLines(a, b) {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i, j) => lengths[i * width + j];

  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }

  const pairs = [];
  for (let i = 0, j = 0; at(i, j) > 0; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** Everything between two common lines was removed or added. */
export function* diffLines(a, b) {
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...commonLines(a, b), [a.length, b.length]]) {
    while (i < nextI) yield { sign: '-', line: a[i], i: i++, j };
    while (j < nextJ) yield { sign: '+', line: b[j], i, j: j++ };
    if (i < a.length && j < b.length) yield { sign: ' ', line: a[i], i: i++, j: j++ };
  }
}

function groupHunks(edits, context) {
  const keep = new Set();
  edits.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    for (let near = index - context; near <= index + context; near += 1) keep.add(near);
  });

  const groups = [];
  let previousKept = false;
  edits.forEach((edit, index) => {
    const kept = keep.has(index);
    if (kept && !previousKept) groups.push([]);
    if (kept) groups.at(-1).push(edit);
    previousKept = kept;
  });
  return groups;
}

const range = (start, count) => `${count === 0 ? start : start + 1},${count}`;

function renderHunk(hunk) {
  const oldCount = hunk.filter(({ sign }) => sign !== '+').length;
  const newCount = hunk.filter(({ sign }) => sign !== '-').length;
  const title = `@@ -${range(hunk[0].i, oldCount)} +${range(hunk[0].j, newCount)} @@`;
  return [title, ...hunk.map(({ sign, line }) => sign + line)];
}

export function unifiedDiff(oldText, newText, { from = 'old', to = 'new', context = CONTEXT } = {}) {
  const edits = [...diffLines(oldText.split('\n'), newText.split('\n'))];
  const body = groupHunks(edits, context).flatMap(renderHunk);
  return body.length ? [`--- ${from}`, `+++ ${to}`, ...body].join('\n') : '';
}

const recipe = [
  ...['Rye loaf', '500 g flour', '320 ml water', '9 g salt', '3 g yeast', 'knead 10 min'],
  ...['rest 60 min', 'shape', 'proof 30 min', 'score the top', 'bake 35 min', 'cool on a rack'],
].join('\n');

const [oldPath, newPath] = process.argv.slice(2);
if (oldPath && newPath) {
  const [before, after] = await Promise.all([oldPath, newPath].map((path) => readFile(path, 'utf8')));
  console.log(unifiedDiff(before, after, { from: oldPath, to: newPath }));
} else {
  const revised = recipe.replace('320 ml', '340 ml').replace('bake', 'steam the oven\nbake');
  console.log(unifiedDiff(recipe, revised, { from: 'recipe.old', to: 'recipe.new' }));
}
