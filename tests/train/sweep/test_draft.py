"""Runs get their mixtures and identities."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from queues import TRAIN, sweep

from contracts.errors import ConfigError
from contracts.languages import directions
from mixer.config import MixConfig
from pipelines.sources.config import COMPONENT
from train.config import ScheduleConfig
from train.ladder import rung
from train.sweep.cost import flops_of, gpu_hours, steps_for
from train.sweep.draft import Corpus, Draft, draft, forms
from train.sweep.mixture import label_of, name_of
from train.sweep.wanted import wanted_runs

POOLS = {"concat": "c" * 64, "prompt": "p" * 64, "shuffled": "s" * 64}
HALVES = {"python": 0.5, "parallel": 0.5}
BASE = MixConfig(sequence_length=128, max_epochs=4)


def drafted(base: MixConfig = BASE, pools: dict[str, str] = POOLS, **options: Any) -> Draft:
    config = sweep(**options)
    return draft(config, wanted_runs(config), Corpus(base, pools, 1024))


def grid(**options: Any) -> dict[str, Any]:
    base = {"rungs": ["0.2M"], "points": [[4096]], "mixtures": [{"proportions": HALVES}]}
    return {"grid": {**base, **options}}


def ids(**options: Any) -> list[str]:
    return [run.run_id for run in drafted(**options).runs]


@pytest.mark.parametrize(
    ("shares", "label"),
    [
        ({"python": 0.9, "go": 0.1}, "python90-go10"),
        ({"go": 0.1, "python": 0.9}, "python90-go10"),
        ({"python": 0.5, "go": 0.5}, "go50-python50"),
        ({"python": 1.0, "go": 0.0}, "python100"),
        ({"python": 0.996, "go": 0.004}, "python99.6-go0.4"),
        ({"python": 0.004, "go": 0.29, "java": 0.206, "rust": 0.5}, "rust50-go29-java21-1more"),
        ({"python->go": 0.25, "go->python": 0.75}, "go-to-python75-python-to-go25"),
        ({"text2": 0.5, "text": 0.5}, "text50-text2_50"),
    ],
)
def test_a_label_tells_the_largest_shares(shares, label):
    assert label_of(shares) == label


@given(
    names=st.lists(st.one_of(st.from_regex(COMPONENT, fullmatch=True), st.sampled_from(directions())), unique=True),
    weights=st.lists(st.floats(min_value=1e-6, max_value=1), min_size=12, max_size=12),
)
def test_a_name_is_valid_short_and_unique_whatever_the_components(names, weights):
    found = dict(zip(names[:12], weights, strict=False))
    shares = {name: weight / sum(found.values()) for name, weight in found.items()} or {"python": 1.0}
    mixes = [
        MixConfig.model_construct(**{**dict(BASE), "proportions": dict(items), "tokens": tokens})
        for items in (list(shares.items()), list(shares.items())[::-1])
        for tokens in (1024, 2048)
    ]
    first, longer, turned, _ = [name_of(mix, "p" * 64) for mix in mixes]
    assert first == turned
    assert first != longer
    assert first != name_of(mixes[0], "q" * 64)
    assert first[:-12] == longer[:-12]
    assert BASE.model_validate({"name": first}).name == first
    assert len(first) <= 120


def test_runs_of_one_mixture_share_a_view_as_long_as_the_longest_needs():
    made = drafted(**grid(rungs=["0.2M", "10M"], points=[[4096], [4096, 20480], [8192]], seeds=[0, 1]))
    (mixture,) = made.mixtures.values()
    assert mixture.tokens == 20480
    assert len({run.run_id for run in made.runs}) == len(made.runs) == 12


def test_a_rule_that_depends_on_the_budget_has_a_view_for_each():
    points = [[4096], [8192]]
    assert len(drafted(**grid(points=points, mixtures=[{"proportions": "unimax"}])).mixtures) == 2
    assert len(drafted(**grid(points=points)).mixtures) == 1
    redistributed = BASE.model_copy(update={"redistribute": True})
    assert len(drafted(redistributed, **grid(points=points)).mixtures) == 2


@pytest.mark.parametrize(
    "other",
    [
        grid(seeds=[1]),
        grid(points=[[8192]]),
        grid(rungs=["10M"]),
        grid(strategies=["prompt"]),
        grid(mixtures=[{"proportions": {"python": 0.6, "parallel": 0.4}}]),
        grid(mixtures=[{"proportions": HALVES, "components": {"python": {"unique_tokens": 9}}}]),
        {**grid(), "train": {**TRAIN, "schedule": {"learning_rate": 0.01}}},
        {**grid(), "train": {**TRAIN, "batch_tokens": 4096}},
        {**grid(), "train": {**TRAIN, "engine": {"precision": "bf16"}}},
        {**grid(), "pools": {**POOLS, "concat": "d" * 64}},
        {**grid(), "base": BASE.model_copy(update={"sequence_length": 256})},
    ],
)
def test_what_decides_a_run_changes_its_identity(other):
    assert ids(**other) != ids(**grid())


@pytest.mark.parametrize(
    "other",
    [
        grid(rungs=["0.2M", "10M"], points=[[4096], [8192]]),
        grid(mixtures=[{"name": "half", "proportions": {"parallel": 0.5, "python": 0.5, "go": 0}}]),
        grid(mixtures=[{"proportions": HALVES, "components": {"python": {"max_epochs": 9}}}]),
        {
            **grid(),
            "train": {**TRAIN, "micro_batch": 2, "tracking": {"tensorboard": True}, "launch": {"device": "cpu"}},
        },
        {**grid(), "train": {**TRAIN, "engine": {"backend": "deepspeed", "stage": 2}}},
        {**grid(), "base": BASE.model_copy(update={"max_epochs": 8.0})},
        {**grid(), "output": "elsewhere"},
    ],
)
def test_what_does_not_decide_a_run_leaves_its_identity(other):
    assert ids(**grid())[0] in ids(**other)


def test_a_mixture_without_pairs_has_one_identity_whatever_the_strategy():
    alone = [{"proportions": {"python": 1.0}}]
    made = drafted(**grid(mixtures=alone, strategies=["concat", "shuffled", "none", None]))
    assert [run.strategy for run in made.runs] == ["none"]
    assert len(made.mixtures) == 1


def test_strategies_need_pools_of_their_own():
    config = sweep(**grid(strategies=["shuffled", "prompt", None]))
    assert forms(BASE, wanted_runs(config)) == ["concat", "prompt", "shuffled"]
    made = drafted(**grid(strategies=["shuffled", "prompt", None]))
    assert [run.strategy for run in made.runs] == ["shuffled", "prompt", "concat"]
    assert len({mix.name for mix in made.mixtures.values()}) == 3


def test_a_run_that_cannot_be_is_named():
    with pytest.raises(ConfigError, match=r"run 1 \(0.2M, \[2048, 2050\] tokens"):
        drafted(**grid(points=[[4096], [2048, 2050]]))
    with pytest.raises(ConfigError, match=r"run 0.*is not on the ladder"):
        drafted(**grid(rungs=["12B"]))
    with pytest.raises(ConfigError, match=r"(?s)run 0.*schedule\.kind: cosine"):
        drafted(**grid(points=[[4096, 8192]]), train={**TRAIN, "schedule": {"kind": "cosine"}})


def test_one_run_with_branches_costs_less_than_a_run_for_each_point():
    schedule = ScheduleConfig(warmup_share=0.0)
    points = [n * 1024 * 1000 for n in (2, 4, 8, 16, 32, 64)]
    together = steps_for(points, 1024, 128, schedule)
    apart = sum(steps_for([point], 1024, 128, schedule).tokens for point in points)
    # the trunk to 0.9 of the last point, and 0.1 of every point
    assert together.tokens == round(0.9 * points[-1] + 0.1 * sum(points))
    assert apart == sum(points)
    assert together.sequences == points[-1] // 128
    assert together.tokens / apart == pytest.approx(0.557, abs=1e-3)


def test_hours_of_a_device():
    shape = rung("1.3B")
    flops = flops_of(shape, 32_000, 4096, 10**9)
    assert flops == shape.flops_per_token(32_000, 4096) * 1e9
    assert gpu_hours(3.6e18, 1e15, 0.5) == pytest.approx(2.0)
    assert gpu_hours(flops, None, 0.5) is None
