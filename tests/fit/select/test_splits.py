"""Splits hold out what they say and never leak."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from select_worlds import ladder, line

from contracts.errors import ConfigError, StageError
from fit.points import places, points
from fit.select.splits import SPLITS, by_mixture, largest_d, largest_n, levels, mixtures, rollout, splits_of


@settings(max_examples=25, deadline=None)
@given(sizes=st.integers(3, 5), mixes=st.integers(3, 6), folds=st.integers(2, 5), seed=st.integers(0, 99))
def test_no_split_scores_what_it_fits(sizes, mixes, folds, seed):
    data = ladder(sizes=sizes, mixtures=mixes, seed=seed)
    for way in SPLITS.values():
        for split in way(data, folds, seed):
            assert len(split.train) and len(split.test)
            assert not set(split.train) & set(split.test)
            shared = set(data.runs[split.train]) & set(data.runs[split.test])
            assert split.apart == (not shared)
            assert split.apart or split.kind == "largest-d"


def test_the_largest_size_is_held_out_whole():
    data = ladder()
    (split,) = largest_n(data)
    assert data.inputs.n[split.train].max() < data.inputs.n[split.test].min()
    assert len(split.train) + len(split.test) == len(data)


def test_a_rollout_fits_all_sizes_up_to_one_and_scores_the_next():
    data = ladder(sizes=5)
    found = rollout(data)
    assert [len(np.unique(data.inputs.n[s.train])) for s in found] == [2, 3, 4]
    for split in found:
        assert len(np.unique(data.inputs.n[split.test])) == 1
        assert data.inputs.n[split.test].min() > data.inputs.n[split.train].max()


def test_the_last_doubling_of_tokens_is_held_out_and_divided_runs_are_told():
    data = line()
    data = points(data.inputs, data.losses, runs=np.repeat(np.arange(5), 8))
    (split,) = largest_d(data)
    assert data.inputs.d[split.test].min() > data.inputs.d.max() / 2 >= data.inputs.d[split.train].max()
    assert not split.apart
    assert "1 runs have points on both sides" in split.about


def test_every_mixture_is_held_out_once_with_all_its_points():
    data = ladder(mixtures=7)
    label = mixtures(data)
    found = by_mixture(data, folds=3, seed=1)
    held = np.concatenate([s.test for s in found])
    assert sorted(held) == list(range(len(data)))
    for split in found:
        assert not set(label[split.train]) & set(label[split.test])


def test_realised_shares_that_differ_a_little_are_one_mixture():
    shares = np.array([[0.5, 0.5], [0.503, 0.497], [0.7, 0.3]])
    data = points(places(1e7, np.array([1e8, 2e8, 3e8]), shares, "ab"), np.ones(3))
    assert mixtures(data).tolist() == [0, 0, 1]


def test_sizes_that_differ_by_less_than_two_percent_are_one():
    assert levels(np.array([2.0, 1.0, 1.01, 2.01])).tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("way", "data", "reason"),
    [
        (rollout, ladder(sizes=2), "at least 3"),
        (by_mixture, ladder(mixtures=1), "1 mixture"),
        (largest_d, ladder(sizes=1, budgets=(20,)), "none can be held out"),
    ],
)
def test_what_cannot_be_held_out_is_told(way, data, reason):
    with pytest.raises(StageError, match=reason):
        way(data, 3, 0)


def test_refused_splits_stand_beside_the_others():
    found, refused = splits_of(ladder(sizes=2), ["largest-n", "mixtures"])
    assert {split.kind for split in found} == {"mixtures"}
    assert "at least 3" in refused["largest-n"]


def test_an_unknown_split_lists_the_known():
    with pytest.raises(ConfigError, match="largest-n, largest-d, mixtures, rollout"):
        splits_of(ladder(), ["random"])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), rows=st.integers(1, 40), columns=st.integers(1, 4))
def test_mixtures_are_those_that_comparing_each_with_each_finds(seed, rows, columns):
    shares = np.random.default_rng(seed).dirichlet(np.ones(columns), rows).round(2) + 1e-4
    data = points(places(1e7, 1e8, shares, "abcd"[:columns]), np.ones(rows))
    leaders, expected = [], []
    for row in shares:
        near = [i for i, leader in enumerate(leaders) if np.abs(leader - row).max() <= 0.01]
        expected.append(near[0] if near else len(leaders))
        leaders += [] if near else [row]
    assert mixtures(data).tolist() == expected


def test_a_chain_of_mixtures_is_not_one():
    share = np.arange(0.1, 0.5, 0.008)
    data = points(places(1e7, 1e8, np.stack([share, 1 - share], axis=1), "ab"), np.ones(len(share)))
    found = mixtures(data)
    for label in np.unique(found):
        assert np.ptp(share[found == label]) <= 0.02 + 1e-9
    assert found.max() > 10


def test_thousands_of_mixtures_take_no_time():
    shares = np.random.default_rng(0).dirichlet(np.full(17, 0.3), 4000)
    data = points(places(1e7, 1e8, shares, [f"c{i}" for i in range(17)]), np.ones(4000))
    started = time.process_time()
    assert mixtures(data).max() > 3000
    assert time.process_time() - started < 4  # 17 s when each is compared with each
