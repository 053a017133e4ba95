import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ConfigError, StageError
from fit.allocate.constraints import Constraints, check, resolve

NAMES = ("python", "java", "parallel")
UNIQUE = {"python": 1e9, "java": 2e9, "parallel": 1e8}


def test_bounds_are_those_of_shares_and_of_repetition():
    limits = Constraints({"java": 0.1}, {"python": 0.5}, {}, (0.05, 0.2), UNIQUE, max_epochs=4, epochs={"python": 2})
    bounds = resolve(limits, NAMES)
    low, high = bounds.at(1e10)
    assert low.tolist() == [0, 0.1, 0.05]
    assert high.tolist() == pytest.approx([0.2, 0.8, 0.04])
    assert resolve(limits, NAMES).at(1e8)[1].tolist() == [0.5, 1, 0.2]


def test_caps_are_whole_sequences_where_their_length_is_known():
    limits = Constraints(unique={"python": 1000, "java": 640, "parallel": 63}, max_epochs=1, sequence_length=64)
    assert resolve(limits, NAMES).cap.tolist() == [960, 640, 0]


def test_what_the_pool_does_not_hold_gets_no_share_even_without_a_cap():
    bounds = resolve(Constraints(unique={"python": 1e9, "java": 1e9}), NAMES)
    assert bounds.at(1e15)[1].tolist() == [1, 1, 0]
    assert bounds.at(1.0)[1].tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Constraints(minimum={"cobol": 0.1}), r"--min cobol: the fit has no such component; it has python, java"),
        (Constraints(maximum={"java": 1.5}), r"--max java=1.5: a share lies within 0 to 1"),
        (Constraints(minimum={"java": 0.5}, maximum={"java": 0.4}), r"java: its least share 0.5 is above its larg"),
        (Constraints(fixed={"java": 0.5}, maximum={"java": 0.4}), r"--fix java=0.5 is outside of its bounds 0 to 0.4"),
        (Constraints(pairs=(0.1, 0.2), minimum={"parallel": 0.1}), r"--pairs and --min parallel bound the same share"),
        (Constraints(unique={"python": -1.0}), r"--unique python=-1: unique tokens are a number from 0 on"),
        (Constraints(unique={"java": np.nan}), r"--unique java=nan"),
        (Constraints(max_epochs=4), r"--max-epochs needs to know how many unique tokens"),
        (Constraints(unique=UNIQUE, max_epochs=-1), r"--max-epochs: give numbers above 0"),
        (Constraints(unique=UNIQUE, epochs={"cobol": 1}), r"--max-epochs cobol: the fit has no such component"),
    ],
)
def test_bounds_that_contradict_themselves_are_refused(limits, message):
    with pytest.raises(ConfigError, match=message):
        resolve(limits, NAMES)


def test_a_pair_budget_without_pairs_in_the_fit_is_refused():
    with pytest.raises(ConfigError, match=r"--pairs bounds the component parallel, which this fit does not have"):
        resolve(Constraints(pairs=(0.1, 0.2)), ("python", "java"))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Constraints(minimum={"python": 0.7, "java": 0.6}), r"least shares sum to 1.3, more than 1: python 0.7, java"),
        (
            Constraints(maximum={"python": 0.2, "java": 0.3, "parallel": 0.1}),
            r"largest shares sum to 0.6, less than 1: python 0.2, java 0.3, parallel 0.1",
        ),
        (
            Constraints(unique=UNIQUE, max_epochs=2),
            r"sum to 0.62, less than 1: python 0.2, java 0.4, parallel 0.02\. The largest D .*possible is 6.2e\+09",
        ),
        (
            Constraints(minimum={"parallel": 0.5}, unique=UNIQUE, max_epochs=20),
            r"clash for parallel \(least share 0.5, its unique tokens and epochs allow 0.2\).* is 4e\+09 tokens",
        ),
        (Constraints(minimum={"parallel": 0.5}, unique={"python": 1e9}), r"The pool holds nothing of java, parallel"),
    ],
)
def test_constraints_that_no_mixture_keeps_are_named_with_what_would_do(limits, message):
    with pytest.raises(StageError, match=message):
        check(resolve(limits, NAMES), 1e10)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(1e3, 1e12), min_size=3, max_size=3),
    st.floats(0.1, 20),
    st.lists(st.floats(0, 0.3), min_size=3, max_size=3),
    st.lists(st.floats(0.34, 1), min_size=3, max_size=3),
)
def test_the_largest_number_of_tokens_is_possible_and_a_little_more_is_not(unique, epochs, low, high):
    limits = Constraints(
        dict(zip(NAMES, low, strict=True)),
        dict(zip(NAMES, high, strict=True)),
        unique=dict(zip(NAMES, unique, strict=True)),
        max_epochs=epochs,
    )
    bounds = resolve(limits, NAMES)
    most = bounds.most_tokens
    check(bounds, most * (1 - 1e-6))
    with pytest.raises(StageError, match="The largest D that is possible"):
        check(bounds, most * (1 + 1e-6))
