"""Warnings of an average: nothing that a member says is lost, and it stays a short table."""

import numpy as np
import pytest

from fit.commands.run_warnings import PLAIN, TOGETHER, warnings
from fit.estimate.estimate import fit
from fit.points import places, points
from fit.select.together import fit_average


@pytest.fixture(scope="module")
def data():
    """Two targets; larger models are worse on the first, better on the second."""
    n, d = (values.ravel() for values in np.meshgrid(np.geomspace(1e7, 3e8, 4), np.geomspace(1e9, 3e10, 5)))
    worse = (1.5 + 300 / d**0.3) * (1 + 0.01 * np.log(n / 1e7))
    better = 1.5 + 90 / n**0.3 + 300 / d**0.3
    losses = np.stack([worse, better], axis=1) * np.exp(0.002 * np.random.default_rng(0).normal(size=(20, 2)))
    return points(places(n, d), losses, ("worse", "better"))


@pytest.fixture(scope="module")
def averaged(data):
    return fit_average(data, ("chinchilla", "chinchilla-tied"), starts=6, shorten=False)


def test_that_size_does_not_matter_to_a_law_is_said_in_plain_words(data, averaged):
    rows = warnings(averaged, (), as_json=False)
    assert rows[0]["warning"] == PLAIN["A"]
    assert "chinchilla 1 of 2" in rows[0]["targets"]
    (single,) = [row for row in warnings(fit(data, "chinchilla", starts=6), (), False) if row["warning"] == PLAIN["A"]]
    assert single["targets"] == "worse"


def test_every_flag_of_every_member_is_in_the_json(averaged):
    said = {row["warning"].partition(" [")[0] for row in warnings(averaged, (), as_json=True)}
    flags = {flag for member in averaged.members for made in member.targets.values() for flag in made.flags}
    assert flags
    assert flags <= said
    assert any("lower bound" in flag for flag in flags)


def test_the_table_is_short_and_says_how_many_targets_of_which_law(averaged):
    rows = warnings(averaged, ("a note",), as_json=False)
    assert rows[0] == {"targets": "all", "warning": "a note"}
    texts = [row["warning"] for row in rows]
    assert len(texts) == len(set(texts))
    assert sum("trade for each other" in text for text in texts) <= 1
    if TOGETHER in texts:
        assert not any("correlation" in text for text in texts)
    bounds = [row for row in rows if "stands at its lower bound" in row["warning"]]
    assert bounds
    assert all("chinchilla" in row["targets"] or row["targets"] == "all" for row in bounds)
