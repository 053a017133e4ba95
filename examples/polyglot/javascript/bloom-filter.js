/** Bloom filter for strings, using two differently seeded 32-bit FNV-1a hashes. */

const FNV_PRIME = 0x01000193;
const FNV_BASIS = 0x811c9dc5;
const SECOND_BASIS = 0x9747b28c;

const utf8 = new TextEncoder();

export function fnv1a(text, basis = FNV_BASIS) {
  let hash = basis;
  for (const byte of utf8.encode(text)) {
    hash = Math.imul(hash ^ byte, FNV_PRIME);
  }
  return hash >>> 0;
}

export class BloomFilter {
  #words;
  #bitCount;
  #hashCount;
  #size = 0;

  constructor(bitCount, hashCount) {
    this.#bitCount = bitCount;
    this.#hashCount = hashCount;
    this.#words = new Uint32Array(Math.ceil(bitCount / 32));
  }

  /** Chooses the number of bits and hashes for `capacity` items at the wanted error rate. */
  static withCapacity(capacity, errorRate = 0.01) {
    const bitCount = Math.ceil((-capacity * Math.log(errorRate)) / Math.LN2 ** 2);
    const hashCount = Math.max(1, Math.round((bitCount / capacity) * Math.LN2));
    return new BloomFilter(bitCount, hashCount);
  }

  *#slots(item) {
    const start = fnv1a(item);
    const stride = fnv1a(item, SECOND_BASIS) | 1;
    for (let i = 0; i < this.#hashCount; i++) {
      const index = (start + i * (stride >>> 0)) % this.#bitCount;
      yield [index >>> 5, 1 << (index & 31)];
    }
  }

  add(item) {
    for (const [word, mask] of this.#slots(item)) {
      this.#words[word] |= mask;
    }
    this.#size += 1;
    return this;
  }

  has(item) {
    for (const [word, mask] of this.#slots(item)) {
      if ((this.#words[word] & mask) === 0) return false;
    }
    return true;
  }

  get falsePositiveRate() {
    const expectedFill = 1 - Math.exp((-this.#hashCount * this.#size) / this.#bitCount);
    return expectedFill ** this.#hashCount;
  }

  toString() {
    return `BloomFilter(${this.#bitCount} bits, ${this.#hashCount} hashes, ${this.#size} items)`;
  }
}

const spotted = ['sparrow', 'heron', 'kestrel', 'avocet', 'plover', 'dunnock', 'wigeon', 'bittern'];
const sightings = BloomFilter.withCapacity(spotted.length);
spotted.forEach((bird) => sightings.add(bird));

console.log(String(sightings));
console.log(`fnv1a("foobar") = ${fnv1a('foobar').toString(16)}`); // bf9cf968
console.log('missing birds:', spotted.filter((bird) => !sightings.has(bird)));
for (const bird of ['penguin', 'ostrich', 'toucan', 'flamingo']) {
  console.log(`${bird}: ${sightings.has(bird) ? 'perhaps' : 'definitely not'}`);
}
console.log(`false positive estimate: ${(100 * sightings.falsePositiveRate).toFixed(2)}%`);
