"""A Bloom filter: a compact set that may report false positives but never false negatives.

The k bit positions of an item come from one 64-bit FNV-1a hash by double hashing.
"""
import math
from collections.abc import Iterator

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
MASK_64 = (1 << 64) - 1


def fnv1a(data: bytes) -> int:
    digest = FNV_OFFSET
    for octet in data:
        digest = (digest ^ octet) * FNV_PRIME & MASK_64
    return digest


class BloomFilter:
    def __init__(self, capacity: int, error_rate: float = 0.01) -> None:
        if capacity < 1 or not 0 < error_rate < 1:
            raise ValueError("capacity must be positive and error_rate between 0 and 1")
        self.bit_count = math.ceil(-capacity * math.log(error_rate) / math.log(2) ** 2)
        self.hash_count = max(1, round(self.bit_count / capacity * math.log(2)))
        self._bits = bytearray((self.bit_count + 7) // 8)
        self._added = 0

    def _positions(self, item: str) -> Iterator[int]:
        digest = fnv1a(item.encode())
        first, step = digest >> 32, digest & 0xFFFFFFFF | 1
        return ((first + i * step) % self.bit_count for i in range(self.hash_count))

    def add(self, item: str) -> None:
        for position in self._positions(item):
            self._bits[position >> 3] |= 1 << (position & 7)
        self._added += 1

    def __contains__(self, item: str) -> bool:
        return all(self._bits[position >> 3] >> (position & 7) & 1 for position in self._positions(item))

    @property
    def false_positive_rate(self) -> float:
        """Expected share of absent items that are reported as present."""
        return (1 - math.exp(-self.hash_count * self._added / self.bit_count)) ** self.hash_count

    @property
    def fill_ratio(self) -> float:
        return sum(octet.bit_count() for octet in self._bits) / self.bit_count


def main() -> None:
    spotted = ["sparrow", "heron", "kestrel", "avocet", "plover", "dunnock", "wigeon", "bittern"]
    absent = ["penguin", "ostrich", "toucan", "flamingo"]

    sightings = BloomFilter(capacity=len(spotted))
    for bird in spotted:
        sightings.add(bird)
    assert all(bird in sightings for bird in spotted)

    print(f"{sightings.bit_count} bits, {sightings.hash_count} hashes, fill {sightings.fill_ratio:.0%}")
    print(f"expected false positives: {sightings.false_positive_rate:.3%}")
    for bird in absent:
        print(f"{bird:10}", "maybe" if bird in sightings else "no")


if __name__ == "__main__":
    assert fnv1a(b"foobar") == 0x85944171F73967E8
    main()
