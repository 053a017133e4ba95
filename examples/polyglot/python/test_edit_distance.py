import pytest

from edit_distance import align, format_alignment, levenshtein, suggest


@pytest.mark.parametrize(
    "source, target, expected",
    [
        ("kitten", "sitting", 3),
        ("saturday", "sunday", 3),
        ("flaw", "lawn", 2),
        ("", "rhythm", 6),
        ("library", "library", 0),
    ],
)
def test_levenshtein(source, target, expected):
    assert levenshtein(source, target) == expected
    assert levenshtein(target, source) == expected


def test_alignment_is_printed_on_three_lines():
    picture = format_alignment(align("kitten", "sitting"))
    assert picture.splitlines() == ["kitten-", "*|||*|", "sitting"]


def test_alignment_spells_both_words_without_its_gaps():
    pairs = align("saturday", "sunday")
    assert "".join(a for a, _ in pairs).replace("-", "") == "saturday"
    assert "".join(b for _, b in pairs).replace("-", "") == "sunday"


def test_suggestions():
    assert suggest("recieve") == ["receive"]
    assert suggest("xylophone") == []
