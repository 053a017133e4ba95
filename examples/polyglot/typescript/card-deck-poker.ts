/**
 * Card deck and poker hand classifier. Cards are template-literal types, so "TH" is checked by
 * the compiler while "1X" does not even build.
 */

const ranks = ["2", "3", "4", "5", "6", "7", "8", "9", "T", "J", "Q", "K", "A"] as const;
const suits = ["C", "D", "H", "S"] as const;

type Rank = (typeof ranks)[number];
type Suit = (typeof suits)[number];
export type Card = `${Rank}${Suit}`;
export type Hand = readonly [Card, Card, Card, Card, Card];

export enum Category {
  HighCard,
  Pair,
  TwoPair,
  ThreeOfAKind,
  Straight,
  Flush,
  FullHouse,
  FourOfAKind,
  StraightFlush,
}

export interface Value {
  readonly category: Category;
  readonly tieBreak: readonly number[];
}

const rankOf = (card: Card): number => ranks.indexOf(card.charAt(0) as Rank) + 2;

export function classify(hand: Hand): Value {
  const tally = new Map<number, number>();
  hand.map(rankOf).forEach((rank) => tally.set(rank, (tally.get(rank) ?? 0) + 1));
  const ordered = [...tally.entries()].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  const tieBreak = ordered.map(([rank]) => rank);
  const [most = 0, second = 0] = ordered.map(([, count]) => count);
  if (most === 4) return { category: Category.FourOfAKind, tieBreak };
  if (most === 3) return { category: second === 2 ? Category.FullHouse : Category.ThreeOfAKind, tieBreak };
  if (most === 2) return { category: second === 2 ? Category.TwoPair : Category.Pair, tieBreak };
  return classifyDistinct(hand, tieBreak);
}

function classifyDistinct(hand: Hand, descending: readonly number[]): Value {
  const isWheel = descending.join(" ") === "14 5 4 3 2";
  const tieBreak = isWheel ? [5, 4, 3, 2, 1] : descending;
  const straight = tieBreak.every((rank, i) => i === 0 || rank === tieBreak[i - 1]! - 1);
  const flush = new Set(hand.map((card) => card.charAt(1))).size === 1;
  if (straight) return { category: flush ? Category.StraightFlush : Category.Straight, tieBreak };
  return { category: flush ? Category.Flush : Category.HighCard, tieBreak };
}

/** Negative when a loses to b, zero when the pot is split. */
export function compare(a: Value, b: Value): number {
  if (a.category !== b.category) return a.category - b.category;
  const difference = a.tieBreak.findIndex((rank, i) => rank !== b.tieBreak[i]);
  return difference < 0 ? 0 : a.tieBreak[difference]! - b.tieBreak[difference]!;
}

export function xorshift(seed: number): () => number {
  let x = seed | 0;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

export function shuffledDeck(random: () => number): Card[] {
  const deck = suits.flatMap((suit) => ranks.map((rank): Card => `${rank}${suit}`));
  for (let i = deck.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    const swapped = deck[i]!;
    deck[i] = deck[j]!;
    deck[j] = swapped;
  }
  return deck;
}

function isHand(cards: readonly Card[]): cards is Hand {
  return cards.length === 5;
}

function demo(): void {
  const deck = shuffledDeck(xorshift(772024));
  const results: { player: string; value: Value }[] = [];
  for (const player of ["North", "East", "South", "West"]) {
    const hand: readonly Card[] = deck.splice(0, 5);
    if (!isHand(hand)) throw new Error("the deck ran out");
    const value = classify(hand);
    console.log(player.padEnd(6), hand.join(" "), Category[value.category]);
    results.push({ player, value });
  }
  const best = results.reduce((a, b) => (compare(b.value, a.value) > 0 ? b : a));
  console.log(`the pot goes to ${best.player}`);
}

if (process.argv[1]?.match(/card-deck-poker\.[jt]s$/)) demo();
