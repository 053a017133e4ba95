import { strictEqual, deepStrictEqual, ok } from "node:assert";
import { test } from "node:test";

import { Invoice, percentage, sample, tierFor, type VatSummary } from "./tax-invoice.js";

test("percentage rounds half up", () => {
  strictEqual(percentage(10, 5), 1);
  strictEqual(percentage(13999, 5), 700);
});

test("tiers start at their threshold", () => {
  const cases: Array<[subtotal: number, percent: number]> = [
    [0, 0],
    [19999, 0],
    [20000, 2],
    [50000, 5],
    [250000, 10],
  ];
  for (const [subtotal, percent] of cases) strictEqual(tierFor(subtotal), percent);
});

test("sample invoice", () => {
  const expected: VatSummary[] = [
    { category: "standard", net: 47310, tax: 9462 },
    { category: "zero", net: 10545, tax: 0 },
    { category: "reduced", net: 13299, tax: 665 },
  ];
  deepStrictEqual(sample.vatSummary, expected);
  strictEqual(sample.total, 81281);
  ok(sample.toString().endsWith("812.81"));
});

test("an invoice without lines costs nothing", () => {
  strictEqual(new Invoice("void", []).total, 0);
});
