import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.features.names import MAX_NAME, cleaned, split, without_blobs

BASE64 = b"QmFzZTY0IGlzIG5vdCBhIG5hbWUgYW5kIGhvbGRzIG5vdGhpbmcgdGhhdCBwcm9ncmFtcyBzaGFyZQ=="


@pytest.mark.parametrize(
    "name",
    [b"parseHTTPServers", b"parse_http_servers", b"ParseHttpServers", b"PARSE_HTTP_SERVERS", b"__parseHttpServers"],
)
def test_every_way_of_writing_a_name_gives_the_same(name):
    assert split(name) == ((b"pars", b"http", b"serv"), b"parsehttpservers")


@pytest.mark.parametrize(
    "name", [b"x1", b"m12", b"M12", b"_m12", b"ab99", b"i32", b"p2p", b"x", b"_", b"__", b"a" * 65]
)
def test_names_that_say_nothing_have_no_parts(name):
    assert split(name) == ((), b"")


@pytest.mark.parametrize(
    ("name", "parts", "whole"),
    [
        (b"utf8", (b"utf",), b"utf"),
        (b"sha256sum", (b"sha", b"sum"), b"shasum"),
        (b"id", (b"id",), b"id"),
        (b"aB", (), b"ab"),
        (b"a" * MAX_NAME, (b"a" * (MAX_NAME),), b"a" * MAX_NAME),
        ("größe".encode(), ("größ".encode(),), "größe".encode()),
    ],
)
def test_digits_are_left_out_and_single_letters_are_no_parts(name, parts, whole):
    # the stemmer takes one of two equal last letters
    expected = tuple(p[:-1] if len(p) > 3 and p[-1] == p[-2] else p for p in parts)
    assert split(name) == (expected, whole)


@given(st.text("abcXYZ_09é", max_size=70).map(str.encode))
def test_parts_never_hold_capitals_digits_or_underscores(name):
    parts, whole = split(name)
    assert not set(b"".join(parts) + whole) & set(b"ABCXYZ_0123456789")
    assert all(parts)


def test_base64_is_nothing_but_long_texts_of_one_kind_stay():
    assert without_blobs(b"a '" + BASE64 + b"' b") == b"a ' ' b"
    for text in (b"ACGT" * 30, b"a" * 200, b"0123456789" * 20, b"/" * 80, b"com/example/" * 10):
        assert without_blobs(text) == text


def test_short_numbered_names_inside_text_become_blanks():
    assert cleaned(b"use m12, x1 and ab3; keep utf8, 12 and m12b") == b"use  ,   and  ; keep utf8, 12 and m12b"
