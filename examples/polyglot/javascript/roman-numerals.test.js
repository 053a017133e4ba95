import assert from "node:assert/strict";
import test from "node:test";
import { clockFace, dialHours, fromRoman, isRoman, toRoman } from "./roman-numerals.js";

test("well-known years", () => {
  const years = { 44: "XLIV", 1066: "MLXVI", 1994: "MCMXCIV", 2024: "MMXXIV", 3999: "MMMCMXCIX" };
  for (const [year, numeral] of Object.entries(years)) {
    assert.equal(toRoman(Number(year)), numeral);
    assert.equal(fromRoman(numeral), Number(year));
  }
});

test("every number survives the round trip", () => {
  for (let n = 1; n <= 3999; n++) assert.equal(fromRoman(toRoman(n)), n);
});

test("malformed numerals are rejected", () => {
  for (const numeral of ["", "IIX", "VV", "MMMM", "IC", "ABC"]) {
    assert.equal(isRoman(numeral), false, numeral);
    assert.throws(() => fromRoman(numeral), SyntaxError);
  }
});

test("numbers out of range are rejected", () => {
  for (const number of [0, -7, 4000, 1.5, NaN]) {
    assert.throws(() => toRoman(number), RangeError);
  }
});

test("the clock face has twelve hours and a traditional four", () => {
  const labels = clockFace().join(" ").trim().split(/\s+/);
  assert.deepEqual(new Set(labels), new Set(dialHours()));
  assert.ok(labels.includes("IIII"));
  assert.ok(!labels.includes("IV"));
});
