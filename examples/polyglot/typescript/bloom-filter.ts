/**
 * Bloom filter sized from an expected item count and an accepted false-positive rate.
 * Positions are derived by double hashing from a 64-bit FNV-1a digest.
 */

const FNV_OFFSET_BASIS = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

function fnv1a64(bytes: Uint8Array): bigint {
  let hash = FNV_OFFSET_BASIS;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  return hash;
}

class BitArray {
  private readonly cells: Uint8Array;

  constructor(readonly length: number) {
    this.cells = new Uint8Array((length + 7) >> 3);
  }

  set(index: number): void {
    this.cells[index >> 3] |= 1 << (index & 7);
  }

  test(index: number): boolean {
    return (this.cells[index >> 3] & (1 << (index & 7))) !== 0;
  }

  popCount(): number {
    let count = 0;
    for (let cell of this.cells) {
      for (; cell !== 0; cell &= cell - 1) count++;
    }
    return count;
  }
}

export interface BloomOptions {
  expectedItems: number;
  falsePositiveRate?: number;
}

export class BloomFilter {
  readonly hashCount: number;
  private readonly bits: BitArray;
  private readonly encoder = new TextEncoder();

  constructor({ expectedItems, falsePositiveRate = 0.01 }: BloomOptions) {
    const bitCount = Math.ceil((expectedItems * -Math.log(falsePositiveRate)) / Math.LN2 ** 2);
    this.bits = new BitArray(bitCount);
    this.hashCount = Math.max(1, Math.round((bitCount * Math.LN2) / expectedItems));
  }

  private positions(item: string): number[] {
    const digest = fnv1a64(this.encoder.encode(item));
    const start = Number(digest >> 32n);
    const stride = Number(BigInt.asUintN(32, digest)) || 1;
    return Array.from({ length: this.hashCount }, (_, i) => (start + i * stride) % this.bits.length);
  }

  add(...items: readonly string[]): void {
    for (const item of items) {
      this.positions(item).forEach((position) => this.bits.set(position));
    }
  }

  mightContain(item: string): boolean {
    return this.positions(item).every((position) => this.bits.test(position));
  }

  /** The chance that an absent item finds all of its bits set. */
  estimateFalsePositiveRate(): number {
    return (this.bits.popCount() / this.bits.length) ** this.hashCount;
  }

  describe(): string {
    return `${this.bits.popCount()} of ${this.bits.length} bits set, ${this.hashCount} hashes per item`;
  }
}

const spotted = ["sparrow", "heron", "kestrel", "avocet", "plover", "dunnock", "wigeon", "bittern"] as const;
const strangers = ["penguin", "ostrich", "toucan", "flamingo"] as const;

const filter = new BloomFilter({ expectedItems: spotted.length });
filter.add(...spotted);

console.log(filter.describe());
console.log("no false negatives:", spotted.every((bird) => filter.mightContain(bird)));
console.log("false positives:", strangers.filter((bird) => filter.mightContain(bird)));
console.log("estimated rate:", filter.estimateFalsePositiveRate().toFixed(4));
