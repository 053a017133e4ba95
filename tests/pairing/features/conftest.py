"""Features of a text by class, looked up by what they stand for."""

from collections import Counter

import pytest

from pairing.features.classes import NUMBER
from pairing.features.document import Declarations, extract
from pairing.features.files import Features, joined
from pairing.features.hashing import key


def keys_of(features: Features) -> list[int]:
    """Place and class of each feature in one."""
    return (features.indices << 4 | features.classes).tolist()


class Found:
    """The features of one text."""

    def __init__(self, text: str | bytes, language: str, names: tuple[str, ...] = ()) -> None:
        content = text.encode() if isinstance(text, str) else text
        self.all = joined([extract(content, language, Declarations([name.encode() for name in names], ()))])
        self.counts = Counter(dict(zip(keys_of(self.all), self.all.counts.tolist(), strict=True)))

    def count(self, kind: str, value: str) -> int:
        """How often a feature of a class occurs."""
        return self.counts[key(NUMBER[kind], value.encode())]

    def only(self, kind: str, expected: dict[str, int]) -> bool:
        """Whether a class has exactly the given features."""
        own = {k: n for k, n in self.counts.items() if k & 15 == NUMBER[kind]}
        return own == {key(NUMBER[kind], value.encode()): n for value, n in expected.items()}

    def keys(self, kind: str) -> set[int]:
        """The features of a class."""
        return {k for k in self.counts if k & 15 == NUMBER[kind]}


@pytest.fixture(scope="session")
def found():
    """found(text, language, declared names): see `Found`."""
    return Found
