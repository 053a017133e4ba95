"""The first swarm, options of the command line, and lines of the list."""

import json

import numpy as np
import pytest

from contracts.errors import ConfigError
from fit.designs.candidates import Candidate, distinct
from fit.designs.first import first_runs, swarm
from fit.designs.lines import line_of, read_shapes, write_lines
from fit.designs.options import parse_sizes, parse_tokens, parse_weights

SIZES = {"0.2M": 2e5, "0.1M": 1e5}


@pytest.mark.parametrize("components", [2, 3, 7])
def test_a_swarm_has_three_mixtures_for_each_component_and_three_more(components):
    mixtures = swarm(components)
    assert len(mixtures) == 3 * (components + 1)
    shares = np.array([m for _, m in mixtures])
    assert np.allclose(shares.sum(axis=1), 1) and (shares >= 0).all()
    assert np.allclose(shares[0], 1 / components)
    assert len(distinct(mixtures)) == len(mixtures)


def test_a_swarm_lies_farther_apart_than_random_mixtures():
    def nearest(shares):
        apart = np.abs(shares[:, None] - shares[None]).sum(axis=2) + 9 * np.eye(len(shares))
        return apart.min(axis=1).mean()

    spread = np.array([m for _, m in swarm(4)])
    assert nearest(spread) > 1.5 * nearest(np.random.default_rng(0).dirichlet(np.ones(4), len(spread)))


def test_without_limits_every_mixture_is_run_at_every_size():
    runs = first_runs(("a", "b"), SIZES, (10, 20))
    assert len(runs) == 2 * 9
    assert all(run.tokens == (10, 20) for run in runs)


@pytest.mark.parametrize("count", [1, 5, 13])
def test_few_runs_are_shared_out_with_no_more_at_the_larger_size(count):
    runs = first_runs(("a", "b"), SIZES, (10, 20), count)
    number = {rung: sum(run.rung == rung for run in runs) for rung in SIZES}
    assert len(runs) == count
    assert number["0.1M"] >= number["0.2M"]


def test_a_budget_is_kept_and_one_too_small_is_refused():
    budget = 6 * 2e5 * 20 * 6
    assert sum(run.flops for run in first_runs(("a", "b"), SIZES, (10, 20), budget=budget)) <= budget
    with pytest.raises(ConfigError, match="allows no design"):
        first_runs(("a", "b"), SIZES, (10, 20), budget=1.0)


def test_lines_leave_out_what_has_no_share_and_carry_a_shape(tmp_path):
    run = Candidate("x", 5.0, (10, 20), (0.25, 0.0, 0.75), "corner")
    shape = {"layers": 2, "hidden": 64, "heads": 1, "intermediate": 128}
    write_lines(tmp_path / "list.jsonl", [line_of(run, ("a", "b", "c"), 1, 3, {"shape": shape})])
    line = json.loads((tmp_path / "list.jsonl").read_text())
    assert line["proportions"] == {"a": 0.25, "c": 0.75}
    assert (line["tokens"], line["seed"], line["shape"]) == ([10, 20], 3, shape)
    assert read_shapes(tmp_path / "list.jsonl") == {"x": shape}


def test_a_list_that_is_none_is_refused(tmp_path):
    (tmp_path / "bad").write_text("{")
    with pytest.raises(ConfigError, match="--shapes"):
        read_shapes(tmp_path / "bad")


def test_options_are_read():
    assert parse_sizes("0.1M=101808, b=2e5") == {"0.1M": 101808.0, "b": 2e5}
    assert parse_tokens("1e6,4000000") == (1_000_000, 4_000_000)
    assert parse_weights(None) == {} and parse_tokens(None) == ()


@pytest.mark.parametrize(
    "parse, text, message",
    [
        (parse_sizes, "0.1M", "not understood"),
        (parse_sizes, "a=1,a=2", "not understood"),
        (parse_sizes, "a=0", "at least one"),
        (parse_sizes, "a=nan", "not understood"),
        (parse_tokens, "4,1", "ascending"),
        (parse_tokens, "x", "--tokens x"),
        (parse_tokens, "inf", "--tokens inf"),
        (parse_weights, "=2", "--goal"),
    ],
)
def test_options_that_cannot_be_are_refused(parse, text, message):
    with pytest.raises(ConfigError, match=message):
        parse(text)
