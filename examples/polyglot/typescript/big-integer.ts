/**
 * Arbitrary-precision natural numbers: an immutable class over an array of decimal digits.
 */

type Digit = number;

export class BigInteger {
  static readonly ZERO = new BigInteger([]);
  static readonly ONE = new BigInteger([1]);

  /** Little-endian digits, never ending in a zero. */
  private readonly digits: readonly Digit[];

  private constructor(digits: readonly Digit[]) {
    let length = digits.length;
    while (length > 0 && digits[length - 1] === 0) length -= 1;
    this.digits = digits.slice(0, length);
  }

  static from(value: string | number): BigInteger {
    const text = String(value);
    if (!/^\d+$/.test(text)) {
      throw new TypeError(`"${text}" is not a natural number`);
    }
    return new BigInteger(Array.from(text, Number).reverse());
  }

  static factorial(n: number): BigInteger {
    return n < 2 ? BigInteger.ONE : BigInteger.factorial(n - 1).times(BigInteger.from(n));
  }

  plus(other: BigInteger): BigInteger {
    const width = Math.max(this.digits.length, other.digits.length);
    const sums = Array.from({ length: width }, (_, i) => this.digit(i) + other.digit(i));
    return BigInteger.normalise(sums);
  }

  times(other: BigInteger): BigInteger {
    return this.digits.reduce(
      (partial, digit, shift) => partial.plus(other.scaled(digit, shift)),
      BigInteger.ZERO,
    );
  }

  compare(other: BigInteger): -1 | 0 | 1 {
    const width = Math.max(this.digits.length, other.digits.length);
    for (let i = width - 1; i >= 0; i--) {
      const difference = this.digit(i) - other.digit(i);
      if (difference !== 0) return difference < 0 ? -1 : 1;
    }
    return 0;
  }

  toString(): string {
    return this.digits.length === 0 ? "0" : [...this.digits].reverse().join("");
  }

  private digit(place: number): Digit {
    return this.digits[place] ?? 0;
  }

  /** One line of a long multiplication: this * digit * 10^shift. */
  private scaled(digit: Digit, shift: number): BigInteger {
    const zeros = new Array<Digit>(shift).fill(0);
    return BigInteger.normalise([...zeros, ...this.digits.map((d) => d * digit)]);
  }

  private static normalise(columns: readonly number[]): BigInteger {
    const digits: Digit[] = [];
    let carry = 0;
    for (const column of columns) {
      const value = column + carry;
      digits.push(value % 10);
      carry = Math.trunc(value / 10);
    }
    for (; carry > 0; carry = Math.trunc(carry / 10)) digits.push(carry % 10);
    return new BigInteger(digits);
  }
}

function main(): void {
  const a = BigInteger.from("123456789123456789");
  const b = BigInteger.from("987654321987654321");
  const rows: Record<string, BigInteger> = {
    "99999999999999999999 + 1": BigInteger.from("99999999999999999999").plus(BigInteger.ONE),
    [`${a} * ${b}`]: a.times(b),
    "30!": BigInteger.factorial(30),
  };
  for (const [label, value] of Object.entries(rows)) {
    console.log(`${label} = ${value}`);
  }
}

if (/big-integer\.[jt]s$/.test(process.argv[1] ?? "")) main();
