import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError
from train.config import ModelConfig, ShapeConfig
from train.ladder import LADDER, Rung, rung, shape_of

SIZES = {
    "0.05M": 0.05e6,
    "0.1M": 0.1e6,
    "0.2M": 0.2e6,
    "0.5M": 0.5e6,
    "1M": 1e6,
    "3M": 3e6,
    "10M": 10e6,
    "50M": 50e6,
    "0.1B": 0.1e9,
    "0.2B": 0.2e9,
    "0.4B": 0.4e9,
    "0.6B": 0.6e9,
    "1.1B": 1.1e9,
    "1.3B": 1.3e9,
    "1.6B": 1.6e9,
    "2.0B": 2.0e9,
    "2.4B": 2.4e9,
    "3.1B": 3.1e9,
    "7B": 7e9,
    "14B": 14e9,
}


def test_the_rungs_are_as_large_as_their_names_say():
    assert [r.name for r in LADDER] == list(SIZES)
    for found in LADDER:
        assert found.parameters == pytest.approx(SIZES[found.name], rel=0.08)
    sizes = [r.parameters for r in LADDER]
    assert sizes == sorted(sizes)


def test_widths_fill_matrix_units_and_kernels():
    for found in LADDER:
        multiple, heads = (64, (64, 128)) if found.parameters > 4e6 else (16, (16, 32, 64))
        assert found.hidden % multiple == 0 and found.intermediate % multiple == 0
        assert found.hidden % found.heads == 0 and found.hidden // found.heads in heads
        assert 2.3 < found.intermediate / found.hidden < 3.01


def test_every_rung_is_a_shape_that_a_configuration_may_give():
    for found in LADDER:
        own = ShapeConfig(layers=found.layers, hidden=found.hidden, heads=found.heads, intermediate=found.intermediate)
        assert shape_of(ModelConfig(rung=found.name, shape=own)) == found == shape_of(ModelConfig(rung=found.name))


def test_the_largest_known_shape_has_its_known_parameters():
    # LLaMA-2 7B: 6,738,415,616 parameters with a vocabulary of 32,000
    assert rung("7B").total_parameters(32_000) == 6_738_415_616
    assert rung("7B").total_parameters(32_000) - rung("7B").total_parameters(32_000, tied=True) == 32_000 * 4096


def test_operations_are_six_for_each_weight_of_a_matrix_and_attention():
    shape = rung("1.3B")
    norms = shape.layers * 2 * shape.hidden + shape.hidden
    matrices = shape.parameters - norms + 32_000 * shape.hidden
    assert shape.flops_per_token(32_000, 0) == 6 * matrices
    longer = shape.flops_per_token(32_000, 4096) - shape.flops_per_token(32_000, 0)
    assert longer == 6 * shape.layers * shape.hidden * 4096


@given(st.integers(1, 50), st.integers(1, 64), st.sampled_from((16, 32, 64, 128)), st.integers(1, 4000))
def test_one_more_layer_adds_its_matrices_and_two_norms(layers, heads, head, intermediate):
    hidden = heads * head
    one, more = Rung("", layers, hidden, heads, intermediate), Rung("", layers + 1, hidden, heads, intermediate)
    layer = 4 * hidden**2 + 3 * hidden * intermediate
    assert more.matrices - one.matrices == layer
    assert more.parameters - one.parameters == layer + 2 * hidden
    assert more.flops_per_token(100, 10) - one.flops_per_token(100, 10) == 6 * layer + 60 * hidden


def test_a_rung_that_is_not_there_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match=r"'3B' is not on the ladder; allowed: 0.05M, 0.1M, .*14B.*model.shape"):
        shape_of(ModelConfig(rung="3B"))


def test_a_shape_of_ones_own_replaces_the_rung_under_its_name():
    own = ShapeConfig(layers=3, hidden=80, heads=5, intermediate=208)
    assert shape_of(ModelConfig(rung="mine", shape=own)) == Rung("mine", 3, 80, 5, 208)
