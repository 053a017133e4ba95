"""Sizes between the rungs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError
from train.ladder import LADDER, Rung
from train.sweep.designs import LANGUAGE_SIZES
from train.sweep.sizes import nearest_rung, scaled, shape_for


def parameters(shape) -> int:
    return Rung("", shape.layers, shape.hidden, shape.heads, shape.intermediate).parameters


@pytest.mark.parametrize("rung", LADDER, ids=lambda r: r.name)
def test_a_rung_that_is_not_scaled_is_itself(rung):
    assert scaled(rung.name, 1.0, own=True) == (rung.name, None)


@given(st.floats(min_value=math.log(1e5), max_value=math.log(1.4e10)))
def test_a_model_of_any_size_has_that_size_and_the_proportions_of_the_ladder(logarithm):
    target = math.exp(logarithm)
    shape = shape_for(target)
    assert abs(parameters(shape) / target - 1) < (0.03 if target < 1e6 else 0.02)
    assert 2.2 < shape.intermediate / shape.hidden < 3.5
    assert shape.hidden // shape.heads in (16, 32, 64, 128)
    near = nearest_rung(target)
    ratio = (shape.hidden / shape.layers) / (near.hidden / near.layers)
    assert 0.45 < ratio < 2.2


@pytest.mark.parametrize("scale", [1.0, 0.1, 0.01, 0.003])
def test_ten_sizes_of_the_study_stay_ten_when_scaled_and_keep_their_ratios(scale):
    found = [scaled(name, scale, own=True) for name in LANGUAGE_SIZES]
    sizes = [next(r for r in LADDER if r.name == n).parameters if s is None else parameters(s) for n, s in found]
    first = next(r for r in LADDER if r.name == "0.1B").parameters
    for name, size in zip(LANGUAGE_SIZES, sizes, strict=True):
        full = next(r for r in LADDER if r.name == name).parameters
        assert abs(size / sizes[0] / (full / first) - 1) < 0.08
    assert len(set(found)) == 10 if scale < 1 else True
    assert sizes == sorted(sizes)


def test_on_rungs_only_scaled_sizes_fall_together():
    assert {scaled(name, 0.01, own=False)[0] for name in LANGUAGE_SIZES} == {"1M", "3M", "10M", "50M"}


def test_a_size_of_no_rung_is_read_from_its_name_and_nonsense_lists_the_rungs():
    name, shape = scaled("0.5B", 1.0, own=True)
    assert shape is not None
    assert abs(parameters(shape) / 5e8 - 1) < 0.03
    assert name.endswith("M")
    for wrong in ("big", "0B", "B", "1.2"):
        with pytest.raises(ConfigError, match=r"allowed: .*0\.2M, .*14B"):
            scaled(wrong, 1.0, own=True)


def test_a_factor_that_leaves_no_model_is_refused_with_the_least_that_does():
    with pytest.raises(ConfigError, match=r"scale: 1e-05 makes 0.1B a model of 991 parameters; give 0.00053 or"):
        scaled("0.1B", 1e-5, own=True)
    assert scaled("0.1B", 5.3e-4, own=True)[0].endswith("M")
