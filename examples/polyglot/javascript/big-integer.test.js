import test from 'node:test';
import assert from 'node:assert';
import * as big from './big-integer.js';

const sum = (a, b) => big.toString(big.add(big.fromString(a), big.fromString(b)));
const product = (a, b) => big.toString(big.multiply(big.fromString(a), big.fromString(b)));

test('text survives a round trip', () => {
  for (const text of ['0', '7', '10000', '100000001', '31415926535897932384626']) {
    assert.strictEqual(big.toString(big.fromString(text)), text);
  }
});

test('addition carries all the way', () => {
  assert.strictEqual(sum('99999999999999999999', '1'), '100000000000000000000');
  assert.strictEqual(sum('1', '99999999999999999999'), '100000000000000000000');
});

test('multiplication agrees with BigInt', () => {
  const [a, b] = ['123456789123456789', '987654321987654321'];
  assert.strictEqual(product(a, b), String(BigInt(a) * BigInt(b)));
  assert.strictEqual(product(a, '0'), '0');
});

test('thirty factorial', () => {
  assert.strictEqual(big.toString(big.factorial(30)), '265252859812191058636308480000000');
});

test('signs and letters are syntax errors', () => {
  assert.throws(() => big.fromString('-1'), SyntaxError);
  assert.throws(() => big.fromString('0x1f'), SyntaxError);
});
