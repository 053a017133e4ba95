import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features.stem import stem


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"entry entries", b"entry"),
        (b"class classes", b"clas"),
        (b"pass passes", b"pass"),
        (b"value values", b"valu"),
        (b"parse parses parsed parser parsers parsing", b"pars"),
        (b"plan planned planning planner", b"plan"),
        (b"status", b"status"),
        (b"axis", b"axis"),
        (b"list lists", b"list"),
    ],
)
def test_inflections_of_a_word_have_one_stem(words, expected):
    assert {stem(word) for word in words.split()} == {expected}


@pytest.mark.parametrize("word", [b"bed", b"used", b"ring", b"user", b"this", b"a", b""])
def test_short_words_stay(word):
    assert stem(word) == word


@given(st.text("abcdeginrsty", max_size=20).map(str.encode))
def test_a_stem_is_never_longer_nor_empty_and_begins_as_its_word(word):
    found = stem(word)
    assert len(found) <= len(word)
    assert found or not word
    assert word.startswith(found) or (word.endswith(b"ies") and found == word[:-3] + b"y")
