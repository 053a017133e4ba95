"""A deck of cards shuffled by our own xorshift generator, and a classifier for poker hands."""

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import Iterator

RANKS = "23456789TJQKA"
SUITS = "CDHS"


class Category(IntEnum):
    HIGH_CARD = 0
    PAIR = 1
    TWO_PAIR = 2
    THREE_OF_A_KIND = 3
    STRAIGHT = 4
    FLUSH = 5
    FULL_HOUSE = 6
    FOUR_OF_A_KIND = 7
    STRAIGHT_FLUSH = 8

    def __str__(self) -> str:
        return self.name.replace("_", " ").lower()


@dataclass(frozen=True)
class Card:
    rank: int
    suit: str

    @classmethod
    def parse(cls, text: str) -> "Card":
        rank, suit = text
        if suit not in SUITS:
            raise ValueError(f"{text!r} has no known suit")
        return cls(RANKS.index(rank) + 2, suit)

    def __str__(self) -> str:
        return RANKS[self.rank - 2] + self.suit


SHAPES = {
    (4, 1): Category.FOUR_OF_A_KIND,
    (3, 2): Category.FULL_HOUSE,
    (3, 1, 1): Category.THREE_OF_A_KIND,
    (2, 2, 1): Category.TWO_PAIR,
    (2, 1, 1, 1): Category.PAIR,
}


def classify(hand: list[Card]) -> tuple[Category, list[int]]:
    """Return a value that compares as the hands do: category first, then the deciding ranks."""
    if len(set(hand)) != 5:
        raise ValueError("a poker hand is five different cards")
    by_weight = sorted(Counter(c.rank for c in hand).items(), key=lambda rc: (-rc[1], -rc[0]))
    ranks = [rank for rank, _ in by_weight]
    if category := SHAPES.get(tuple(count for _, count in by_weight)):
        return category, ranks
    if ranks == [14, 5, 4, 3, 2]:
        ranks = [5, 4, 3, 2, 1]  # the wheel: the ace plays low
    flush = len({c.suit for c in hand}) == 1
    straight = ranks[0] - ranks[4] == 4
    if flush and straight:
        return Category.STRAIGHT_FLUSH, ranks
    if flush or straight:
        return (Category.FLUSH if flush else Category.STRAIGHT), ranks
    return Category.HIGH_CARD, ranks


def xorshift32(seed: int) -> Iterator[int]:
    x = seed
    while True:
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
        yield x


def shuffled_deck(seed: int) -> list[Card]:
    deck = [Card(rank, suit) for suit in SUITS for rank in range(2, 15)]
    for i, number in zip(range(51, 0, -1), xorshift32(seed)):
        j = number % (i + 1)
        deck[i], deck[j] = deck[j], deck[i]
    return deck


def main() -> None:
    deck = iter(shuffled_deck(seed=77_2024))
    hands = {player: list(islice(deck, 5)) for player in ("North", "East", "South", "West")}
    for player, hand in hands.items():
        print(f"{player:<6}", *hand, "-", classify(hand)[0])
    print("winner:", max(hands, key=lambda player: classify(hands[player])))


if __name__ == "__main__":
    main()
