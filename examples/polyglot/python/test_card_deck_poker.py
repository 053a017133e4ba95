import pytest

from card_deck_poker import Card, Category, classify, shuffled_deck


def hand(text):
    return [Card.parse(word) for word in text.split()]


@pytest.mark.parametrize("text, category", [
    ("TH JH QH KH AH", Category.STRAIGHT_FLUSH),
    ("9C 9D 9H 9S 2C", Category.FOUR_OF_A_KIND),
    ("3S 3D 3C KH KD", Category.FULL_HOUSE),
    ("2H 5H 9H JH KH", Category.FLUSH),
    ("AS 2D 3C 4H 5S", Category.STRAIGHT),
    ("7S 7D 7C QH 2S", Category.THREE_OF_A_KIND),
    ("4S 4D JC JH AS", Category.TWO_PAIR),
    ("8S 8D 2C 5H KS", Category.PAIR),
    ("AH QD 9C 6S 3H", Category.HIGH_CARD),
])
def test_categories(text, category):
    assert classify(hand(text))[0] is category


def test_kicker_decides_between_equal_pairs():
    assert classify(hand("8S 8D 2C 5H KS")) > classify(hand("8C 8H 2S 5D QS"))


def test_wheel_is_the_lowest_straight():
    assert classify(hand("AS 2D 3C 4H 5S")) < classify(hand("2S 3D 4C 5H 6S"))


def test_shuffle_is_a_repeatable_permutation():
    assert shuffled_deck(1) == shuffled_deck(1) != shuffled_deck(2)
    assert len(set(shuffled_deck(1))) == 52


def test_duplicate_card_is_refused():
    with pytest.raises(ValueError):
        classify(hand("AS AS 3C 4H 5S"))
