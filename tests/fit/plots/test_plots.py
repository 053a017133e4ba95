"""Figures: the arrays say what the fit says, the files are the same every time."""

import numpy as np
import pytest

from contracts.allocation import Allocation, Interval
from contracts.errors import StageError
from fit.bands import uncertainty
from fit.estimate.estimate import fit
from fit.plots.canvas import save
from fit.plots.curves import curves
from fit.plots.figures import figures, mixture
from fit.plots.isoloss import isoloss
from fit.plots.proportions import proportions
from fit.plots.residuals import residuals
from fit.plots.synergy import synergy
from fit.points import places, points

NAMES = ("a", "b")


@pytest.fixture(scope="module")
def measured():
    rng = np.random.default_rng(0)
    n, d, p = (x.ravel() for x in np.meshgrid([5e7, 2e8, 8e8], [1e9, 4e9, 1.6e10], [0.1, 0.4, 0.7, 0.95]))
    shares = np.stack([p, 1 - p], axis=1)
    worth = np.stack([p + 0.1 * (1 - p), 1 - p + 0.4 * p], axis=1)
    loss = 1.5 + (300 / n**0.32)[:, None] + 900 / (d[:, None] * worth) ** 0.34
    data = points(places(n, d, shares, NAMES), loss * np.exp(0.002 * rng.normal(size=loss.shape)), NAMES)
    return data, fit(data, "transfer", starts=6)


@pytest.fixture(scope="module")
def plain():
    n, d = (x.ravel() for x in np.meshgrid(np.geomspace(5e7, 1e9, 5), np.geomspace(1e9, 1e11, 5)))
    data = points(places(n, d), 1.8 + 480 / n**0.35 + 480 / d**0.35)
    return data, fit(data, "chinchilla")


def test_the_best_size_for_a_compute_is_where_the_law_says(plain):
    data = isoloss(plain[1], plain[1].ranges, np.zeros(0))
    kept = data.best[np.isfinite(data.best).all(axis=1)]
    assert len(kept) > 5
    assert np.allclose(kept[:, 0], kept[:, 1], rtol=0.1)  # both terms alike: as many tokens as parameters
    assert (np.diff(data.loss, axis=0) < 0).all() and (np.diff(data.loss, axis=1) < 0).all()


def test_curves_have_bands_that_hold_the_points(measured):
    data, found = measured
    sure = uncertainty(found, data, 30)
    lines = curves(found, found.ranges, np.array([0.4, 0.6]), data, sure.drawn, sure.noise)
    assert {(line.target, round(line.n)) for line in lines} == {(t, n) for t in NAMES for n in (5e7, 2e8, 8e8)}
    for line in lines:
        assert line.low is not None and (line.low < line.loss).all() and (line.loss < line.high).all()
        assert len(line.measured) == 12
    assert curves(found, found.ranges, np.array([0.4, 0.6]))[0].low is None


def test_synergy_has_ones_for_a_language_itself_and_none_for_laws_without_it(measured, plain):
    found = synergy(measured[1])
    assert found is not None
    assert np.allclose(np.diag(found.tau), 1) and np.isfinite(found.tau).all()
    assert synergy(plain[1]) is None


def test_residuals_are_what_is_left_beside_the_law(measured):
    data, found = measured
    left = residuals(found, data)
    assert np.allclose(found.predict(data.inputs) * np.exp(left.percent / 100), data.losses)
    assert np.array_equal(left.share, data.inputs.shares)
    assert np.abs(left.percent).max() < 1.5


def test_proportions_stand_in_order_with_their_intervals():
    given = Allocation(weights={"a": 0.2, "b": 0.5, "c": 0.3}, intervals={"b": Interval(low=0.4, high=0.6)})
    found = proportions(given)
    assert found.names == ("b", "c", "a")
    assert (found.low[0], found.high[0]) == (0.4, 0.6)
    assert np.isnan(found.low[1:]).all()


def test_everything_there_is_to_draw_is_drawn(measured, tmp_path):
    data, found = measured
    given = Allocation(weights={"a": 0.25, "b": 0.75}, intervals={"a": Interval(low=0.2, high=0.3)})
    written = figures(tmp_path, found, data, given)
    assert {path.stem for path in written} == {"curves", "isoloss", "synergy", "allocation", "residuals"}
    assert all(path.stat().st_size > 5000 for path in written)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_fit_gives_the_same_bytes(plain, tmp_path, kind):
    first, second = (figures(tmp_path / str(i), plain[1], kind=kind) for i in range(2))
    assert len(first) == 2
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_an_svg_holds_no_date(tmp_path):
    save(tmp_path / "a.svg", lambda figure: figure.add_subplot().plot([1, 2], [3, 4]))
    assert "<dc:date>" not in (tmp_path / "a.svg").read_text()


def test_without_sizes_and_a_mixture_only_what_there_is_is_drawn(tmp_path):
    rng = np.random.default_rng(0)
    d = np.geomspace(1e9, 1e11, 12)
    data = points(places(np.full(12, 1e8), d), (2 + 900 / d**0.34) * np.exp(0.001 * rng.normal(size=12)))
    made = figures(tmp_path, fit(data, "chinchilla"), data)
    assert {path.stem for path in made} == {"curves", "residuals"}


def test_an_allocation_of_other_components_is_refused(measured):
    with pytest.raises(StageError, match=r"share of rust, which the fit does not know"):
        mixture(measured[1], Allocation(weights={"a": 0.5, "rust": 0.5}))
    assert np.allclose(mixture(measured[1], None), 0.5)
