"""A light stemmer for English words in names: plural, -ing, -ed, -er, a last e and a doubled last letter go.

Lighter than Porter's (Program 14/3, 1980): words in names are short, and what is cut must be so in every language of
the corpus alike; that the rest is a word does not matter. The rules apply in the order below, to lower-case words of
more than four letters; a rule that would leave too little does not apply.
"""

from functools import lru_cache

_PLURAL_KEPT = (b"ss", b"us", b"is")
"""Endings in s that are no plural: class, status, axis."""


@lru_cache(maxsize=1 << 16)
def stem(word: bytes) -> bytes:
    """The stem of a lower-case word: entries -> entry, class and classes -> clas, parsing and parsed -> pars."""
    if len(word) <= 4:
        return word
    if word.endswith(b"ies"):
        return word[:-3] + b"y"
    if word.endswith(b"sses"):
        return stem(word[:-2])
    if word.endswith(b"s") and not word.endswith(_PLURAL_KEPT):
        word = word[:-1]
    return _without_end(_without_verb_ending(word))


def _without_verb_ending(word: bytes) -> bytes:
    if len(word) > 5 and word.endswith(b"ing"):
        return word[:-3]
    if len(word) > 4 and word.endswith(b"ed"):
        return word[:-2]
    return word


def _without_end(word: bytes) -> bytes:
    if len(word) > 4 and word.endswith(b"er"):
        word = word[:-2]
    if len(word) > 3 and word.endswith(b"e"):
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
