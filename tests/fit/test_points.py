import numpy as np
import pytest

from fit.points import places, points


def test_places_broadcast_to_one_length():
    where = places(1e8, [1e9, 2e9, 3e9], [0.25, 0.75], ("python", "go"), [1e9, np.inf])
    assert len(where) == 3
    assert where.n.tolist() == [1e8] * 3
    assert where.shares.tolist() == [[0.25, 0.75]] * 3
    assert where.unique[0].tolist() == [1e9, np.inf]


def test_places_without_a_mixture_have_no_shares():
    assert places(1e8, 1e9).shares.shape == (1, 0)


def test_lengths_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        places([1e8, 2e8], [1e9, 2e9, 3e9])


def test_points_are_runs_of_their_own_unless_told():
    some = points(places([1e8, 2e8, 2e8], 1e9), [3.0, 2.0, 2.1])
    assert some.runs.tolist() == [0, 1, 2]
    assert some.weights.tolist() == [1, 1, 1]
    assert some.flops[1] == 6 * 2e8 * 1e9


def test_taking_points_takes_all_that_belongs_to_them():
    some = points(
        places([1e8, 2e8, 3e8], 1e9, np.eye(3), ("a", "b", "c")),
        np.ones((3, 2)) * [[1], [2], [3]],
        ("a", "b"),
        [5, 6, 6],
    )
    part = some.take(np.array([2, 0]))
    assert part.inputs.n.tolist() == [3e8, 1e8]
    assert part.loss("b").tolist() == [3, 1]
    assert part.runs.tolist() == [6, 5]
    assert part.inputs.shares.tolist() == [[0, 0, 1], [1, 0, 0]]
