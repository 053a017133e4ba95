"""Averages: the mean, the interval, JSON and back."""

import json

import numpy as np
import pytest
from select_worlds import ladder, line

from contracts.errors import ConfigError, StageError
from fit.estimate.estimate import fit
from fit.select.average import average, restore
from fit.select.baselines import mean
from fit.select.deviation import interval
from fit.select.splits import largest_n
from fit.select.together import fit_average


@pytest.fixture(scope="module")
def members():
    data = line()
    return data, {law: fit(data, law, starts=6) for law in ("chinchilla", "chinchilla-tied")}


def test_it_is_the_geometric_mean(members):
    data, found = members
    one, two = (m.predict(data.inputs) for m in found.values())
    equal = average(found, np.array([0.001]))
    assert equal.predict(data.inputs) == pytest.approx(np.sqrt(one * two))
    first = average(found, np.array([0.001]), weights={"chinchilla": 2, "chinchilla-tied": 0})
    assert first.predict(data.inputs) == pytest.approx(one)


def test_the_deviation_is_disagreement_and_noise(members):
    data, found = members
    logs = np.log(np.stack([m.predict(data.inputs) for m in found.values()]))
    expected = np.sqrt(logs.var(axis=0, ddof=1) + 0.003**2)
    assert average(found, np.array([0.003])).deviation(data.inputs) == pytest.approx(expected)
    assert average(found, np.array([0.003]), scale=2.0).deviation(data.inputs) == pytest.approx(2 * expected)


def test_json_and_back_predicts_the_same(members):
    data, found = members
    made = fit_average(data, tuple(found), starts=6)
    again = restore(json.loads(json.dumps(made.record())))
    assert again.predict(data.inputs) == pytest.approx(made.predict(data.inputs), rel=1e-12)
    assert again.deviation(data.inputs) == pytest.approx(made.deviation(data.inputs), rel=1e-12)
    assert again.evidence == made.evidence
    assert (again.labels, again.weights, again.scale) == (made.labels, made.weights, made.scale)


@pytest.mark.parametrize(
    "change",
    [{"format": "glotmix fit 1"}, {"members": []}, {"weights": [1.0]}, {"noise": []}, {"labels": None}],
)
def test_a_damaged_average_is_refused(members, change):
    record = fit_average(members[0], ("chinchilla", "chinchilla-tied"), starts=4).record() | change
    with pytest.raises(ConfigError, match=r"fit\.json"):
        restore(record, "fit.json")


def test_only_laws_can_be_written(members):
    data, _ = members
    with pytest.raises(ConfigError, match="baseline"):
        average({"baseline": mean(data)}, np.array([0.01])).record()


def test_the_interval_holds_most_of_a_larger_size():
    data = ladder(sizes=5, noise=0.003)
    (split,) = largest_n(data)
    made = fit_average(data.take(split.train), ("transfer", "additive"), starts=4)
    low, high = interval(made, data.inputs.take(split.test))
    held = data.losses[split.test]
    assert ((low <= held) & (held <= high)).mean() > 0.85
    assert np.median(high / low) < 1.1  # and is no trivial one


def test_a_law_of_the_wrong_form_is_left_out_with_evidence():
    data = ladder(sizes=4)
    made = fit_average(data, ("chinchilla", "transfer"), starts=4)  # one does not see the mixture
    assert made.labels == ("transfer",)
    (row,) = [row for row in made.evidence if row["decision"] == "left out"]
    assert row["what"] == "law chinchilla"
    assert "times the best law" in row["why"]


def test_without_points_enough_the_reason_is_told():
    data = line().take(np.arange(3))
    with pytest.raises(StageError, match="it needs at least"):
        fit_average(data, ("chinchilla",))


def test_the_start_of_training_is_left_out_by_itself():
    data = line(count=60, transient=0.5, width=5e8)
    made = fit_average(data, ("chinchilla",), starts=6)
    (row,) = [row for row in made.evidence if row["what"] == "least tokens of loss for chinchilla"]
    assert 1e8 < float(row["decision"]) < 1e10
    assert made.members[0].targets["loss"].rows < len(data)
    whole = fit_average(data, ("chinchilla",), starts=6, shorten=False)
    assert whole.members[0].targets["loss"].rows == len(data)
