import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { BigInteger } from "./big-integer.js";

interface BinaryCase {
  left: string;
  right: string;
  expected: string;
}

describe("BigInteger", () => {
  const sums: BinaryCase[] = [
    { left: "99999999999999999999", right: "1", expected: "100000000000000000000" },
    { left: "0", right: "0", expected: "0" },
    { left: "58", right: "67", expected: "125" },
  ];
  for (const { left, right, expected } of sums) {
    test(`${left} + ${right}`, () => {
      assert.equal(BigInteger.from(left).plus(BigInteger.from(right)).toString(), expected);
    });
  }

  test("long multiplication", () => {
    const product = BigInteger.from("123456789123456789").times(BigInteger.from("987654321987654321"));
    assert.equal(`${product}`, "121932631356500531347203169112635269");
  });

  test("factorials", () => {
    assert.equal(`${BigInteger.factorial(0)}`, "1");
    assert.equal(`${BigInteger.factorial(30)}`, "265252859812191058636308480000000");
  });

  test("comparison ignores leading zeros", () => {
    assert.equal(BigInteger.from("0099").compare(BigInteger.from(99)), 0);
    assert.equal(BigInteger.from(99).compare(BigInteger.from(100)), -1);
  });

  test("negative input is a TypeError", () => {
    assert.throws(() => BigInteger.from(-3), TypeError);
  });
});
