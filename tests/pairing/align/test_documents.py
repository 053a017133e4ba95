from dataclasses import replace

import numpy as np
import pytest

from pairing.align import Alignment, Side, align_all
from pairing.align.documents import CLOSE_SHARE
from pairing.align.reading import MAX_COMPARED
from pairing.align.shipped import shipped


def aligned(a: Side, b: Side, minimum: float | None = None) -> Alignment:
    """One pair of documents aligned."""
    return align_all([(a, b)], minimum)[0]


def test_functions_find_their_counterparts_where_every_name_is_hidden(cache):
    found = aligned(*cache)
    assert [(match.a, match.b) for match in found.matches] == [(0, 2), (1, 1), (2, 0)]
    assert (found.unpaired_a, found.unpaired_b) == ((3,), ())
    assert all(shipped().threshold <= match.probability <= 1 for match in found.matches)


def test_equal_functions_are_close_and_rewritten_ones_loose(side_of):
    one = side_of("python", "def area(width, height):\n    size = width * height\n    return size\n")
    same = side_of("go", "func Area(width, height int) int {\n\tsize := width * height\n\treturn size\n}\n")
    text = "func Area(w, h int) int {{\n\tfor h > 0 {{\n\t\th--\n\t\tsum += w\n\t\t{}\n\t}}\n\tprint(3)\n}}\n"
    other = side_of("go", text.format("if sum > 99 {\n\t\t\tpanic(sum)\n\t\t}"))
    kinds = [aligned(one, side).matches[0] for side in (same, other)]
    assert [(match.kind, match.statements >= CLOSE_SHARE) for match in kinds] == [("close", True), ("loose", False)]


def test_hidden_names_of_the_two_files_are_never_compared(cache):
    a, b = cache
    for old, new in ((b"m5", b"m3"), (b"m6", b"m1"), (b"m8", b"m2")):
        b = renamed(b, old, new)
    assert aligned(a, b) == aligned(*cache)


def renamed(side: Side, old: bytes, new: bytes) -> Side:
    units = [{**unit, "name": new.decode() if unit["name"].encode() == old else unit["name"]} for unit in side.units]
    assert len(old) == len(new)
    return replace(side, content=side.content.replace(old, new), units=units)


def test_declared_names_are_used_where_they_are_known(side_of):
    python = "def first(x):\n    return x + 1\n\n\ndef second(x):\n    return x + 1\n"
    go = "func second(x int) int {\n\treturn x + 1\n}\n\nfunc first(x int) int {\n\treturn x + 1\n}\n"
    found = aligned(side_of("python", python), side_of("go", go))
    assert [(match.a, match.b) for match in found.matches] == [(0, 1), (1, 0)]


def test_order_decides_between_functions_that_are_the_same(side_of):
    texts = ("def m1(x):\n    return x + 1\n\n\n" * 3, "func m1(x int) int {\n\treturn x + 1\n}\n\n" * 3)
    found = aligned(side_of("python", texts[0]), side_of("go", texts[1]))
    assert [(match.a, match.b) for match in found.matches] == [(0, 0), (1, 1), (2, 2)]


@pytest.mark.parametrize(("a", "b"), [("", "x"), ("x", ""), ("", "")])
def test_nothing_aligns_with_nothing(side_of, a, b):
    texts = {"": "", "x": "def f(a):\n    return a\n"}
    found = aligned(side_of("python", texts[a]), side_of("python", texts[b]))
    assert (found.matches, found.unpaired_a, found.unpaired_b) == ((), (0,) * len(a), (0,) * len(b))


def test_what_a_pair_gives_does_not_depend_on_the_others(cache, side_of):
    a, b = cache
    more = side_of("go", "func First(list []int) int {\n\treturn list[0]\n}\n")
    together = align_all([(a, more), (more, b), (a, b), (b, a)])
    assert together == [aligned(*pair) for pair in ((a, more), (more, b), (a, b), (b, a))]


def test_a_higher_minimum_leaves_surer_matches(cache):
    every, sure = aligned(*cache, minimum=0.0), aligned(*cache, minimum=0.999999)
    assert len(sure.matches) < len(every.matches) == 3
    assert len(sure.unpaired_a) + len(sure.matches) == 4


def test_a_file_of_twenty_thousand_functions_is_bounded_and_the_rest_listed(side_of):
    text = "".join(f"def f{n}(a, b):\n    total = a * {n}\n    return total + b - {n * 7}\n\n" for n in range(3000))
    found = side_of("python", text)
    many = replace(found, units=[*found.units] * 7)
    alignment = aligned(many, side_of("python", text))
    assert len(alignment.matches) == MAX_COMPARED
    assert len(alignment.unpaired_a) == 21_000 - MAX_COMPARED
    assert np.mean([match.a == match.b for match in alignment.matches]) > 0.99
