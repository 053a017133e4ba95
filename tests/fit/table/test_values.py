"""Sizes and tokens whose products are no numbers are refused where they are read."""

import numpy as np
import pytest

from contracts.errors import StageError
from fit.reading import read_points


@pytest.mark.parametrize(
    ("row", "options", "message"),
    [
        ("1e300,1e10,6e20", {}, "line 2: model size N is 1e\\+300"),
        ("1e10,1e300,6e20", {}, "line 2: training tokens D is 1e\\+300"),
        ("1e-300,1e10,6e20", {}, "line 2: model size N is 1e-300"),
        ("1e10,1e-300,6e20", {}, "line 2: training tokens D is 1e-300"),
        ("1e-25,1e10,1e300", {"flops": "C", "n": "N"}, "training tokens D is inf"),
        ("1e10,1e-25,1e300", {"flops": "C", "d": "D"}, "model size N is inf"),
        ("1e10,1e10,6e20", {"n": "1e200"}, "model size N is 1e\\+200"),
    ],
)
def test_scales_beyond_any_run_are_refused_with_the_row(tmp_path, row, options, message):
    path = tmp_path / "t.csv"
    path.write_text(f"N,D,C,loss\n{row},3\n1e9,1e10,6e19,2.5\n")
    with pytest.raises(StageError, match=f"{message}.*allowed are 1e-30 to 1e\\+30"):
        read_points(path, **options)


def test_the_largest_scales_that_are_read_have_finite_products(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("N,D,loss\n1e30,1e30,3\n1e-30,1e-30,2.5\n")
    points = read_points(path)
    assert np.isfinite(points.flops).all() and (points.flops > 0).all()
