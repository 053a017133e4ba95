import numpy as np
import pytest

from pairing.features.document import Declarations, extract
from pairing.features.profile import PROFILE

TEXT = b"""// Adds.
class Adder {
  int add(int a, int b) { return a + b + 10; }
  void check(int[] xs) {
    for (int x : xs) { while (x > 0) { x--; } }
    if (xs == null) { throw new Error("none"); }
    assertEquals(1, add(1, 0));
  }
}
"""


def profile(content: bytes, language: str, parameters: list[int]) -> dict[str, float]:
    found = extract(content, language, Declarations([], parameters)).profile
    return dict(zip(PROFILE, np.expm1(found).round(3).tolist(), strict=True))


def test_a_profile_counts_what_its_columns_say():
    found = profile(TEXT, "java", [-1, 2, 1, 0, 7, 4])
    expected = {
        "bytes": len(TEXT), "numbers": 5, "strings": 1, "comment_bytes": 8, "functions": 5, "loops": 2, "branches": 1,
        "returns": 1, "types": 1, "throws": 1, "lines": 9, "test_words": 1, "capitalised_names": 2,
        "parameters_0": 1, "parameters_1": 1, "parameters_2": 1, "parameters_3": 0, "parameters_4": 2,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=0.01)
    assert found["names"] == 19  # Adder, Error, a, add, ...: keywords too
    assert found["tokens"] > 60


def test_the_profile_of_nothing_is_zero():
    assert set(profile(b"", "go", []).values()) == {0.0}
