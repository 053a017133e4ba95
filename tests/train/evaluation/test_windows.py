import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.dataset import IGNORE
from train.evaluation.packing import NOBODY, OPEN_ROWS, arrays, groups, pack, turns
from train.evaluation.windows import Window, document_windows, holds_source, target_windows


def scored(windows, tokens):
    """Places of the scored tokens in the document, which holds every id once; checks that they follow their input."""
    found = []
    for window in windows:
        assert len(window.inputs) == len(window.labels) > 0
        places = window.inputs - tokens[0]
        assert (np.diff(places) == 1).all()
        for place, label in zip(places, window.labels, strict=True):
            if label != IGNORE:
                assert label - tokens[0] == place + 1
                found.append(int(place) + 1)
    return found


@given(st.integers(0, 60), st.integers(1, 20))
def test_every_token_but_the_first_is_scored_once_in_windows_without_overlap(count, length):
    tokens = np.arange(500, 500 + count)
    windows = list(document_windows(tokens, length))
    assert scored(windows, tokens) == list(range(1, count))
    assert all(len(w.inputs) <= length for w in windows)
    inputs = [i for w in windows for i in w.inputs.tolist()]
    assert inputs == tokens[:-1].tolist()


@given(st.integers(0, 40), st.integers(0, 60), st.integers(0, 5), st.integers(1, 30))
def test_every_token_of_a_target_is_scored_once_whatever_the_length(before, target, behind, length):
    tokens = np.arange(500, 500 + before + target + behind)
    windows = list(target_windows(tokens, before, before + target, length))
    assert scored(windows, tokens) == [t for t in range(before, before + target) if t > 0]
    assert all(len(w.inputs) <= length for w in windows)


@given(st.integers(1, 40), st.integers(1, 60), st.integers(2, 30))
def test_target_tokens_have_at_least_half_a_window_of_context_or_all_there_is(before, target, length):
    tokens = np.arange(before + target)
    for window in target_windows(tokens, before, before + target, length):
        for index in np.flatnonzero(window.labels != IGNORE).tolist():
            assert index + 1 >= min(length - length // 2, window.inputs[index] + 1)


@given(st.integers(0, 10), st.integers(1, 20), st.integers(1, 40), st.integers(1, 40))
def test_a_pair_holds_its_source_exactly_if_no_window_begins_behind_its_start(glue, source, target, length):
    start = glue + source
    tokens = np.arange(start + target)
    begins = [int(w.inputs[0]) for w in target_windows(tokens, start, start + target, length)]
    assert holds_source(start + target, glue, length) == all(begin <= glue for begin in begins)


def test_a_pair_that_fits_is_one_window_from_its_first_token_on():
    [window] = target_windows(np.arange(10), 6, 9, 8)
    assert window.inputs.tolist() == list(range(8))
    assert window.labels.tolist() == [IGNORE] * 5 + [6, 7, 8]


sizes = st.lists(st.integers(1, 12), max_size=60)


@given(sizes, st.integers(1, 4))
def test_packing_keeps_every_window_whole_and_once(lengths, count):
    windows = [Window(np.arange(n), np.arange(n) + 1, owner) for owner, n in enumerate(lengths)]
    found = {}
    for rows in groups(pack(windows, 12), count):
        packed = arrays(rows, count, 12, pad_id=99)
        assert packed.inputs.shape == (count, 12)
        flat = {name: getattr(packed, name).ravel() for name in ("inputs", "labels", "positions", "owners")}
        assert packed.bounds[0] == 0 and packed.bounds[-1] == count * 12
        for begin, end in zip(packed.bounds[:-1], packed.bounds[1:], strict=True):
            part = {name: value[begin:end] for name, value in flat.items()}
            assert part["positions"].tolist() == list(range(end - begin))
            owner = int(part["owners"][0])
            assert (part["owners"] == owner).all()
            if owner == NOBODY:
                assert (part["labels"] == IGNORE).all() and (part["inputs"] == 99).all()
            else:
                assert owner not in found
                found[owner] = part["inputs"].tolist(), part["labels"].tolist()
    assert found == {o: (list(range(n)), list(range(1, n + 1))) for o, n in enumerate(lengths)}


def test_packing_wastes_little_and_waits_with_few_rows():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 65, 2000).tolist()
    windows = (Window(np.zeros(n, np.int64), np.zeros(n, np.int64), 0) for n in lengths)
    rows = list(pack(windows, 64))
    assert sum(lengths) / (64 * len(rows)) > 0.96
    assert all(row.used <= 64 for row in rows)


def test_a_full_row_is_handed_on_at_once():
    taken = []

    def windows():
        for n in range(200):
            taken.append(n)
            yield Window(np.zeros(5, np.int64), np.zeros(5, np.int64), n)

    next(pack(windows(), 5))
    assert len(taken) == 1
    taken.clear()
    next(pack(windows(), 7))  # no two fit together
    assert len(taken) == OPEN_ROWS + 1


@given(st.integers(0, 20), st.integers(1, 6))
def test_ranks_take_turns_equally_often_and_every_batch_counts_once(batches, ranks):
    taken = [list(turns(map(str, range(batches)), rank, ranks)) for rank in range(ranks)]
    assert {len(own) for own in taken} == {-(-batches // ranks)}
    assert sorted(int(b) for own in taken for b, counted in own if counted) == list(range(batches))
    for rank, own in enumerate(taken):
        assert all(int(b) % ranks == rank for b, counted in own if counted)


@pytest.mark.parametrize(("items", "expected"), [(0, []), (4, [2, 2]), (5, [2, 2, 1])])
def test_groups_are_in_order_and_complete(items, expected):
    found = list(groups(range(items), 2))
    assert [len(g) for g in found] == expected and [i for g in found for i in g] == list(range(items))
