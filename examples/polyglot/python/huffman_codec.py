"""Huffman codec for short text messages.

Builds a code tree from symbol frequencies, flattens it into a table of bit strings and
reports how much smaller the encoded message is than plain 8-bit text.
"""
from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import Iterator, Union

SAMPLE = "she sells seashells by the seashore"


@dataclass(frozen=True)
class Leaf:
    symbol: str


@dataclass(frozen=True)
class Fork:
    zero: Tree
    one: Tree


Tree = Union[Leaf, Fork]


def build_tree(message: str) -> Tree:
    """Merge the two lightest subtrees until a single code tree is left."""
    if not message:
        raise ValueError("cannot build a code tree for an empty message")
    tiebreak = count()
    heap: list[tuple[int, int, Tree]] = [
        (weight, next(tiebreak), Leaf(symbol)) for symbol, weight in sorted(Counter(message).items())
    ]
    heapq.heapify(heap)
    while len(heap) > 1:
        light, _, zero = heapq.heappop(heap)
        heavy, _, one = heapq.heappop(heap)
        heapq.heappush(heap, (light + heavy, next(tiebreak), Fork(zero, one)))
    return heap[0][2]


def codewords(tree: Tree, prefix: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, Leaf):
        yield tree.symbol, prefix or "0"  # a one-symbol alphabet still needs a bit
    else:
        yield from codewords(tree.zero, prefix + "0")
        yield from codewords(tree.one, prefix + "1")


class HuffmanCodec:
    def __init__(self, training_text: str) -> None:
        self.tree = build_tree(training_text)
        self.table = dict(codewords(self.tree))

    def encode(self, message: str) -> str:
        try:
            return "".join(self.table[symbol] for symbol in message)
        except KeyError as missing:
            raise ValueError(f"symbol {missing} has no codeword") from None

    def decode(self, bits: str) -> str:
        if isinstance(self.tree, Leaf):
            return self.tree.symbol * len(bits)
        decoded = []
        node: Tree = self.tree
        for bit in bits:
            node = node.one if bit == "1" else node.zero
            if isinstance(node, Leaf):
                decoded.append(node.symbol)
                node = self.tree
        if node is not self.tree:
            raise ValueError("bit stream ends in the middle of a codeword")
        return "".join(decoded)


def main() -> None:
    codec = HuffmanCodec(SAMPLE)
    bits = codec.encode(SAMPLE)
    assert codec.decode(bits) == SAMPLE
    for symbol, code in sorted(codec.table.items(), key=lambda entry: (len(entry[1]), entry[1])):
        print(f"{symbol!r:>5}  {code}")
    plain = 8 * len(SAMPLE)
    print(f"{plain} bits -> {len(bits)} bits, compression ratio {plain / len(bits):.2f}")


if __name__ == "__main__":
    main()
