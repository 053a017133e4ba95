import pytest

torch = pytest.importorskip("torch")

from contracts.errors import ConfigError
from train.evaluation import sandbox, toolchains
from train.evaluation.generation import Sampling
from train.evaluation.problems import Problem
from train.evaluation.solving import solve

needs_isolation = pytest.mark.skipif(sandbox._no_isolation() is not None, reason=str(sandbox._no_isolation()))

OPTIONS = {"length": 64, "batch": 4, "max_new_tokens": 6, "execute": True}
COMMENT = Problem("any", "python", "x = 1  # ", "assert x == 1", ("\n",))
"""Whatever a model writes up to the end of the line is a comment."""
WRONG = Problem("none", "python", "x = 1  # ", "assert x == 2", ("\n",))


def test_nothing_is_run_unless_allowed(sets, model):
    with pytest.raises(ConfigError, match="allow that with --execute"):
        solve(sets.folder, model, [COMMENT], **OPTIONS | {"execute": False})


def test_many_greedy_samples_are_refused(sets, model):
    with pytest.raises(ConfigError, match="greedy ones would be equal"):
        solve(sets.folder, model, [COMMENT], samples=2, **OPTIONS)


@needs_isolation
def test_problems_are_solved_or_not_and_every_trial_is_told(sets, model):
    [solved], trials = solve(sets.folder, model, [COMMENT, WRONG], workers=2, **OPTIONS)
    assert solved.rates == {1: 0.5} and solved.statuses == {"passed": 1, "failed": 1}
    assert [(t.problem, t.status) for t in trials] == [("any", "passed"), ("none", "failed")]
    assert "AssertionError" in trials[1].errors and "\n" not in trials[0].text


@needs_isolation
def test_drawn_samples_give_pass_at_1_and_10(sets, model):
    sampling = Sampling(1.5, 1.0)
    [solved], trials = solve(sets.folder, model, [COMMENT], samples=10, sampling=sampling, **OPTIONS)
    assert solved.rates == {1: 1.0, 10: 1.0} and [t.sample for t in trials] == list(range(10))
    assert len({t.text for t in trials}) > 1


@needs_isolation
def test_a_language_without_toolchain_is_not_run_and_not_failed(sets, model, monkeypatch):
    monkeypatch.setattr(toolchains, "_which", lambda *names: None)
    toolchains.usable.cache_clear()
    go = Problem("any", "go", "package main\n", "")
    python, missing = solve(sets.folder, model, [go, COMMENT], **OPTIONS)[0]
    toolchains.usable.cache_clear()
    assert python.rates == {1: 1.0}
    assert missing.rates is None and missing.note == "not run: no toolchain: go is not on the PATH"
    assert (missing.problems, missing.statuses) == (1, {})
