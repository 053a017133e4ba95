import pytest

from contracts.errors import ConfigError
from fit.amounts import amount, by_name, span, with_default


@pytest.mark.parametrize(("text", "value"), [("1.3B", 1.3e9), ("26e9", 26e9), ("350M", 3.5e8), ("2k", 2e3), ("7", 7)])
def test_amounts_may_have_a_suffix(text, value):
    assert amount("--n", text) == value and amount("--n", None) is None


def test_shares_are_read_by_name_also_from_repeated_options():
    assert by_name("--min", ["python=0.2, java=0.1", "python->go=.05"]) == {
        "python": 0.2,
        "java": 0.1,
        "python->go": 0.05,
    }
    assert with_default("--max-epochs", ["4,python=8"]) == (4, {"python": 8})
    assert with_default("--max-epochs", None) == (None, {})
    assert span("--pairs", "0.05:0.2") == (0.05, 0.2) and span("--pairs", ":0.2") == (0, 0.2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: amount("--n", "big"), "--n big: give a number such as"),
        (lambda: amount("--n", ""), "--n : give a number"),
        (lambda: by_name("--min", ["python"]), "--min python: "),
        (lambda: by_name("--min", ["=2"]), "--min =2: expected NAME=NUMBER"),
        (lambda: by_name("--min", ["go=1,go=2"]), "go is given twice"),
        (lambda: with_default("--max-epochs", ["4,5"]), "one number is for all components"),
        (lambda: span("--pairs", "0.2"), "expected LOW:HIGH"),
    ],
)
def test_what_is_neither_names_the_option(call, message):
    with pytest.raises(ConfigError, match=message):
        call()
