/**
 * Roman numerals from 1 (I) to 3999 (MMMCMXCIX).
 */

const PLACES = [
  ["", "M", "MM", "MMM"],
  ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"],
  ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"],
  ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"],
];

export function toRoman(number) {
  if (!Number.isInteger(number) || number < 1 || number > 3999) {
    throw new RangeError(`cannot write ${number} as a Roman numeral`);
  }
  const digits = String(number).padStart(4, "0");
  return PLACES.map((numerals, place) => numerals[digits[place]]).join("");
}

// One alternation for each decimal place, the longest numerals first.
const alternatives = (numerals) => `(${[...numerals].reverse().join("|")})`;
const CANONICAL = new RegExp(`^${PLACES.map(alternatives).join("")}$`);

export function fromRoman(numeral) {
  const match = CANONICAL.exec(numeral.toUpperCase());
  if (!match || numeral === "") throw new SyntaxError(`"${numeral}" is not a Roman numeral`);
  return PLACES.reduce((total, numerals, place) => total * 10 + numerals.indexOf(match[place + 1]), 0);
}

export const isRoman = (text) => text !== "" && CANONICAL.test(text.toUpperCase());

/** Hours as painted on a dial: IIII balances the VIII on the other side. */
export function* dialHours() {
  for (let hour = 1; hour <= 12; hour++) {
    yield hour === 4 ? "IIII" : toRoman(hour);
  }
}

/** The clock face as lines of text. */
export function clockFace(radius = 6) {
  const width = 4 * radius + 6;
  const canvas = Array.from({ length: 2 * radius + 1 }, () => Array(width).fill(" "));
  let angle = 0;
  for (const label of dialHours()) {
    angle += Math.PI / 6;
    const y = Math.round(radius - radius * Math.cos(angle));
    const x = Math.round(width / 2 + 2 * radius * Math.sin(angle) - label.length / 2);
    canvas[y].splice(x, label.length, ...label);
  }
  return canvas.map((cells) => cells.join("").trimEnd());
}
