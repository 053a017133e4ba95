"""CRC-32 and Adler-32, the two checksums of the zip and zlib formats."""

POLYNOMIAL = 0xEDB88320  # IEEE 802.3, bit-reversed
ADLER_BASE = 65521  # largest prime below 2**16

# text, CRC-32, Adler-32
KNOWN_CHECKSUMS = [
    ("", 0x00000000, 0x00000001),
    ("123456789", 0xCBF43926, 0x091E01DE),
    ("Wikipedia", 0xADAAC02E, 0x11E60398),
    ("The quick brown fox jumps over the lazy dog", 0x414FA339, 0x5BDC0FDA),
]


def _table_entry(index: int) -> int:
    for _ in range(8):
        index = index >> 1 ^ (POLYNOMIAL if index & 1 else 0)
    return index


TABLE = tuple(map(_table_entry, range(256)))


def crc32(data: bytes, crc: int = 0) -> int:
    """Checksum of data; pass an earlier result as crc to go on from there."""
    crc ^= 0xFFFFFFFF
    for octet in data:
        crc = TABLE[(crc ^ octet) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def adler32(data: bytes, adler: int = 1) -> int:
    a, b = adler & 0xFFFF, adler >> 16
    for octet in data:
        a = (a + octet) % ADLER_BASE
        b = (b + a) % ADLER_BASE
    return b << 16 | a


def main() -> int:
    mismatches = 0
    print(f"{'CRC-32':8}  {'Adler-32':8}  text")
    for text, expected_crc, expected_adler in KNOWN_CHECKSUMS:
        data = text.encode("ascii")
        crc, adler = crc32(data), adler32(data)
        verdict = "" if (crc, adler) == (expected_crc, expected_adler) else "  MISMATCH"
        mismatches += bool(verdict)
        print(f"{crc:08x}  {adler:08x}  {text!r}{verdict}")

    head, tail = b"12345", b"6789"
    assert crc32(tail, crc32(head)) == crc32(head + tail)
    assert adler32(tail, adler32(head)) == adler32(head + tail)
    return mismatches


if __name__ == "__main__":
    raise SystemExit(main())
