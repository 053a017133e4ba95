"""The table of models: the truth wins, what cannot be fitted is told, baselines are always there."""

import sys

import numpy as np
import pytest
from select_worlds import ladder, line

from contracts.errors import ConfigError, StageError
from fit.laws.registry import LAWS
from fit.points import places, points
from fit.select import models
from fit.select.baselines import BASELINES
from fit.select.compare import compare, default_models
from fit.select.score import score_of
from fit.select.trees import fit_trees


@pytest.fixture(scope="module")
def compared():
    return compare(ladder(), ["transfer", "chinchilla", "gp"], ["largest-n", "mixtures"], folds=2, starts=4)


def test_the_law_that_the_data_follow_is_chosen(compared):
    for kind in ("largest-n", "mixtures"):
        best = compared.best(kind, laws_only=True)
        assert best.model == "transfer"
        assert best.error < 0.01
    assert compared.best("largest-n").model == "transfer"
    assert compared.advice()[0].startswith("largest-n: transfer is best")


def test_the_baselines_always_take_part(compared):
    assert set(BASELINES) <= {score.model for score in compared.scores}


def test_a_table_has_every_model_on_every_kind_of_split(compared):
    rows = [score.row() for score in compared.summary()]
    assert len(rows) == 2 * (3 + len(BASELINES))
    by = {(row["model"], row["split"]): row for row in rows}
    transfer, mean = by["transfer", "mixtures"], by["mean", "mixtures"]
    assert transfer["Spearman"] > 0.98
    assert mean["Spearman"] is None
    assert 20 <= transfer["95 % holds %"] <= 100
    assert mean["95 % holds %"] is None
    assert mean["MRE %"] > 5 * transfer["MRE %"]
    assert next(iter(by)) == ("transfer", "largest-n")


def test_scores_are_what_they_say():
    data = line()

    class Off:
        names, components = data.targets, ()

        def predict(self, inputs):
            return 1.1 * data.losses

    found = score_of("x", "law", "s", Off(), data)
    assert found.error == pytest.approx(0.1)
    assert found.bias == pytest.approx(0.1)
    assert found.absolute == pytest.approx(0.1 * data.losses.mean())
    assert found.rank == pytest.approx(1.0)
    assert found.coverage is None


def test_a_law_that_cannot_be_fitted_is_a_row_with_the_reason():
    data = line().take(np.arange(0, 40, 5))  # five sizes, few rows
    found = compare(data, ["chinchilla", "chinchilla-tied"], ["rollout"], starts=2)
    failed = [score for score in found.scores if score.failed]
    assert {score.model for score in failed} >= {"chinchilla"}
    assert all("needs at least" in score.failed for score in failed if score.model == "chinchilla")
    assert any(score.model == "mean" and not score.failed for score in found.scores)


def test_a_missing_lightgbm_is_told_and_stops_nothing(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(StageError, match=r"glotmix\[trees\]"):
        fit_trees(line())
    found = compare(line(), ["trees", "chinchilla"], ["largest-n"], starts=2)
    (row,) = [s.row() for s in found.summary() if s.model == "trees"]
    assert row["MRE %"] is None
    assert "pip install" in row["note"]


def test_trees_learn_what_is_inside_the_data():
    pytest.importorskip("lightgbm")
    data = ladder(mixtures=30, sizes=2)
    data = points(data.inputs, data.losses[:, 0])
    predicted = fit_trees(data).predict(data.inputs)
    assert np.abs(predicted / data.losses - 1).mean() < 0.03


def test_missing_losses_of_a_target_do_not_stop_the_others():
    data = ladder()
    losses = np.array(data.losses)
    losses[data.inputs.n == data.inputs.n.max(), 2] = np.nan
    data = points(data.inputs, losses, data.targets, data.runs)
    found = compare(data, ["gp"], ["largest-n"], starts=2)
    (gp,) = [s for s in found.scores if s.model == "gp"]
    assert set(gp.by_target) == {"a", "b"}
    assert np.isfinite(gp.error)


def test_an_unknown_model_lists_the_known():
    with pytest.raises(ConfigError, match="chinchilla"):
        compare(line(), ["einstein"], ["largest-n"])


def test_a_process_on_the_residual_of_a_wrong_law_mends_it_inside_the_data():
    data = ladder(sizes=2, mixtures=30)
    train, held = data.take(data.runs % 4 > 0), data.take(data.runs % 4 == 0)
    plain = models.model_of("chinchilla", list(LAWS), starts=4).train(train)
    mended = models.model_of("chinchilla+gp", list(LAWS), starts=4).train(train)
    error = [np.abs(m.predict(held.inputs) / held.losses - 1).mean() for m in (plain, mended)]
    assert error[1] < 0.3 * error[0]


def test_where_a_baseline_wins_it_is_said():
    data = ladder(sizes=3)
    losses = data.losses * np.exp(0.3 * np.round(data.inputs.shares[:, :1] * 8 % 1))  # no smooth law has such steps
    found = compare(points(data.inputs, losses, data.targets, data.runs), ["chinchilla"], ["largest-n"], starts=2)
    assert found.best("largest-n").kind == "baseline"
    assert "No law beats the baseline" in found.advice()[0]


def test_which_laws_a_process_mends_is_settled_before_anything_is_scored():
    mended = [name for name in default_models(ladder()) if name.endswith("+gp")]
    assert mended == ["transfer+gp", "joint+gp"]
    assert [name for name in default_models(line()) if name.endswith("+gp")] == ["chinchilla+gp"]
    assert set(LAWS) < set(default_models(line()))


def test_too_many_points_for_a_process_are_told_in_its_row():
    inputs = places(1e7, 1e8, np.random.default_rng(0).dirichlet(np.ones(3), 3000), ("a", "b", "c"))
    found = compare(points(inputs, 1 + inputs.shares[:, 0]), ["gp"], ["mixtures"], folds=5)
    (row,) = [score.row() for score in found.summary() if score.model == "gp"]
    assert row["MRE %"] is None
    assert "at most 2,000" in row["note"]
