"""A few sizes and counts of a program, for comparing how big and of what kind two programs are. Pure functions."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from pairing.features.keywords import BRANCH, FLOW, LOOP, RETURN, THROW
from pairing.features.names import is_name
from parsers.lexer import Lexed

MOST_PARAMETERS: Final = 4
"""Functions with as many parameters or more are counted together."""

PROFILE: Final = (
    "bytes",
    "tokens",
    "numbers",
    "strings",
    "comment_bytes",
    "names",
    "functions",
    "loops",
    "branches",
    "returns",
    "types",
    "throws",
    "lines",
    "test_words",
    "capitalised_names",
    *(f"parameters_{n}" for n in range(MOST_PARAMETERS + 1)),
)
"""Columns of a profile, each log(1 + count). functions and types are units of the document, the last ones functions
by their number of parameters; the rest is counted in its text."""

_TEST = re.compile(rb"(?i)(?:assert\w*|expect|should\w*|tobe|toequal|describe|it|fact|test\w*)\Z")


@lru_cache(maxsize=1 << 16)
def _is_test_word(name: bytes) -> bool:
    """Whether test frameworks of some language use a name."""
    return _TEST.match(name) is not None


def profile(
    content: bytes, lexed: Lexed, tokens: Mapping[bytes, int], numbers: int, parameters: Sequence[int]
) -> np.ndarray:
    """The profile of a program, float32 (len(PROFILE),).

    Args:
        content: the program.
        lexed: the same, told apart.
        tokens: how often each token of its code occurs.
        numbers: numbers in its code.
        parameters: of each of its units; negative for types.
    """
    flow: Counter[bytes] = Counter()
    for token, meaning in FLOW.items():
        flow[meaning] += tokens.get(token, 0)
    names = [token for token in tokens if is_name(token)]
    arity = Counter(min(n, MOST_PARAMETERS) for n in parameters if n >= 0)
    counts = (
        len(content),
        sum(tokens.values()),
        numbers,
        len(lexed.strings),
        sum(map(len, lexed.comments)),
        len(names),
        arity.total(),
        flow[LOOP],
        flow[BRANCH],
        flow[RETURN],
        len(parameters) - arity.total(),
        flow[THROW],
        content.count(b"\n"),
        sum(tokens[name] for name in names if _is_test_word(name)),
        sum(name[:1].isupper() for name in names),
        *(arity[n] for n in range(MOST_PARAMETERS + 1)),
    )
    return np.log1p(np.array(counts, np.float32))
