import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.allocation import Allocation


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=8))
def test_shares_printed_with_eight_digits_are_taken_and_come_back(weights):
    total = sum(weights)
    shares = {f"c{i}": round(w / total, 8) for i, w in enumerate(weights)}
    allocation = Allocation(weights=shares, n_parameters=1e9, law="joint")
    assert Allocation.model_validate_json(allocation.model_dump_json()) == allocation


@pytest.mark.parametrize(
    "weights",
    [{}, {"go": 0.5}, {"go": 1.5, "rust": -0.5}, {"go": 1.1}, {"go": float("nan")}, {"go": float("inf")}],
)
def test_what_is_no_share_of_one_is_refused(weights):
    with pytest.raises(ValidationError):
        Allocation(weights=weights)


def test_the_message_says_what_they_sum_to():
    with pytest.raises(ValidationError, match=r"sum to 0\.900000"):
        Allocation(weights={"go": 0.4, "rust": 0.5})
