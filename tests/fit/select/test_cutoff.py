"""The least tokens: a planted start of training is found, none is invented."""

import numpy as np
import pytest
from select_worlds import chinchilla, ladder, line

from fit.estimate.cutoff import by_compute, cut, cutoff
from fit.estimate.estimate import fit_target
from fit.points import places, points


def error_beyond(data, least):
    kept = cut(data, {"loss": least})
    far = places(np.array([1e9, 3e9]), np.array([1e11, 3e11]))
    found = fit_target(kept, "loss", "chinchilla", starts=8)
    return float(np.abs(found.predict(far) / chinchilla(far.n, far.d) - 1).max())


def test_a_planted_transient_is_cut_off_and_the_law_extrapolates():
    data = line(count=60, transient=0.5, width=5e8)
    chosen = cutoff(data, "loss")
    assert 1e8 < chosen.d_min < 1e10
    assert "falls from" in chosen.reason
    assert error_beyond(data, chosen.d_min) < 0.5 * error_beyond(data, 0.0)
    assert error_beyond(data, chosen.d_min) < 0.05


def test_without_a_transient_all_rows_stay():
    chosen = cutoff(line(count=60), "loss")
    assert chosen.d_min == 0.0
    assert len(chosen.trials) > 4
    assert chosen.trials[0].error < 0.01


def test_nothing_beyond_the_points_decides():
    data = line(count=30, transient=0.5)
    below = data.take(data.inputs.n < data.inputs.n.max())
    changed = points(data.inputs, np.where(data.inputs.n == data.inputs.n.max(), 9.0, data.losses[:, 0]))
    assert cutoff(below, "loss") == cutoff(changed.take(changed.inputs.n < data.inputs.n.max()), "loss")


@pytest.mark.parametrize("kept", [lambda p: p.inputs.n == p.inputs.n.min(), lambda p: np.arange(len(p)) % 8 == 0])
def test_where_it_cannot_be_judged_all_rows_stay_and_the_reason_is_told(kept):
    data = line()
    chosen = cutoff(data.take(kept(data)), "loss")
    assert chosen.d_min == 0.0
    assert chosen.reason.startswith("all rows:")
    assert not chosen.trials


def test_a_cut_is_a_mask_of_one_target():
    data = ladder()
    least = float(np.median(data.inputs.d))
    kept = cut(data, {"a": least})
    below = data.inputs.d < least
    assert np.isnan(kept.losses[below, 0]).all()
    assert np.isfinite(kept.losses[:, 1:]).all()
    assert kept.excluded == {"losses below the least tokens of their target": int(below.sum())}
    assert cut(data, {"a": 0.0}) is data
    everywhere = cut(data, dict.fromkeys(data.targets, least))
    assert len(everywhere) == int((~below).sum())


def test_weights_follow_compute():
    data = line()
    heavy = by_compute(data, 0.5)
    assert heavy.weights.mean() == pytest.approx(1.0)
    ratio = heavy.weights[-1] / heavy.weights[0]
    assert ratio == pytest.approx((data.flops[-1] / data.flops[0]) ** 0.5)
    assert by_compute(data, 0) is data


def test_weighting_by_compute_is_tried_where_asked():
    chosen = cutoff(line(count=30, transient=0.5), "loss", powers=(0.0, 0.5))
    assert {trial.power for trial in chosen.trials} == {0.0, 0.5}
