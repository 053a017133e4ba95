import assert from "node:assert/strict";
import { test } from "node:test";

import { Deck, evaluate } from "./card-deck-poker.js";

const hand = (text) => evaluate(text.split(" "));

const ranking = [
  ["TH JH QH KH AH", "straight flush"],
  ["9C 9D 9H 9S 2C", "four of a kind"],
  ["3S 3D 3C KH KD", "full house"],
  ["2H 5H 9H JH KH", "flush"],
  ["AS 2D 3C 4H 5S", "straight"],
  ["7S 7D 7C QH 2S", "three of a kind"],
  ["4S 4D JC JH AS", "two pair"],
  ["8S 8D 2C 5H KS", "pair"],
  ["AH QD 9C 6S 3H", "high card"],
];

for (const [cards, category] of ranking) {
  test(`${cards} is a ${category}`, () => assert.equal(hand(cards).category, category));
}

test("each category beats the next", () => {
  const scores = ranking.map(([cards]) => hand(cards).score);
  assert.deepEqual(scores, [...scores].sort((a, b) => b - a));
});

test("kickers break ties, and the ace is low in the wheel", () => {
  assert.ok(hand("8S 8D 2C 5H KS").score > hand("8C 8H 2S 5D QS").score);
  assert.ok(hand("AS 2D 3C 4H 5S").score < hand("2S 3D 4C 5H 6S").score);
});

test("dealing shrinks the deck and seeds repeat", () => {
  const deck = new Deck(1).shuffle();
  assert.deepEqual(deck.deal(5), new Deck(1).shuffle().deal(5));
  assert.equal(deck.size, 47);
});
