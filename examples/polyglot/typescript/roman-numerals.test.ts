import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clockFace, drawClockFace, isRoman, parseRoman, toNumber, toRoman } from "./roman-numerals.js";

const known: ReadonlyArray<readonly [number, string]> = [
  [44, "XLIV"],
  [1066, "MLXVI"],
  [1994, "MCMXCIV"],
  [2024, "MMXXIV"],
  [3999, "MMMCMXCIX"],
];

describe("Roman numerals", () => {
  for (const [number, numeral] of known) {
    it(`writes ${number} as ${numeral}`, () => {
      assert.equal(toRoman(number), numeral);
      assert.equal(parseRoman(numeral.toLowerCase()), number);
    });
  }

  it("survives the round trip", () => {
    for (let n = 1; n <= 3999; n++) assert.equal(toNumber(toRoman(n)), n);
  });

  it("rejects malformed numerals", () => {
    assert.deepEqual(["", "IIX", "VV", "MMMM", "IC", "ABC"].filter(isRoman), []);
    assert.equal(parseRoman("IIX"), undefined);
  });

  it("rejects numbers out of range", () => {
    assert.throws(() => toRoman(0), RangeError);
    assert.throws(() => toRoman(4000), RangeError);
  });
});

describe("clock face", () => {
  it("puts twelve on top and six at the bottom", () => {
    const marks = new Map(clockFace(6).map((mark) => [mark.label, mark]));
    assert.equal(marks.get("XII")?.y, 0);
    assert.equal(marks.get("VI")?.y, 12);
    assert.ok(drawClockFace().includes("IIII"));
  });
});
