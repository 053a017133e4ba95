/**
 * Segmented prime sieve as a generator, with helpers for twin primes and factorisation.
 */
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

const SEGMENT_LENGTH = 32768;

function simpleSieve(limit) {
  const composite = new Uint8Array(limit + 1);
  const primes = [];
  for (let n = 2; n <= limit; n++) {
    if (composite[n]) continue;
    primes.push(n);
    for (let m = n * n; m <= limit; m += n) composite[m] = 1;
  }
  return primes;
}

/** Yields the primes in [from, to] without ever sieving more than one segment. */
export function* primes(from, to) {
  const base = simpleSieve(Math.floor(Math.sqrt(Math.max(to, 0))));
  const segment = new Uint8Array(SEGMENT_LENGTH);

  for (let low = Math.max(from, 2); low <= to; low += SEGMENT_LENGTH) {
    const high = Math.min(low + SEGMENT_LENGTH - 1, to);
    segment.fill(1);
    for (const p of base) {
      if (p * p > high) break;
      let multiple = Math.max(p * p, Math.ceil(low / p) * p);
      for (; multiple <= high; multiple += p) segment[multiple - low] = 0;
    }
    for (let n = low; n <= high; n++) {
      if (segment[n - low]) yield n;
    }
  }
}

export function countPrimes(limit) {
  let count = 0;
  for (const _ of primes(2, limit)) count += 1;
  return count;
}

export function* twinPrimes(from, to) {
  let previous = NaN;
  for (const prime of primes(from, to)) {
    if (prime - previous === 2) yield [previous, prime];
    previous = prime;
  }
}

/** @returns {Map<number, number>} prime -> exponent */
export function factorise(n) {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new RangeError(`cannot factorise ${n}`);
  }
  const factors = new Map();
  let rest = n;
  const divideOut = (p) => {
    while (rest % p === 0) {
      factors.set(p, (factors.get(p) ?? 0) + 1);
      rest /= p;
    }
  };
  divideOut(2);
  divideOut(3);
  for (let k = 5; k * k <= rest; k += 6) {
    divideOut(k);
    divideOut(k + 2);
  }
  if (rest > 1) factors.set(rest, 1);
  return factors;
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  console.log(`pi(200000) = ${countPrimes(200_000)}`);
  console.log('twin primes:', [...twinPrimes(10_000, 10_500)].map((pair) => pair.join('/')).join(' '));
  for (const n of [600851475143, 9699690, 1001001, 65536]) {
    const terms = Array.from(factorise(n), ([p, e]) => (e > 1 ? `${p}^${e}` : `${p}`));
    console.log(`${n} = ${terms.join(' * ')}`);
  }
}
