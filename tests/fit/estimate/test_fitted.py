import json

import numpy as np
import pytest

from contracts.errors import ConfigError
from fit.estimate.estimate import fit
from fit.estimate.fitted import restore
from fit.points import places


@pytest.fixture(scope="module")
def found(runs):
    return fit(runs, "chinchilla")


def test_a_fit_comes_back_from_its_json(found):
    again = restore(json.loads(json.dumps(found.record(), allow_nan=False)))
    where = places([1e9, 7e10], [2e10, 1.4e12])
    assert np.array_equal(again.predict(where), found.predict(where))
    assert again.record() == found.record()


def test_parameters_are_in_natural_units_by_their_symbols(found):
    p, n, d = found.parameters, 3e9, 6e10
    assert found.record()["parameters"] == p
    assert found.predict(places(n, d))[0, 0] == pytest.approx(
        p["E"] + p["A"] / n ** p["alpha"] + p["B"] / d ** p["beta"], rel=1e-12
    )


def test_a_fit_says_where_its_points_lie(found, runs):
    assert found.ranges["n"] == (runs.inputs.n.min(), runs.inputs.n.max())
    assert found.ranges["flops"] == (runs.flops.min(), runs.flops.max())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "not a fit"),
        ({"law": "nonsense"}, "there is no such law"),
        ({"targets": {"loss": {}}}, "damaged fit"),
        ({"ranges": None}, "damaged fit"),
    ],
)
def test_what_is_no_fit_is_refused(found, change, message):
    with pytest.raises(ConfigError, match=message):
        restore({**found.record(), **change})


def test_a_fit_of_other_parameters_is_refused(found):
    record = json.loads(json.dumps(found.record()))
    record["targets"]["loss"]["symbols"][0] = "F"
    with pytest.raises(ConfigError, match="has parameters"):
        restore(record)
