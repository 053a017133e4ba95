"""Ready-made designs: as many runs as the study has, and the same data where it repeats."""

import pytest
from pydantic import TypeAdapter

from contracts.languages import LANGUAGE_NAMES
from train.sweep.config import Design, Wanted
from train.sweep.designs import expand


def runs(**options) -> list[Wanted]:
    return expand(TypeAdapter(Design).validate_python(options))


@pytest.mark.parametrize(
    ("options", "count", "points"),
    [
        ({"name": "paper-languages"}, 70, 420),
        ({"name": "paper-languages", "one_run_per_point": True}, 420, 420),
        ({"name": "paper-languages", "scale": 0.001}, 70, 420),
        ({"name": "paper-languages", "scale": 0.01, "sizes": "rungs"}, 28, 168),
        ({"name": "paper-languages", "languages": ["python", "go"], "seeds": [0, 1]}, 40, 240),
        ({"name": "paper-synergy"}, 28, 28),
        ({"name": "paper-synergy", "scale": 0.001, "seeds": [0, 1, 2]}, 84, 84),
        ({"name": "paper-strategies"}, 15, 15),
        (
            {
                "name": "repetition",
                "rungs": ["0.2M", "10M"],
                "unique_tokens": [10000, 40000],
                "epochs": [1, 4, 16],
                "proportions": {"python": 1.0},
            },
            4,
            12,
        ),
    ],
)
def test_the_number_of_runs_and_points(options, count, points):
    found = runs(**options)
    assert len({run.model_dump_json() for run in found}) == len(found) == count
    assert sum(len(run.tokens) for run in found) == points


def test_tokens_are_scaled_exactly():
    assert {run.tokens for run in runs(name="paper-languages", scale=0.001)} == {
        (2_000_000, 4_000_000, 8_000_000, 16_000_000, 32_000_000, 64_000_000)
    }
    assert {run.tokens for run in runs(name="paper-synergy", scale=0.001)} == {(128_000_000,)}
    assert {run.tokens for run in runs(name="paper-strategies", scale=0.001)} == {(1_000_000_000,)}
    own = runs(name="paper-strategies", scale=0.001, scale_tokens=1e-6)
    assert {run.tokens for run in own} == {(1_000_000,)}
    assert [run.shape for run in own] == [run.shape for run in runs(name="paper-strategies", scale=0.001)]


def test_a_language_has_the_same_documents_in_pairs_and_alone():
    found = runs(name="paper-synergy", scale=0.001)
    alone = [run for run in found if len(run.proportions) == 1]
    pairs = [run for run in found if len(run.proportions) == 2]
    assert (len(alone), len(pairs)) == (7, 21)
    assert {limits.unique_tokens for run in found for limits in run.components.values()} == {64_000_000}
    for run in alone:  # the same tokens twice
        (limits,) = run.components.values()
        assert limits.unique_tokens * 2 == run.tokens[0]
        assert limits.max_epochs == 4.0
    assert {tuple(run.proportions) for run in alone} == {(name,) for name in LANGUAGE_NAMES}


def test_strategies_differ_in_nothing_but_the_form():
    found = runs(name="paper-strategies", scale=0.001, proportions={"parallel": 0.9, "text": 0.1})
    assert [run.strategy for run in found[:3]] == ["shuffled", "concat", "prompt"]
    assert len({run.model_dump_json(exclude={"strategy", "mixture"}) for run in found}) == 5


def test_repetition_shares_its_unique_tokens_among_components():
    (run,) = runs(
        name="repetition",
        rungs=["0.2M"],
        unique_tokens=[10_000],
        epochs=[4, 1, 2.5],
        proportions={"python": 0.75, "go": 0.25, "rust": 0},
    )
    assert run.tokens == (10_000, 25_000, 40_000)
    assert {name: limits.unique_tokens for name, limits in run.components.items()} == {"python": 7_500, "go": 2_500}
