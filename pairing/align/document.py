"""A document ready to be aligned: features of its functions and how they hang together. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import xxhash
from scipy.sparse import csr_array, sparray

from pairing.align.bags import CLASSES, Bags, bags_of
from pairing.align.counts import COUNTS, counts_of, roles_of
from pairing.align.tokens import Text, read_text
from pairing.align.vocabulary import nameless, plain

MAX_NAME_SHARE = 0.7
"""A name in a larger share of the functions of a file says nothing about them."""


@dataclass(frozen=True, slots=True)
class Side:
    """One document of a pair: language, content as UTF-8, rows of its functions (table units) by position."""

    language: str
    content: bytes
    units: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Bag:
    """A class of features of all functions: function, hashed feature and its count, entry by entry."""

    unit: np.ndarray
    feature: np.ndarray
    count: np.ndarray


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of the functions of a document before it is compared with another."""

    size: int
    bags: dict[str, Bag]
    counts: np.ndarray
    """float64 (functions, COUNTS)."""
    parameters: np.ndarray
    roles: np.ndarray
    """float64 (functions, ROLES)."""
    calls: np.ndarray
    """int64 (calls, 2): numbers of the functions; each once, without calls of oneself."""
    parents: np.ndarray
    """The function around each, -1 for none."""
    containers: np.ndarray
    """Number of the container of each."""
    shared_names: np.ndarray
    """float64 (functions, functions): how far they use the same names."""
    names: list[bytes]
    """Declared names in plain form; empty where a name says nothing."""


def describe(side: Side) -> Described:
    """Read the functions of a document."""
    declared: dict[bytes, list[int]] = {}
    for number, unit in enumerate(side.units):
        declared.setdefault(str(unit["name"]).encode(), []).append(number)
    texts = [
        read_text(
            side.content[unit["start_byte"] : unit["end_byte"]],
            side.language,
            side.content[unit["outer_start_byte"] : unit["start_byte"]],
        )
        for unit in side.units
    ]
    bags = [bags_of(text, declared) for text in texts]
    lines = [unit["end_line"] - unit["start_line"] + 1 for unit in side.units]
    counts = np.array([counts_of(*each) for each in zip(texts, bags, lines, strict=True)], float)
    counts = counts.reshape(len(texts), len(COUNTS))
    calls, parents = _calls(texts, declared), _parents(side.units)
    containers = {name: number for number, name in enumerate(sorted({unit["container"] for unit in side.units}))}
    return Described(
        len(texts),
        {name: _flat(bags, name) for name in CLASSES},
        counts,
        np.array([unit["parameters"] for unit in side.units], np.int64),
        roles_of(side.units, calls, parents, counts[:, 0]),
        calls[calls[:, 0] != calls[:, 1]],
        parents,
        np.array([containers[unit["container"]] for unit in side.units], np.int64),
        _shared_names(texts),
        [_plain_name(str(unit["name"])) for unit in side.units],
    )


def _plain_name(name: str) -> bytes:
    raw = name.encode()
    return b"" if nameless(raw) else plain(raw)


@lru_cache(maxsize=1 << 18)
def hashed(feature: bytes) -> int:
    """A feature as a number of 64 bits."""
    return xxhash.xxh3_64_intdigest(feature)


def _flat(bags: Sequence[Bags], name: str) -> Bag:
    units = np.repeat(np.arange(len(bags)), [len(bag[name]) for bag in bags])
    features = np.array([hashed(feature) for bag in bags for feature in bag[name]], np.uint64)
    return Bag(units, features, np.array([count for bag in bags for count in bag[name].values()], float))


def _calls(texts: Sequence[Text], declared: Mapping[bytes, list[int]]) -> np.ndarray:
    """Which functions name which functions of the file behind their heads; each once."""
    found = {
        (caller, number)
        for caller, text in enumerate(texts)
        for token in text.tokens
        if token.kind == "name" and not token.in_head
        for number in _callable(declared, token.value)
    }
    return np.array(sorted(found), np.int64).reshape(-1, 2)


MAX_NAMESAKES = 20
"""Functions of one name in a file that a call of it may mean; of more it says nothing (interfaces, overloads)."""


def _callable(declared: Mapping[bytes, list[int]], name: bytes) -> Sequence[int]:
    found = declared.get(name, ())
    return found if len(found) <= MAX_NAMESAKES else ()


def _parents(units: Sequence[Mapping[str, Any]]) -> np.ndarray:
    parents, stack = [], list[int]()
    for number, unit in enumerate(units):
        while stack and units[stack[-1]]["end_byte"] <= unit["start_byte"]:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(number)
    return np.array(parents, np.int64)


def _shared_names(texts: Sequence[Text]) -> np.ndarray:
    """How far each two functions use the same of the names that some, but not most, of them use.

    Names are told apart, never read. Float64 (functions, functions), rows over cosines of functions and of names.
    """
    numbers: dict[bytes, int] = {}
    used = [sorted({token.value for token in text.tokens if token.kind == "name"}) for text in texts]
    columns = [numbers.setdefault(name, len(numbers)) for names in used for name in names]
    rows = np.repeat(np.arange(len(texts)), [len(names) for names in used])
    shape = (len(texts), max(1, len(numbers)))
    uses = csr_array((np.ones(len(columns)), (rows, np.array(columns, np.int64))), shape=shape)
    frequency = np.maximum(uses.sum(axis=0), 1.0)
    shared = (frequency >= 2) & (frequency <= max(2.0, MAX_NAME_SHARE * len(texts)))
    weighted = uses * np.where(shared, np.log((len(texts) + 1) / frequency), 0.0)[None, :]
    result: np.ndarray = (_unit_rows(weighted) @ _unit_rows(weighted.T)).toarray()
    return result


def _unit_rows(matrix: sparray) -> csr_array:
    lengths = np.sqrt((matrix * matrix).sum(axis=1))
    return csr_array(matrix.multiply((1 / np.maximum(lengths, 1e-9))[:, None]))
