/** Roman numerals as a branded type: a `Roman` can only come from this module, so it is always valid. */

declare const brand: unique symbol;
export type Roman = string & { readonly [brand]: "Roman" };

const symbols = [
  ["M", 1000],
  ["CM", 900],
  ["D", 500],
  ["CD", 400],
  ["C", 100],
  ["XC", 90],
  ["L", 50],
  ["XL", 40],
  ["X", 10],
  ["IX", 9],
  ["V", 5],
  ["IV", 4],
  ["I", 1],
] as const;

type Letter = "I" | "V" | "X" | "L" | "C" | "D" | "M";

const letterValues: Readonly<Record<Letter, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };

export function toRoman(n: number): Roman {
  if (!Number.isInteger(n) || n < 1 || n > 3999) {
    throw new RangeError(`${n} is not a whole number from 1 to 3999`);
  }
  const build = (rest: number): string => {
    const largest = symbols.find(([, value]) => value <= rest);
    return largest ? largest[0] + build(rest - largest[1]) : "";
  };
  return build(n) as Roman;
}

/** Narrows a string, as in `if (isRoman(input)) show(toNumber(input))`. */
export function isRoman(text: string): text is Roman {
  return text !== "" && /^M{0,3}(C[MD]|D?C{0,3})(X[CL]|L?X{0,3})(I[XV]|V?I{0,3})$/.test(text);
}

export function toNumber(numeral: Roman): number {
  let total = 0;
  let highest = 0;
  for (const letter of [...numeral].reverse()) {
    const value = letterValues[letter as Letter];
    total += value < highest ? -value : value;
    highest = Math.max(highest, value);
  }
  return total;
}

export function parseRoman(text: string): number | undefined {
  const candidate = text.trim().toUpperCase();
  return isRoman(candidate) ? toNumber(candidate) : undefined;
}

export interface HourMark {
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

/** Where to paint the hours on a clock face; four is IIII there, against the rule. */
export function clockFace(radius: number): HourMark[] {
  return Array.from({ length: 12 }, (_, index) => {
    const hour = index + 1;
    const angle = (hour / 6) * Math.PI;
    return {
      label: hour === 4 ? "IIII" : toRoman(hour),
      x: Math.round(2 * radius * (1 + Math.sin(angle))),
      y: Math.round(radius * (1 - Math.cos(angle))),
    };
  });
}

export function drawClockFace(radius = 6): string {
  const marks = clockFace(radius);
  const rows = Array.from({ length: 2 * radius + 1 }, (_, y) =>
    marks
      .filter((mark) => mark.y === y)
      .sort((a, b) => a.x - b.x)
      .reduce((row, { label, x }) => row.padEnd(x + 2 - Math.floor(label.length / 2)) + label, ""));
  return rows.join("\n");
}
