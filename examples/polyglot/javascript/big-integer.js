/**
 * Big natural numbers as plain arrays of limbs in base 10000, lowest limb first.
 * (The engine has BigInt; this shows what happens underneath.)
 */

const BASE = 10_000;
const LIMB_DIGITS = 4;

/** Parses decimal text, cutting it into four-digit limbs from the right. */
export function fromString(text) {
  if (!/^\d+$/.test(text)) throw new SyntaxError(`Cannot convert "${text}" to a big integer`);
  const limbs = [];
  for (let end = text.length; end > 0; end -= LIMB_DIGITS) {
    limbs.push(Number(text.slice(Math.max(0, end - LIMB_DIGITS), end)));
  }
  return trim(limbs);
}

export function toString(limbs) {
  const [top, ...rest] = [...limbs].reverse();
  return String(top) + rest.map((limb) => String(limb).padStart(LIMB_DIGITS, '0')).join('');
}

function trim(limbs) {
  while (limbs.length > 1 && limbs.at(-1) === 0) limbs.pop();
  return limbs;
}

/** Pushes every overflow up to the next limb; mutates and returns its argument. */
function propagate(limbs) {
  let carry = 0;
  for (let i = 0; i < limbs.length || carry > 0; i++) {
    const total = (limbs[i] ?? 0) + carry;
    limbs[i] = total % BASE;
    carry = Math.floor(total / BASE);
  }
  return trim(limbs);
}

export function add(a, b) {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  return propagate(long.map((limb, i) => limb + (short[i] ?? 0)));
}

export function multiply(a, b) {
  const columns = new Array(a.length + b.length).fill(0);
  a.forEach((x, i) => b.forEach((y, j) => {
    columns[i + j] += x * y;
  }));
  return propagate(columns);
}

export function factorial(n) {
  let product = [1];
  for (let k = 2; k <= n; k++) product = multiply(product, fromString(`${k}`));
  return product;
}

const group = (text) => text.replace(/\B(?=(\d{3})+$)/g, ' ');

export function demo(log = console.log) {
  const nines = fromString('99999999999999999999');
  log('sum      ', group(toString(add(nines, [1]))));

  const product = multiply(fromString('123456789123456789'), fromString('987654321987654321'));
  log('product  ', group(toString(product)));

  log('30!      ', group(toString(factorial(30))));
}

if (process.argv[1]?.endsWith('big-integer.js')) demo();
