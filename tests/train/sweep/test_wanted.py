"""Wanted runs out of grids and lists."""

import json

import pytest
from queues import sweep

from contracts.errors import ConfigError
from train.sweep.rows import line_of
from train.sweep.wanted import parse_list, wanted_runs


def grid(**options):
    base = {"rungs": ["0.2M"], "points": [[4096]], "mixtures": [{"proportions": "uniform"}]}
    return wanted_runs(sweep(grid={**base, **options}))


def test_a_grid_is_every_combination_once():
    found = grid(
        rungs=["0.2M", "10M", "0.2M"],
        points=[[4096], [4096, 8192]],
        mixtures=[{"proportions": {"python": 1.0}}, {"generate": "vertices", "over": ["python", "go"]}],
        strategies=["concat", "shuffled"],
        seeds=[0, 1, 2],
    )
    assert len(found) == 2 * 2 * 2 * 2 * 3  # 10M and 0.2M; python is there twice
    assert {run.tokens for run in found} == {(4096,), (4096, 8192)}


@pytest.mark.parametrize(("vary", "expected"), [(False, [None, None]), (True, [3, 4])])
def test_seeds_may_vary_the_data_too(vary, expected):
    assert [run.data_seed for run in grid(seeds=[3, 4], vary_data=vary)] == expected


def test_a_line_of_a_list_needs_size_tokens_and_proportions_only():
    (run,) = parse_list(['{"rung": "10M", "tokens": 5000, "proportions": {"python": 0.5, "go": 0.5}}', ""], "x.jsonl")
    assert (run.tokens, run.seed, run.strategy, run.data_seed) == ((5000,), 0, None, None)


def test_the_list_of_a_plan_is_a_list_of_wanted_runs(queue):
    rows = queue(2).rows
    found = parse_list([line_of(row) for row in rows], "list.jsonl")
    assert [(run.rung, run.tokens, run.proportions, run.seed) for run in found] == [
        (row.rung, row.tokens, row.proportions, row.seed) for row in rows
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "x.jsonl, line 2: not JSON"),
        ("[1]", "line 2: give an object with rung, tokens and proportions"),
        ('{"rung": "10M"}', "tokens: Field required"),
        ('{"rung": "10M", "tokens": [2, 1], "proportions": {}}', "tokens must ascend"),
        ('{"rung": "10M", "tokens": [1], "sead": 1}', "sead"),
        ('{"rung": "10M", "tokens": [1], "strategy": "pair"}', "strategy"),
    ],
)
def test_a_line_that_is_no_run_is_named(line, message):
    with pytest.raises(ConfigError, match=message.replace("[", r"\[")):
        parse_list([json.dumps({"rung": "10M", "tokens": [1]}), line], "x.jsonl")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"list": "a.jsonl", "grid": None, "design": {"name": "paper-synergy"}}, "give one of grid, list and design"),
        ({"train": {"seed": 1}}, "train.seed is set by the sweep"),
        ({"train": {"model": {"rung": "7B"}}}, "name sizes in grid.rungs"),
        ({"mix": {"tokens": 5}}, "mix.tokens is set by the sweep"),
        ({"design": {"name": "paper-nothing"}}, "paper-nothing"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        sweep(**options)


def test_an_empty_list_is_refused():
    with pytest.raises(ConfigError, match=r"a\.jsonl: names no run"):
        wanted_runs(sweep(list="a.jsonl"), [], "a.jsonl")
