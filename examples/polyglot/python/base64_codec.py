"""A base64 encoder and a strict decoder, written without the standard base64 module.

The decoder accepts only canonical text: a length divisible by four, padding at the very
end, and unused bits of the last symbol set to zero.
"""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
PAD = "="
SEXTET = {symbol: value for value, symbol in enumerate(ALPHABET)}


class Base64Error(ValueError):
    """Text that is not well-formed base64."""


def encode(data: bytes) -> str:
    pieces = []
    for start in range(0, len(data), 3):
        group = data[start:start + 3]
        missing = 3 - len(group)
        number = int.from_bytes(group + bytes(missing), "big")
        quartet = "".join(ALPHABET[number >> shift & 0x3F] for shift in (18, 12, 6, 0))
        pieces.append(quartet[:4 - missing] + PAD * missing)
    return "".join(pieces)


def _decode_quartet(quartet: str) -> bytes:
    symbols = quartet.rstrip(PAD)
    padding = 4 - len(symbols)
    if padding > 2:
        raise Base64Error(f"too much padding in {quartet!r}")
    number = 0
    for symbol in symbols:
        try:
            number = number << 6 | SEXTET[symbol]
        except KeyError:
            raise Base64Error(f"invalid symbol {symbol!r}") from None
    spare_bits = 2 * padding
    if number & ((1 << spare_bits) - 1):
        raise Base64Error(f"non-zero trailing bits in {quartet!r}")
    return (number >> spare_bits).to_bytes(3 - padding, "big")


def decode(text: str) -> bytes:
    if len(text) % 4:
        raise Base64Error(f"length {len(text)} is not a multiple of four")
    if PAD in text[:-2]:
        raise Base64Error("padding before the end of the text")
    return b"".join(_decode_quartet(text[i:i + 4]) for i in range(0, len(text), 4))


if __name__ == "__main__":
    for word in ("f", "fo", "foo", "foob", "fooba", "foobar", "Many hands make light work."):
        encoded = encode(word.encode())
        print(f"{word:28} {encoded}")
        assert decode(encoded).decode() == word
    for bad in ("Zg=", "Zg=a", "Zh==", "Z===", "Zm9*"):
        try:
            decode(bad)
        except Base64Error as error:
            print(f"{bad:28} {error}")
