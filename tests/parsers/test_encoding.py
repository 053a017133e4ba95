"""Bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.encoding import Undecodable, decode, encodable

GERMAN = "// Grüße aus Köln: die schöne Straße führt über die Brücke, für alle Fälle größer\nint x = 1;\n" * 3
RUSSIAN = "// Привет мир, это комментарий к программе\nint x = 1; // переменная\n" * 3
JAPANESE = "// これは日本語のコメントです\nint x = 1; // 変数\n" * 3


@pytest.mark.parametrize(
    ("raw", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"x = 1\r\n", "x = 1\r\n", "utf-8"),
        (b"\xef\xbb\xbfx", "x", "utf-8"),
        ("é€".encode(), "é€", "utf-8"),
        (b"\xff\xfe" + "aé".encode("utf-16-le"), "aé", "utf-16-le"),
        (b"\xfe\xff" + "aé".encode("utf-16-be"), "aé", "utf-16-be"),
        (b"\xff\xfe\x00\x00" + "aé".encode("utf-32-le"), "aé", "utf-32-le"),
        (b"\x00\x00\xfe\xff" + "aé".encode("utf-32-be"), "aé", "utf-32-be"),
        (b"ID3_TAG = 1", "ID3_TAG = 1", "utf-8"),
        (b"page\x0c\nred = '\x1b[31m'", "page\x0c\nred = '\x1b[31m'", "utf-8"),
    ],
)
def test_certain(raw, text, encoding):
    decoded = decode(raw)
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("text", "codec"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp")],
)
def test_confident_guess(text, codec):
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding) == (text, codec)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"int x;\x00", "binary"),
        (b"\x7fELF\x02\x01\x01", "binary"),
        (b"\x89PNG\r\n", "binary"),
        (b"%PDF-1.7\n", "binary"),
        (b"\x01\x02\x03\x04abc" * 10, "binary"),
        (b"\xff\xfea", "encoding"),
        (b"\xef\xbb\xbf\xff", "encoding"),
        (b"\xff\xfe" + "a\x00b".encode("utf-16-le"), "binary"),
        ("// José\n".encode("latin-1"), "encoding"),
        (bytes(byte for byte in range(32, 256)) * 20, "encoding"),
    ],
)
def test_refused(raw, reason):
    with pytest.raises(Undecodable) as caught:
        decode(raw)
    assert caught.value.reason == reason
    assert caught.value.detail in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused_for_a_reason(raw):
    try:
        decoded = decode(raw)
    except Undecodable as error:
        assert error.reason in ("binary", "encoding")
    else:
        assert encodable(decoded.text)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_utf_8_round_trip(text):
    if not text.startswith("\ufeff"):
        assert decode(text.encode()).text == text


def test_encodable():
    assert encodable("aé😀")
    assert not encodable("a\ud800b")


def test_latin_guess_needs_evidence():
    assert decode(GERMAN.encode("utf-8")).encoding == "utf-8"
    with pytest.raises(Undecodable):
        decode(b"x = 1 # \xe9\n")
