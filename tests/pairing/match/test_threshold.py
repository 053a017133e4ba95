from dataclasses import replace

import pytest

from contracts.errors import ConfigError
from pairing.config import PairsConfig
from pairing.match.threshold import threshold
from pairing.score.shipped import shipped

MODEL = replace(shipped(), threshold=0.3, curve=((0.1, 0.9), (0.6, 0.95), (0.8, 0.99)))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 0.3),
        ({"min_score": 0.0}, 0.0),
        ({"min_score": 1.0}, 1.0),
        ({"min_precision": 0.0}, 0.1),
        ({"min_precision": 0.9}, 0.1),
        ({"min_precision": 0.951}, 0.8),
    ],
)
def test_the_threshold_is_the_one_that_is_asked_for(asked, expected):
    assert threshold(PairsConfig(**asked), MODEL) == expected


def test_a_precision_that_was_never_measured_is_a_configuration_error():
    with pytest.raises(ConfigError, match=r"pairs.min_precision: 0.995 was never reached .* at most 0.99. Lower it"):
        threshold(PairsConfig(min_precision=0.995), MODEL)


def test_a_curve_without_points_is_a_configuration_error_too():
    with pytest.raises(ConfigError, match=r"pairs.min_precision: 0.5 was never reached"):
        threshold(PairsConfig(min_precision=0.5), replace(MODEL, curve=()))


def test_higher_precision_never_means_a_lower_threshold_of_what_is_shipped():
    found = [threshold(PairsConfig(min_precision=p), shipped()) for p in (0.9, 0.95, 0.97, 0.98, 0.99, 0.995)]
    assert found == sorted(found)


def test_two_thresholds_are_refused():
    with pytest.raises(ValueError, match=r"pairs.min_score and pairs.min_precision both set the threshold"):
        PairsConfig(min_score=0.2, min_precision=0.99)
