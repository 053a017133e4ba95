import assert from "node:assert/strict";
import test from "node:test";

import { Life, PATTERNS } from "./game-of-life.js";

const sorted = (cells) => [...cells].map(String).sort();

test("a glider travels one cell down and right in four generations", () => {
  const glider = Life.fromRows(PATTERNS.glider);
  const expected = [...glider].map(([x, y]) => [x + 1, y + 1]);
  assert.deepEqual(sorted(glider.advance(4)), sorted(expected));
});

test("still lifes stay and blinkers blink", () => {
  const block = Life.fromRows(["OO", "OO"]);
  assert.deepEqual(sorted(block.next()), sorted(block));
  const upright = Life.fromRows(["OOO"]).next();
  assert.deepEqual(sorted(upright), ["1,-1", "1,0", "1,1"]);
});

test("render draws only the window", () => {
  assert.equal(Life.fromRows(PATTERNS.glider).render(4, 3), ".O..\n..O.\nOOO.");
});

test("a row with other marks is refused", () => {
  assert.throws(() => Life.fromRows([".x."]), SyntaxError);
});
