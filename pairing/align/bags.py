"""Bags of features of a function, in classes that are compared apart. Pure functions."""

from collections import Counter
from collections.abc import Callable, Container, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pairing.align.tokens import Text, Token, speaks, words_of
from pairing.align.vocabulary import LOUD, TYPES, canonical, nameless, plain, stem, sub_tokens

CLASSES: Final = (
    "words", "names", "calls", "numbers", "strings", "string_words", "comments", "flow", "signs", "head", "members",
    "phrases", "letters",
)  # fmt: skip
"""words: stemmed sub-tokens of names. names: whole names. calls: names in front of a parenthesis, canonical. strings:
whole strings. string_words and comments: their words. flow: 2- and 3-grams of control flow and operators. signs: the
same one by one. head: types and words of the head. members: names behind a dot. phrases: 2- and 3-grams of names,
numbers, strings and operators. letters: 4-grams of the letters of names."""

DECLARED: Final = b"@"
"""Stands in phrases for a name that the file itself declares."""
MAX_STRING: Final = 20
"""Characters of a string that count in a phrase."""

Bags = dict[str, Counter[bytes]]
Lists = dict[str, list[bytes]]


def bags_of(text: Text, declared: Container[bytes]) -> Bags:
    """All bags of a function.

    Args:
        text: the function.
        declared: names of functions of its file.
    """
    bags: Lists = {name: [] for name in CLASSES}
    signs = bags["signs"]
    phrase: list[bytes] = []
    for token in text.tokens:
        if token.in_head and token.raw in TYPES:
            bags["head"].append(b"T" + TYPES[token.raw])
        handler = _HANDLERS.get(token.kind)
        if handler is not None:
            handler(token, bags, signs, phrase)
        elif token.kind == "name":
            _name(token, bags, phrase, token.value in declared)
    bags["flow"] = grams([sign for sign in signs if sign not in _UNORDERED])
    bags["phrases"] = grams([word for word in phrase if word != b"="])
    bags["comments"] = [stem(word) for word in text.comments]
    return {name: Counter(found) for name, found in bags.items()}


_UNORDERED: Final = frozenset((b"[", b"S", b"#", b"SLF", b"NEW"))


def grams(items: Sequence[bytes]) -> list[bytes]:
    """All 2- and 3-grams."""
    pairs = list(map(b" ".join, pairwise(items)))
    return pairs + list(map(b" ".join, zip(pairs, items[2:], strict=False)))


def _text(token: Token, bags: Lists, signs: list[bytes], phrase: list[bytes]) -> None:
    whole = speaks(token.value)
    if whole:
        bags["strings"].append(token.value)
    bags["string_words"].extend(word.lower() for word in words_of(token.value))
    phrase.append(b"S" + (token.value[:MAX_STRING] if whole else b""))
    signs.append(b"S")


def _number(token: Token, bags: Lists, signs: list[bytes], phrase: list[bytes]) -> None:
    if len(token.value) <= 64:
        bags["numbers"].append(token.value)
        phrase.append(token.value)
    signs.append(b"#")


def _flow(token: Token, bags: Lists, signs: list[bytes], phrase: list[bytes]) -> None:
    signs.append(token.value)
    if token.value in LOUD:
        phrase.append(token.value)


def _bracket(token: Token, bags: Lists, signs: list[bytes], phrase: list[bytes]) -> None:
    signs.append(b"[")


def _operator(token: Token, bags: Lists, signs: list[bytes], phrase: list[bytes]) -> None:
    if not token.in_head:
        signs.append(token.value)
        phrase.append(token.value)


_HANDLERS: Final[dict[str, Callable[[Token, Lists, list[bytes], list[bytes]], None]]] = {
    "text": _text, "number": _number, "flow": _flow, "bracket": _bracket, "operator": _operator,
}  # fmt: skip


def _name(token: Token, bags: Lists, phrase: list[bytes], declared: bool) -> None:
    if declared:
        phrase.append(DECLARED)
    if nameless(token.value):
        return
    words, whole, common = sub_tokens(token.value), plain(token.value), canonical(token.value)
    bags["words"].extend(words)
    bags["names"].append(whole)
    if token.behind in (b"(", b"!"):
        bags["calls"].append(common)
    if token.before == b".":
        bags["members"].append(common)
    if token.in_head:
        bags["head"].extend(words)
    phrase.append(common)
    bags["letters"].extend(letter_grams(whole))


@lru_cache(maxsize=1 << 16)
def letter_grams(name: bytes) -> tuple[bytes, ...]:
    """The 4-grams of a name with its two ends marked."""
    letters = b"^" + name + b"$"
    return tuple(letters[at : at + 4] for at in range(max(1, len(letters) - 3)))
