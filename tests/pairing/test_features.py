import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features import MAX_NAME, SPACE, bag, inverse_document_frequency, weigh, word_features


@pytest.mark.parametrize(
    ("word", "features"),
    [
        (b"cache", (3542088,)),
        (b"lruCache", (2794479, 3542088, 1240424)),
        (b"3.14", (57288,)),
    ],
)
def test_hashes_are_the_same_on_every_machine_and_version(word, features):
    assert word_features(word) == features


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (b"parseHTTPServer", [b"parse", b"http", b"server"]),
        (b"parse_http_server", [b"parse", b"http", b"server"]),
        (b"ParseHttpServer", [b"parse", b"http", b"server"]),
        (b"PARSE_HTTP_SERVER", [b"parse", b"http", b"server"]),
        (b"__parse_http_server__", [b"parse", b"http", b"server"]),
    ],
)
def test_every_way_of_writing_a_name_gives_the_same_features(name, parts):
    expected = {word_features(part)[0] for part in parts} | {word_features(b"parse_http_server")[-1]}
    assert set(word_features(name)) == expected
    assert len(word_features(name)) == 4


def test_kebab_case_in_a_string_gives_the_same_sub_tokens():
    kebab, snake = (set(bag(text)[0].tolist()) for text in (b'"parse-http-server"', b"parse_http_server"))
    assert snake - kebab == {word_features(b"parse_http_server")[-1]}
    assert kebab < snake


@pytest.mark.parametrize(
    ("word", "count"),
    [(b"x", 0), (b"_", 0), (b"i2", 1), (b"a" * MAX_NAME, 1), (b"a" * (MAX_NAME + 1), 0), (b"0", 1), (b"12.50", 1)],
)
def test_single_letters_and_endless_names_are_no_features(word, count):
    assert len(word_features(word)) == count


def test_a_number_is_no_name_and_keeps_its_digits():
    assert word_features(b"42") != word_features(b"42.0")
    assert bag(b"x = 42")[0].tolist() == list(word_features(b"42"))


def test_keywords_count_as_any_word_and_lose_their_weight_to_the_idf():
    frequency = np.zeros(SPACE, np.int32)
    frequency[word_features(b"return")[0]] = 100
    frequency[word_features(b"dijkstra")[0]] = 2
    frequency[word_features(b"alone")[0]] = 1
    idf = inverse_document_frequency(frequency, 100)
    assert idf[word_features(b"return")[0]] == 0
    assert idf[word_features(b"dijkstra")[0]] == pytest.approx(np.log(50))
    assert idf[word_features(b"alone")[0]] == 0  # links nothing
    assert np.count_nonzero(idf) == 1


def test_repeated_words_count_less_each_time():
    assert weigh(np.array([1, 10]), np.array([2.0, 2.0], np.float32)) == pytest.approx([2, 2 * (1 + np.log(10))])


def test_an_empty_text_has_no_features():
    for text in (b"", b" \n", "日本".encode(), b"\xff\x00"):
        indices, counts = bag(text)
        assert len(indices) == len(counts) == 0


@given(st.binary(max_size=400))
def test_bags_are_sorted_unique_and_count_every_feature(content):
    indices, counts = bag(content)
    assert (np.diff(indices.astype(np.int64)) > 0).all()
    assert (indices < SPACE).all()
    assert (counts > 0).all()
    doubled = bag(content + b"\n" + content)
    assert doubled[0].tolist() == indices.tolist()
    assert doubled[1].tolist() == (2 * counts).tolist()
