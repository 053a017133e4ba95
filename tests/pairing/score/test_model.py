import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from contracts.languages import LANGUAGE_NAMES
from pairing.score.evidence import DIRECT, GROUPED
from pairing.score.model import Logistic, PairModel, score
from pairing.score.shipped import shipped

from .conftest import graph_of, graphs


def test_the_shipped_model_has_a_coefficient_for_each_column_that_is_read():
    model = shipped()
    assert (model.direct.columns, model.grouped.columns) == (DIRECT, GROUPED)
    for stage in (model.direct, model.grouped):
        assert len(stage.coefficients) == len(stage.columns)
        assert np.isfinite([*stage.coefficients, stage.intercept]).all()
    assert model.note


def test_the_shipped_curve_rises_in_both_and_reaches_what_people_ask_for():
    model = shipped()
    assert 0 < model.threshold < 1
    for values in zip(*model.curve, strict=True):
        assert list(values) == sorted(set(values)) and 0 < values[0] < values[-1] <= 1
    assert model.threshold_for(0.98) is not None


def test_the_shipped_prevalences_are_shares_that_grow_with_the_languages_up_to_what_is_calibrated_for():
    model = shipped()
    numbers, shares = zip(*model.prevalence, strict=True)
    assert (numbers[0], numbers[-1]) == (2, len(LANGUAGE_NAMES))
    assert list(shares) == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= model.calibrated < 1


@pytest.mark.parametrize(("precision", "expected"), [(0.0, 0.1), (0.8, 0.1), (0.81, 0.5), (0.9, 0.5), (0.91, None)])
def test_a_precision_means_the_lowest_probability_that_reaches_it(precision, expected):
    model = replace(shipped(), curve=((0.1, 0.8), (0.5, 0.9)))
    assert model.threshold_for(precision) == expected


def test_a_model_survives_json_and_other_columns_are_refused():
    model = shipped()
    record = {
        "direct": model.direct.record(),
        "grouped": model.grouped.record(),
        "threshold": model.threshold,
        "curve": model.curve,
        "calibrated": model.calibrated,
        "prevalence": dict(model.prevalence),
        "note": model.note,
    }
    assert PairModel.restore(json.loads(json.dumps(record))) == model
    for key in ("calibrated", "prevalence"):
        with pytest.raises(ValueError, match=r"without their prevalence; run .*--ship"):
            PairModel.restore({name: value for name, value in record.items() if name != key})
    record["direct"]["columns"] = (*DIRECT[:-1], "other")
    with pytest.raises(ValueError, match=r"other columns than this version reads; run .*--ship"):
        PairModel.restore(record)


def test_log_odds_are_a_sum_of_what_each_column_says():
    found = Logistic(("x", "y"), (2.0, -1.0), 0.5).logit(np.array([[1.0, 1.0], [0.0, 3.0]]))
    assert found.tolist() == [1.5, -2.5]


@given(graphs())
def test_scores_are_probabilities_and_two_languages_have_one_stage(graph):
    found = score(graph, shipped())
    for values in (found.direct, found.final):
        assert values.shape == graph.a.shape
        assert ((values >= 0) & (values <= 1)).all()
    if len({*graph.language[graph.a], *graph.language[graph.b]}) <= 2:
        assert (found.direct == found.final).all()


def test_more_likeness_a_larger_lead_and_third_languages_make_a_pair_more_probable():
    def of(sizes, edges, which):
        return getattr(score(graph_of(sizes, edges), shipped()), which)[0]

    weak, strong = ([(0, 1, v)] for v in (0.1, 0.5))
    assert of((1, 1), weak, "final") < of((1, 1), strong, "final")
    rival, far = ([(0, 1, 0.3), (0, 2, v)] for v in (0.29, 0.05))
    assert of((1, 2), rival, "final") < of((1, 2), far, "final")
    chain = [(0, 1, 0.2), (0, 2, 0.6)]
    triangle = [*chain, (1, 2, 0.6)]
    assert of((1, 1, 1), chain, "final") < of((1, 1, 1), triangle, "final")
