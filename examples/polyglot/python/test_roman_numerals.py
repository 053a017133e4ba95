import pytest

from roman_numerals import clock_face, from_roman, to_roman

KNOWN = {
    1: "I", 4: "IV", 9: "IX", 44: "XLIV",
    1066: "MLXVI", 1994: "MCMXCIV", 2024: "MMXXIV", 3999: "MMMCMXCIX",
}


@pytest.mark.parametrize("number, numeral", KNOWN.items())
def test_known_numerals(number, numeral):
    assert to_roman(number) == numeral
    assert from_roman(numeral) == number


def test_every_number_survives_the_round_trip():
    for number in range(1, 4000):
        assert from_roman(to_roman(number)) == number


@pytest.mark.parametrize("numeral", ["", "IIX", "VV", "MMMM", "IC", "XIV.", "ABC"])
def test_malformed_numerals_are_rejected(numeral):
    with pytest.raises(ValueError, match="not a Roman numeral"):
        from_roman(numeral)


@pytest.mark.parametrize("number", [0, -7, 4000])
def test_numbers_out_of_range(number):
    with pytest.raises(ValueError):
        to_roman(number)


def test_clock_face_shows_a_traditional_four():
    hours = clock_face().split()
    assert len(hours) == 12
    assert "IIII" in hours and "IV" not in hours
