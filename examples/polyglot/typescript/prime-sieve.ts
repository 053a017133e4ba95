/** Prime numbers: a segmented sieve, twin primes, prime factors. */

export type Twin = readonly [smaller: number, larger: number];

export interface PrimePower {
  prime: number;
  exponent: number;
}

/** One window of the number line, crossed off by the base primes. */
class Segment {
  private readonly crossed: Uint8Array;

  constructor(readonly start: number, readonly end: number) {
    this.crossed = new Uint8Array(end - start);
  }

  crossOff(prime: number): void {
    const first = Math.ceil(this.start / prime) * prime;
    for (let m = Math.max(prime * prime, first); m < this.end; m += prime) {
      this.crossed[m - this.start] = 1;
    }
  }

  survivors(): number[] {
    const found: number[] = [];
    this.crossed.forEach((flag, offset) => {
      if (flag === 0) found.push(this.start + offset);
    });
    return found;
  }
}

export class PrimeSieve implements Iterable<number> {
  constructor(
    private readonly low: number,
    private readonly high: number,
    private readonly segmentSize: number = 32_768,
  ) {
    if (segmentSize < 2) throw new RangeError("segment too small");
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    if (this.high < 2) return;
    const base = PrimeSieve.upTo(Math.floor(Math.sqrt(this.high)));
    for (let start = Math.max(2, this.low); start <= this.high; start += this.segmentSize) {
      const segment = new Segment(start, Math.min(start + this.segmentSize, this.high + 1));
      base.forEach((prime) => segment.crossOff(prime));
      yield* segment.survivors();
    }
  }

  /** Base primes, by recursion on the square root of the limit. */
  static upTo(limit: number): number[] {
    if (limit < 2) return [];
    const whole = new Segment(2, limit + 1);
    PrimeSieve.upTo(Math.floor(Math.sqrt(limit))).forEach((p) => whole.crossOff(p));
    return whole.survivors();
  }

  twins(): Twin[] {
    const all = [...this];
    return all.flatMap((p, i): Twin[] => (all[i + 1] === p + 2 ? [[p, p + 2]] : []));
  }
}

export function factorise(n: number): PrimePower[] {
  if (!Number.isSafeInteger(n) || n <= 0) throw new RangeError(`not a positive integer: ${n}`);
  const powers: PrimePower[] = [];
  let remaining = n;
  for (let prime = 2; prime * prime <= remaining; prime += 1) {
    let exponent = 0;
    for (; remaining % prime === 0; remaining /= prime) exponent += 1;
    if (exponent > 0) powers.push({ prime, exponent });
  }
  return remaining > 1 ? [...powers, { prime: remaining, exponent: 1 }] : powers;
}

function report(): void {
  console.log("primes up to 200000:", [...new PrimeSieve(2, 200_000)].length);
  for (const [p, q] of new PrimeSieve(10_000, 10_500).twins()) console.log(`  twin ${p} ${q}`);
  for (const n of [600_851_475_143, 9_699_690, 1_001_001, 65_536]) {
    const text = factorise(n).map(({ prime, exponent }) => `${prime}^${exponent}`);
    console.log(n, "=", text.join(" "));
  }
}

if (process.argv[1]?.match(/prime-sieve\.[jt]s$/)) report();
