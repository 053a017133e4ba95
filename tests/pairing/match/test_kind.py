import numpy as np

from pairing.match.kind import CLOSE, kinds


def test_pairs_are_close_from_the_threshold_on():
    below = np.nextafter(CLOSE, 0)
    assert kinds(np.array([0.0, below, CLOSE, 1.0])) == ["loose", "loose", "close", "close"]
    assert kinds(np.empty(0)) == []
