import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features.hashing import CLASS_MASK, SPACE, key
from pairing.features.names import MAX_NAME
from pairing.features.numbers import MAX_DIGITS
from pairing.features.text import bag_keys


def expected(*values: bytes) -> list[int]:
    return sorted(key(0, value) for value in values)


def bag(text: bytes) -> tuple[np.ndarray, np.ndarray]:
    return np.unique(bag_keys(text), return_counts=True)


@pytest.mark.parametrize(
    "name",
    [b"parseHTTPServer", b"parse_http_server", b"ParseHttpServer", b"PARSE_HTTP_SERVER", b"__parse_http_server__"],
)
def test_every_way_of_writing_a_name_gives_its_parts_and_itself(name):
    assert bag(name)[0].tolist() == expected(b"parse", b"http", b"server", b"_parsehttpserver")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (b"'parse-http'", (b"parse", b"http")),
        (b"sha256", (b"sha", b"256", b"_sha256")),
        (b"utf8", (b"utf", b"_utf8")),
        (b"42 4.20 007", (b"42", b"4.20", b"007")),
        (b"a" * MAX_NAME, (b"a" * MAX_NAME,)),
        (b"9" * MAX_DIGITS, (b"9" * MAX_DIGITS,)),
        (b"// comment", (b"comment",)),
    ],
)
def test_words_and_numbers_anywhere_in_the_text_count(text, values):
    assert bag(text)[0].tolist() == expected(*values)


NOTHING = (b"", b" \n", b"x", b"_", b"x1", b"m12", b"M123", b"i32", "日本".encode(), b"\xff\x00")


@pytest.mark.parametrize("text", [*NOTHING, b"a" * (MAX_NAME + 1), b"9" * (MAX_DIGITS + 1)])
def test_what_says_nothing_has_no_features(text):
    indices, counts = bag(text)
    assert len(indices) == len(counts) == 0


@given(st.binary(max_size=400))
def test_a_text_twice_has_every_feature_twice(content):
    indices, counts = bag(content)
    assert (indices >> 4 < SPACE).all()
    assert not (indices & CLASS_MASK).any()
    doubled = bag(content + b"\n" + content)
    assert doubled[0].tolist() == indices.tolist()
    assert doubled[1].tolist() == (2 * counts).tolist()
