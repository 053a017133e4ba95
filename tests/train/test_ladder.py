import pytest

from contracts.errors import ConfigError
from train.ladder import LADDER, rung

SIZES = {
    "0.2M": 0.2e6,
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
        assert found.hidden % found.heads == 0 and found.hidden // found.heads in (32, 64, 128)
        assert found.intermediate % 64 == 0 and 2.5 < found.intermediate / found.hidden < 3.01
    sizes = [r.parameters for r in LADDER]
    assert sizes == sorted(sizes)


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


def test_a_rung_that_is_not_there_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match=r"'3B' is not on the ladder; allowed: 0.2M, 10M, .*14B"):
        rung("3B")
