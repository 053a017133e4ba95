"""What keys of features mean: files that hold keys carry it, so that no other version reads them as its own."""

import hashlib
import json

from pairing.features.classes import CLASSES
from pairing.features.hashing import CLASS_BITS, SPACE, digest


def fingerprint() -> str:
    """16 hexadecimal digits of the number of places, the classes in their order, and the hash function."""
    parts = [SPACE, CLASS_BITS, *CLASSES, *(digest(number, name.encode()) for number, name in enumerate(CLASSES))]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()
