/**
 * Poker with a deterministic deck: xorshift32 drives a Fisher-Yates shuffle, and hands are
 * compared through a single numeric score.
 */
import { pathToFileURL } from "node:url";

const RANKS = "23456789TJQKA";
const SUITS = "CDHS";

export const CATEGORIES = Object.freeze([
  "high card", "pair", "two pair", "three of a kind", "straight",
  "flush", "full house", "four of a kind", "straight flush",
]);

const SHAPES = new Map([
  ["41", "four of a kind"],
  ["32", "full house"],
  ["311", "three of a kind"],
  ["221", "two pair"],
  ["2111", "pair"],
]);

/** Cards are two-letter strings such as "TH"; the rank of a deuce is 2 and of an ace 14. */
const rankOf = (card) => RANKS.indexOf(card[0]) + 2;

function assertHand(cards) {
  const valid = cards.every((c) => c.length === 2 && RANKS.includes(c[0]) && SUITS.includes(c[1]));
  if (!valid || new Set(cards).size !== 5) throw new TypeError(`not a poker hand: ${cards.join(" ")}`);
}

/** Returns the category of a hand and a score: a higher score beats a lower one. */
export function evaluate(cards) {
  assertHand(cards);
  const counts = new Map();
  for (const rank of cards.map(rankOf)) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  const groups = [...counts].sort(([r1, n1], [r2, n2]) => n2 - n1 || r2 - r1);
  let ranks = groups.map(([rank]) => rank);
  let category = SHAPES.get(groups.map(([, n]) => n).join(""));

  if (category === undefined) {
    if (ranks.join() === "14,5,4,3,2") ranks = [5, 4, 3, 2, 1];
    const straight = ranks[0] - ranks[4] === 4;
    const flush = cards.every((c) => c[1] === cards[0][1]);
    category = [straight && "straight", flush && "flush"].filter(Boolean).join(" ") || "high card";
  }
  const digits = [CATEGORIES.indexOf(category), ...ranks, 0, 0, 0].slice(0, 6);
  return { category, score: digits.reduce((score, digit) => score * 15 + digit, 0) };
}

export class Deck {
  #cards = [...SUITS].flatMap((suit) => [...RANKS].map((rank) => rank + suit));
  #state;

  constructor(seed) {
    if (!Number.isInteger(seed) || seed === 0) throw new RangeError("xorshift needs a non-zero integer seed");
    this.#state = seed;
  }

  get size() {
    return this.#cards.length;
  }

  #random() {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }

  shuffle() {
    const cards = this.#cards;
    for (let i = cards.length - 1; i > 0; i -= 1) {
      const j = this.#random() % (i + 1);
      [cards[i], cards[j]] = [cards[j], cards[i]];
    }
    return this;
  }

  deal(count) {
    return this.#cards.splice(0, count);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const deck = new Deck(772024).shuffle();
  const table = ["North", "East", "South", "West"].map((player) => {
    const cards = deck.deal(5);
    return { player, cards, ...evaluate(cards) };
  });
  for (const { player, cards, category } of table) {
    console.log(`${player.padEnd(6)}${cards.join(" ")}  ${category}`);
  }
  table.sort((a, b) => b.score - a.score);
  console.log(`${table[0].player} wins with a ${table[0].category}`);
}
