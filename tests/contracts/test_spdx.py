import pytest

from contracts.spdx import NotSpdx, alternatives


@pytest.mark.parametrize(
    "text", ["", "MIT AND", "(MIT", "MIT)", "MIT Apache-2.0", "AND", "MIT/", "a\nb,c", "MIT WITH OR", "MIT WITH )"]
)
def test_what_is_no_expression_is_none(text):
    with pytest.raises(NotSpdx):
        alternatives(text)


@pytest.mark.parametrize("text", ["MIT WITH OR", "MIT WITH )", "MIT WITH"])
def test_an_operator_is_no_exception(text):
    with pytest.raises(NotSpdx):
        alternatives(text)


def test_an_expression_that_doubles_with_each_term_is_refused_at_once():
    with pytest.raises(NotSpdx):
        alternatives(" AND ".join(f"(A{n} OR B{n})" for n in range(40)))
    with pytest.raises(NotSpdx):
        alternatives("(" * 5000 + "MIT" + ")" * 5000)
