import test from "node:test";
import assert from "node:assert/strict";

import { align, drawAlignment, levenshtein, suggest } from "./edit-distance.js";

const DISTANCES = [
  ["kitten", "sitting", 3],
  ["saturday", "sunday", 3],
  ["flaw", "lawn", 2],
  ["", "rhythm", 6],
  ["library", "library", 0],
];

test("levenshtein and align agree on the distance", async (t) => {
  for (const [source, target, expected] of DISTANCES) {
    await t.test(`"${source}" to "${target}"`, () => {
      assert.equal(levenshtein(source, target), expected);
      assert.equal(align(source, target).cost, expected);
    });
  }
});

test("an alignment without its gaps spells both words", () => {
  const [top, , bottom] = drawAlignment(align("saturday", "sunday").columns).split("\n");
  assert.equal(top.length, bottom.length);
  assert.equal(top.replaceAll("-", ""), "saturday");
  assert.equal(bottom.replaceAll("-", ""), "sunday");
});

test("suggestions stay within the tolerance", () => {
  assert.deepEqual(suggest("libary"), ["library"]);
  assert.deepEqual(suggest("definately", { tolerance: 0 }), []);
  assert.deepEqual(suggest("xylophone"), []);
});
