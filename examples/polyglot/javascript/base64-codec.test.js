import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { decode, decodeText, encode, encodeText, findProblem } from './base64-codec.js';

describe('base64 codec', () => {
  const vectors = [
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
    ['Many hands make light work.', 'TWFueSBoYW5kcyBtYWtlIGxpZ2h0IHdvcmsu'],
  ];

  for (const [plain, encoded] of vectors) {
    it(`round-trips "${plain}"`, () => {
      assert.equal(encodeText(plain), encoded);
      assert.equal(decodeText(encoded), plain);
    });
  }

  it('keeps every byte value', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    assert.deepEqual(decode(encode(bytes)), bytes);
  });

  for (const bad of ['Zg=', 'Zg=a', 'Zh==', 'Z===', 'Zm9*', 'Zg==Zg==']) {
    it(`rejects ${bad}`, () => assert.throws(() => decode(bad), SyntaxError));
  }

  it('says where a stray symbol is', () => {
    assert.equal(findProblem('Zm9*'), 'invalid symbol "*" at 3');
  });
});
