import pytest

from base64_codec import Base64Error, decode, encode

RFC_VECTORS = {
    b"": "",
    b"f": "Zg==",
    b"fo": "Zm8=",
    b"foo": "Zm9v",
    b"foob": "Zm9vYg==",
    b"fooba": "Zm9vYmE=",
    b"foobar": "Zm9vYmFy",
}


@pytest.mark.parametrize("data, text", RFC_VECTORS.items())
def test_rfc_vectors(data, text):
    assert encode(data) == text
    assert decode(text) == data


def test_every_byte_value_survives():
    data = bytes(range(256))
    assert decode(encode(data)) == data


@pytest.mark.parametrize("text", ["Zg=", "Zg=a", "Zh==", "Z===", "Zm9*", "Zg==Zg=="])
def test_malformed_text_is_rejected(text):
    with pytest.raises(Base64Error):
        decode(text)
