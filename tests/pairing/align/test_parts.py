"""Features, bounds, assignment and columns of alignment."""

import json
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pairing.align.assign import assigned
from pairing.align.background import RARE, background_of
from pairing.align.bags import bags_of
from pairing.align.cells import cells_of, rivals, shares
from pairing.align.document import describe, hashed
from pairing.align.propagate import SUPPORT, propagated
from pairing.align.reading import MAX_READ, MAX_TEXT, compared, parts, readable, take
from pairing.align.score import columns_of
from pairing.align.shipped import COEFFICIENTS, shipped
from pairing.align.tokens import read_text
from pairing.align.vocabulary import canonical, number


def bags(text: bytes, language: str = "python", declared: frozenset[bytes] = frozenset()):
    return bags_of(read_text(text, language), declared)


@pytest.mark.parametrize("hidden", [b"m12", b"_m3", b"x1", b"ab123"])
def test_a_hidden_name_is_no_feature_wherever_it_stands(hidden):
    text = b'def %s(x):\n    # see %s here\n    return %s(x) + "%s" + y.%s' % ((hidden,) * 5)
    found = {feature for bag in bags(text, declared=frozenset((hidden,))).values() for feature in bag}
    assert not [feature for feature in found if hidden in feature or hidden.lstrip(b"_abmx") in feature.split()]


def test_the_same_function_in_two_languages_has_the_same_phrases():
    a = bags(b"def f(self, items):\n    return items + self.len(count) * 2.50", "python")
    b = bags(b"int f(List items) { return items + this.length(count) * 2.5; }", "java")
    assert {b"items", b"count"} <= a["names"].keys() & b["names"].keys()
    assert b"len" in a["calls"].keys() & b["members"].keys()
    assert a["numbers"] == b["numbers"] == {b"2.5": 1}
    assert a["phrases"].keys() & b["phrases"].keys() >= {b"* 2.5", b"+ len", b"len * 2.5"}
    assert a["signs"] - Counter((b"SLF",)) == b["signs"]
    assert a["flow"] == b["flow"]


@pytest.mark.parametrize(
    ("literal", "same"),
    [(b"1_000", b"1000"), (b"10L", b"10"), (b"2.50f", b"2.5"), (b"3.0", b"3"), (b"7u32", b"7"), (b"0xFF", b"0xff")],
)
def test_numbers_are_compared_without_the_marks_of_a_language(literal, same):
    assert number(literal) == same


@pytest.mark.parametrize("name", [b"length", b"Count", b"len", b"SIZE", b"get_length"])
def test_common_calls_have_one_name(name):
    assert canonical(name) == b"len"


@given(arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.floats(-8, 8)), st.floats(-3, 3))
def test_assignment_is_one_to_one_and_above_the_threshold(logits, threshold):
    found = assigned(logits, threshold)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    assert all(logits[i, j] >= threshold for i, j in found)
    left = np.setdiff1d(np.arange(logits.shape[0]), [i for i, _ in found])
    right = np.setdiff1d(np.arange(logits.shape[1]), [j for _, j in found])
    assert (logits[np.ix_(left, right)] < threshold).all()


def test_assignment_prefers_the_best_sum_to_the_best_single_pair():
    assert assigned(np.array([[5.0, 4.0], [4.5, 0.0]]), 0.0) == [(0, 1), (1, 0)]


def described(side_of, *texts):
    return [describe(side_of("python", text)) for text in texts]


def test_rivals_and_shares_read_rows_and_columns(side_of):
    a, b = described(side_of, "def f(): return 1\ndef g(): return 2\n", "def f(): return 1\ndef g(): return 2\n")
    cells = cells_of([(a, b)])
    smaller, larger = rivals(np.array([4.0, 1.0, 3.0, 0.0]), cells)
    assert smaller.tolist() == [1.0, -3.0, -1.0, -3.0]
    assert larger.tolist() == [3.0, 1.0, 3.0, -1.0]
    assert shares(np.array([0.0, 0.0, 0.0, 0.0]), cells.row, cells.rows).tolist() == [pytest.approx(1 / 3)] * 4


def test_calls_support_callers_where_nothing_else_tells_them_apart(side_of):
    head = "def m1(x):\n    return 7\n\ndef m2(x):\n    return 8\n\n"
    text = head + "def m3(x):\n    return {}(x)\n\ndef m4(x):\n    return {}(x)\n"
    a, b = described(side_of, text.format("m1", "m2"), text.format("m2", "m1"))
    cells = cells_of([(a, b)])
    logits = np.full((4, 4), -4.0)
    logits[0, 0] = logits[1, 1] = 4.0
    columns = propagated(logits.reshape(-1), [(a, b)], cells)
    support = columns["support.callees.share"].reshape(4, 4)
    assert support[2, 3] > support[2, 2]
    assert support[3, 2] > support[3, 3]


def test_every_column_is_finite_for_every_pair_of_odd_functions(side_of):
    odd = ["def f(): pass\n", "def m1():\n    return m1()\n", "", "def a():\n  def b():\n    return 1\n  return b\n"]
    pairs = [(a, b) for a in described(side_of, *odd) for b in described(side_of, *odd)]
    cells = cells_of(pairs)
    columns = columns_of(pairs, cells, background_of({}))
    columns |= propagated(np.zeros(len(cells.pair)), pairs, cells)
    assert all(np.isfinite(values).all() and len(values) == len(cells.pair) for values in columns.values())
    assert len([name for name in columns if name.startswith("support.")]) == len(SUPPORT)


def test_the_shipped_model_knows_every_column_and_no_other(side_of):
    pairs = [tuple(described(side_of, "def f(): return 1\n", "def f(): return 1\n"))]
    cells = cells_of(pairs)
    columns = columns_of(pairs, cells, shipped().background)
    assert set(shipped().first.columns) == set(columns)
    assert set(shipped().second.columns) == columns.keys() | propagated(np.zeros(1), pairs, cells).keys()
    written = json.loads((files("pairing.align") / COEFFICIENTS).read_text())
    assert written["note"].startswith("Written by benchmarks/")


def test_common_features_weigh_less_and_unknown_ones_all():
    background = background_of({"words": {"often": 1.0, "rare": RARE, "some": 0.1}})
    features = np.array([hashed(word) for word in (b"often", b"rare", b"some", b"never")], np.uint64)
    assert background.weigh("words", features).tolist() == [0.0, 1.0, pytest.approx(1 / 3), 1.0]
    assert background.weigh("names", features).tolist() == [1.0] * 4


def test_only_so_many_functions_and_bytes_are_read(side_of):
    small = side_of("python", "def f():\n    return 1\n" * (MAX_READ + 10))
    assert readable(small) == MAX_READ
    huge = [{"outer_start_byte": 0, "end_byte": MAX_TEXT // 2}] * 5
    assert readable(type(small)("python", b"", huge)) == 2


def test_functions_that_share_rare_words_are_compared_and_stay_linked(side_of):
    text = "".join(f"def f{n}(x):\n    return word{n} + g{n + 1}(x)\n" for n in range(450))
    whole, few = described(side_of, text, "".join(f"def h{n}(x):\n    return word{n * 2}\n" for n in range(200)))
    chosen, other = compared(whole, few)
    assert len(chosen) == 400 and len(other) == 200
    assert set(range(0, 400, 2)) <= set(chosen.tolist())
    part = take(whole, chosen)
    assert part.size == 400 and part.shared_names.shape == (400, 400)
    assert all(len(bag.unit) and bag.unit.max() < 400 for name, bag in part.bags.items() if name == "names")


@given(st.lists(st.integers(0, 10), max_size=20), st.integers(1, 12))
def test_runs_cover_all_items_and_keep_the_limit(sizes, limit):
    found = parts(sizes, limit)
    assert [n for run in found for n in range(run.start, run.stop)] == list(range(len(sizes)))
    assert all(sum(sizes[run]) <= limit or run.stop - run.start == 1 for run in found)
