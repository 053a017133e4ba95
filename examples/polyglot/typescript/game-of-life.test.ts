import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { glider, nextGeneration, parsePattern, PatternError, render } from "./game-of-life.js";
import type { Generation } from "./game-of-life.js";

const after = (seed: Generation, generations: number): Generation =>
  generations === 0 ? seed : after(nextGeneration(seed), generations - 1);

describe("game of life", () => {
  it("moves a glider diagonally every four generations", () => {
    const seed = parsePattern(glider);
    assert.deepEqual(render(after(seed, 4), 4, 4), ["....", "..O.", "...O", ".OOO"]);
  });

  it("leaves a block alone", () => {
    const block = parsePattern("OO\nOO");
    assert.deepEqual([...nextGeneration(block)].sort(), [...block].sort());
  });

  it("kills a lonely cell", () => {
    assert.equal(nextGeneration(parsePattern("O")).size, 0);
  });

  it("points at the mark it cannot read", () => {
    assert.throws(() => parsePattern("O.\n.x"), (error: unknown) =>
      error instanceof PatternError && error.mark === "x" && error.x === 1 && error.y === 1);
  });
});
