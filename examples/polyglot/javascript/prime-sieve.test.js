import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { countPrimes, factorise, primes, twinPrimes } from './prime-sieve.js';

describe('prime sieve', () => {
  it('lists the primes below thirty', () => {
    assert.deepEqual([...primes(0, 30)], [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
  });

  it('counts across segment borders', () => {
    assert.equal(countPrimes(200_000), 17_984);
  });

  it('is empty for a backwards range', () => {
    assert.deepEqual([...primes(50, 40)], []);
  });

  it('finds twin primes', () => {
    const twins = [...twinPrimes(10_000, 10_500)];
    assert.equal(twins.length, 10);
    assert.deepEqual(twins.at(-1), [10_457, 10_459]);
  });
});

describe('factorise', () => {
  it('gives primes with their exponents', () => {
    assert.deepEqual([...factorise(65_536)], [[2, 16]]);
    assert.deepEqual([...factorise(600851475143).keys()], [71, 839, 1471, 6857]);
  });

  it('refuses zero and fractions', () => {
    assert.throws(() => factorise(0), RangeError);
    assert.throws(() => factorise(2.5), RangeError);
  });
});
