import pytest

from pairing.features.literals import MAX_READ, MAX_WHOLE, body


@pytest.mark.parametrize(
    "literal",
    [
        '"Hello, {}! Took {:.2f} s"',
        'f"Hello, {name}! Took {t:.2f} s"',
        '"Hello, %s! Took %5.2f s"',
        "`Hello, ${names[0]}! Took ${ms / 1000} s`",
        "`Hello, ${pick({ first: m12 })}! Took ${m3()} s`",
        '$"Hello, {name}! Took {t:F2} s"',
        '@"Hello, {0}! Took {1} s"',
        'r#"Hello, {}! Took {} s"#',
    ],
)
def test_the_same_message_reads_the_same_in_every_language(literal):
    assert body(literal.encode()).split() == [b"Hello,", b"!", b"Took", b"s"]


def test_a_literal_counts_as_a_whole_by_its_words_and_by_pairs_of_them(found):
    text = found('x = "Invalid input: 42 errors found"', "python")
    assert text.only("strings", {"invalid input errors found": 1})
    words = {"invalid": 1, "input": 1, "error": 1, "found": 1}
    pairs = {"invalid input": 1, "input errors": 1, "errors found": 1}
    assert text.only("literals", {"invalid input errors found": 1, **words, **pairs})
    assert text.only("numbers", {"s42": 1})


def test_literals_without_words_count_as_they_are(found):
    text = found("[\"+-*/\", '#', ', ', '']", "python")
    assert text.only("strings", {"+-*": 1, "#": 1, ", ": 1})
    assert text.only("literals", {"+-*": 1, "#": 1, ", ": 1})


def test_names_that_say_nothing_say_nothing_in_literals(found):
    assert found("`${ f(m12, { a: { b: m7 } }) } m12`", "javascript").keys("numbers") == set()
    assert found('print("m12")', "python").keys("strings") == set()


@pytest.mark.parametrize(
    ("length", "whole", "words"), [(MAX_WHOLE, True, True), (MAX_WHOLE + 1, False, True), (MAX_READ, False, False)]
)
def test_long_literals_are_read_in_part(found, length, whole, words):
    text = ("ab " * length)[: length - 2] + "zz"
    literals = found(f'x = "{text}"', "python")
    assert bool(literals.keys("strings")) is whole
    assert bool(literals.keys("literals")) is words
    assert literals.keys("bag")


def test_digits_that_are_no_number_and_no_end_are_left_out(found):
    assert found(f'x = "{"9" * 26} {"8" * 25}"', "python").only("numbers", {"s" + "8" * 25: 1})
