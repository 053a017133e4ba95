"""Autocomplete over a prefix tree whose words carry a popularity weight."""

import heapq
from dataclasses import dataclass, field
from typing import Iterator, NamedTuple, Optional

LEXICON = {
    "tea": 50, "team": 35, "teapot": 12, "teal": 8, "ten": 40,
    "tent": 22, "tension": 9, "inn": 30, "ink": 27, "inlet": 14,
}


class Completion(NamedTuple):
    word: str
    weight: int


@dataclass
class TrieNode:
    children: dict[str, "TrieNode"] = field(default_factory=dict)
    weight: Optional[int] = None  # None marks an inner node that ends no word


class Trie:
    def __init__(self, lexicon=None):
        self.root = TrieNode()
        for word, weight in (lexicon or {}).items():
            self.insert(word, weight)

    def insert(self, word: str, weight: int = 1) -> None:
        """Add a word; inserting it again adds to its weight."""
        if not word:
            raise ValueError("cannot index the empty word")
        node = self.root
        for letter in word:
            node = node.children.setdefault(letter, TrieNode())
        node.weight = (node.weight or 0) + weight

    def complete(self, prefix: str, limit: int = 3) -> list[Completion]:
        """The heaviest words below ``prefix``; equal weights come alphabetically."""
        start = self._descend(prefix)
        if start is None:
            return []
        found = self._words_below(start, prefix)
        return heapq.nsmallest(limit, found, key=lambda c: (-c.weight, c.word))

    def _descend(self, prefix: str) -> Optional[TrieNode]:
        node = self.root
        for letter in prefix:
            node = node.children.get(letter)
            if node is None:
                return None
        return node

    def _words_below(self, node: TrieNode, spelled: str) -> Iterator[Completion]:
        if node.weight is not None:
            yield Completion(spelled, node.weight)
        for letter, child in node.children.items():
            yield from self._words_below(child, spelled + letter)


def main() -> None:
    trie = Trie(LEXICON)
    for prefix in ("te", "tea", "in", "x"):
        completions = trie.complete(prefix)
        menu = ", ".join(f"{word} ({weight})" for word, weight in completions)
        print(f"{prefix + '...':<7} {menu or 'no suggestions'}")

    trie.insert("teapot", 45)  # it is suddenly fashionable
    print("after the tea party:", trie.complete("te", limit=1)[0].word)


if __name__ == "__main__":
    main()
