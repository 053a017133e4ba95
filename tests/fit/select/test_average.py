"""Averages: the mean, the interval, JSON and back."""

import json
from dataclasses import replace

import numpy as np
import pytest
from select_worlds import chinchilla, ladder, line

from contracts.errors import ConfigError, StageError
from fit.estimate.estimate import fit
from fit.points import places
from fit.select.average import average, restore
from fit.select.baselines import mean
from fit.select.deviation import interval
from fit.select.sizes import Sizes
from fit.select.splits import largest_n
from fit.select.together import chosen, default_laws, fit_average


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
    assert [set(known) for known in again.covariances] == [{"loss"}, {"loss"}]
    assert (again.labels, again.weights, again.scale) == (made.labels, made.weights, made.scale)


def test_the_parameters_are_uncertain_too_and_the_more_so_farther_out(members):
    data, found = members
    blind = average(found, np.array([0.001]))
    known = [{"loss": np.diag(np.full(m.targets["loss"].law.size, 1e-4))} for m in found.values()]
    knows = average(found, np.array([0.001]), covariances=known)
    places_ = data.inputs
    member = found["chinchilla"].targets["loss"]
    slopes = member.law.evaluate(member.theta[None], member.law.features(places_))[1][0]
    other = found["chinchilla-tied"].targets["loss"]
    more = other.law.evaluate(other.theta[None], other.law.features(places_))[1][0]
    within = 1e-4 * ((slopes**2).sum(axis=1) + (more**2).sum(axis=1)) / 2
    expected = np.sqrt(blind.deviation(places_)[:, 0] ** 2 + within)
    assert knows.deviation(places_)[:, 0] == pytest.approx(expected)
    made = fit_average(data, tuple(found), starts=4, shorten=False)
    far = places(np.array([1e9, 1e11]), np.array([1e11, 1e13]))
    without = replace(made, covariances=())
    assert (made.deviation(far) > without.deviation(far)).all()


def test_intervals_of_ladders_hold_the_truth_at_ten_times_the_scale():
    far = places(np.array([1.6e9, 1.6e9, 1.6e8]), np.array([3e11, 3e12, 3e12]))
    held = []
    for seed in range(8):
        made = fit_average(line(count=25, noise=0.005, seed=seed), starts=4, shorten=False)
        low, high = interval(made, far)
        truth = chinchilla(far.n, far.d)
        held.append((low[:, 0] <= truth) & (truth <= high[:, 0]))
    assert np.mean(held) >= 0.85


def test_what_is_left_at_sizes_moves_predictions_and_widens_beyond(members):
    _, found = members
    plain = average(found, np.array([0.001]))
    made = replace(plain, sizes=Sizes((1e7, 1e8), ((0.0,), (0.02,))))
    at = places(np.array([1e7, 1e8, 1e9]), 1e10)
    assert made.predict(at) / plain.predict(at) == pytest.approx(np.exp([[0.0], [0.02], [0.02]]))
    wider = made.deviation(at) ** 2 - plain.deviation(at) ** 2
    assert wider[:, 0] == pytest.approx([0.0, 0.0, 0.02**2], abs=1e-12)
    again = restore(json.loads(json.dumps(made.record())))
    assert again.sizes == made.sizes


def test_laws_that_cannot_be_judged_are_left_out_unless_none_can():
    kept, evidence = chosen({"a": 0.01, "b": 0.03, "c": float("nan"), "d": 0.015}, {"e": "too few points"})
    assert kept == ["a", "d"]
    said = {row["what"]: (row["decision"], row["why"]) for row in evidence}
    assert {what: decision for what, (decision, _) in said.items()} == {
        "law a": "averaged",
        "law b": "left out",
        "law c": "left out",
        "law d": "averaged",
        "law e": "left out",
    }
    assert said["law e"][1] == "cannot be judged: too few points"
    assert said["law c"][1].startswith("cannot be judged")
    kept, evidence = chosen({"c": float("nan")}, {"e": "too few points"})
    assert kept == ["c", "e"]
    assert {row["decision"] for row in evidence} == {"averaged"}


def test_a_law_with_too_many_parameters_for_the_smaller_sizes_is_left_out():
    data = line(count=10).take(np.array([0, 2, 3, 4, 6, 8, 9]))  # 5 below the largest size, where one law needs 6
    made = fit_average(data, ("chinchilla-tied", "chinchilla"), starts=4, shorten=False)
    assert made.labels == ("chinchilla-tied",)
    (row,) = [row for row in made.evidence if row["what"] == "law chinchilla"]
    assert row["decision"] == "left out"
    assert "cannot be judged" in row["why"]


def test_with_two_sizes_it_is_said_that_nothing_was_judged():
    data = ladder(sizes=2)
    (row,) = [r for r in fit_average(data, ("additive",), starts=2).evidence if r["what"] == "roll-out"]
    assert "at least 3" in row["why"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": "glotmix fit 1"},
        {"members": []},
        {"weights": [1.0]},
        {"noise": []},
        {"labels": None},
        {"covariances": [{}]},
        {"covariances": [{"loss": [[1.0]]}, {}]},
        {"sizes": {"n": [1e8], "left": []}},
        {"sizes": {"n": [1e8], "left": [[0.0, 0.0]]}},
    ],
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


def test_laws_that_say_the_same_at_one_scale_are_not_averaged_twice():
    assert default_laws(ladder()) == ("additive", "transfer", "joint", "capacity")
    assert default_laws(ladder(sizes=1, budgets=(20,))) == ("additive", "transfer", "capacity")
    assert default_laws(ladder(sizes=1)) == ("additive", "transfer", "joint", "capacity")
    assert default_laws(line()) == ("chinchilla", "chinchilla-tied")
