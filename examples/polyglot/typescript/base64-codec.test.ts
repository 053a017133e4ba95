import assert from "node:assert/strict";
import test from "node:test";

import { base64, base64url, Base64Error, type Base64Fault } from "./base64-codec.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the vectors of RFC 4648", () => {
  const expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
  expected.forEach((encoded, length) => {
    const plain = bytes("foobar".slice(0, length));
    assert.equal(base64.encode(plain), encoded);
    assert.deepEqual(base64.decode(encoded), plain);
  });
});

test("the proverb", () => {
  const encoded = base64.encode(bytes("Many hands make light work."));
  assert.equal(encoded, "TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsu");
});

test("the URL alphabet avoids plus and slash", () => {
  assert.equal(base64url.encode(Uint8Array.of(0xfb, 0xff, 0xfe)), "-__-");
});

const faults: Array<[string, Base64Fault]> = [
  ["Zg=", "length"],
  ["Zg=a", "padding"],
  ["Zh==", "trailing-bits"],
  ["Z===", "padding"],
  ["Zm9*", "symbol"],
  ["Zg==Zg==", "padding"],
];

for (const [text, fault] of faults) {
  test(`${text} is refused because of its ${fault}`, () => {
    assert.throws(
      () => base64.decode(text),
      (error: unknown) => error instanceof Base64Error && error.fault === fault,
    );
  });
}
