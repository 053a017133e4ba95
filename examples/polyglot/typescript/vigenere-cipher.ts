/**
 * Vigenere cipher on A-Z. Case is kept, other characters are left alone, and the length of
 * an unknown key is guessed from the distances between repeated trigrams.
 */

type Direction = "encrypt" | "decrypt";

const ALPHABET_SIZE = 26;

function letterIndex(char: string): number | undefined {
  const index = char.toLowerCase().charCodeAt(0) - 97;
  return index >= 0 && index < ALPHABET_SIZE ? index : undefined;
}

function* keyStream(keyword: string): Generator<number, never> {
  const shifts = [...keyword].map(letterIndex).filter((shift): shift is number => shift !== undefined);
  if (shifts.length === 0) throw new Error(`"${keyword}" holds no letters to use as a key`);
  for (;;) yield* shifts;
}

export function vigenere(text: string, keyword: string, direction: Direction): string {
  const shifts = keyStream(keyword);
  const sign = direction === "encrypt" ? 1 : -1;
  let output = "";
  for (const char of text) {
    const index = letterIndex(char);
    if (index === undefined) {
      output += char;
      continue;
    }
    const shifted = (index + sign * shifts.next().value + ALPHABET_SIZE) % ALPHABET_SIZE;
    const base = char === char.toLowerCase() ? 97 : 65;
    output += String.fromCharCode(base + shifted);
  }
  return output;
}

interface Repeat {
  readonly trigram: string;
  readonly distance: number;
}

export function findRepeats(ciphertext: string): Repeat[] {
  const letters = ciphertext.toUpperCase().replace(/[^A-Z]+/g, "");
  const seenAt: Record<string, number> = {};
  const repeats: Repeat[] = [];
  for (let position = 0; position + 3 <= letters.length; position++) {
    const trigram = letters.slice(position, position + 3);
    const previous: number | undefined = seenAt[trigram];
    if (previous !== undefined) repeats.push({ trigram, distance: position - previous });
    seenAt[trigram] = position;
  }
  return repeats;
}

export function guessKeyLength(ciphertext: string, longest = 12): number | undefined {
  const repeats = findRepeats(ciphertext);
  let winner: { length: number; votes: number } | undefined;
  for (let length = longest; length >= 2; length--) {
    const votes = repeats.filter(({ distance }) => distance % length === 0).length;
    if (votes > (winner?.votes ?? 0)) winner = { length, votes };
  }
  return winner?.length;
}

const keyword = "Lemon";
const plaintext =
  "The convoy leaves the harbour at dawn, when the tide turns. " +
  "The convoy follows the lighthouse until the harbour pilot leaves the convoy.";
const ciphertext = vigenere(plaintext, keyword, "encrypt");

console.log(vigenere("Attack at dawn", keyword, "encrypt")); // Lxfopv ef rnhr
console.log(ciphertext);
console.log(vigenere(ciphertext, keyword, "decrypt") === plaintext);
console.log(findRepeats(ciphertext).map(({ trigram, distance }) => `${trigram}+${distance}`).join(" "));
console.log(`guessed key length: ${guessKeyLength(ciphertext) ?? "unknown"}`);
