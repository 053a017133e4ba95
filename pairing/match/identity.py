"""Stable ids of pairs and groups. Pure functions."""

import hashlib
from collections.abc import Iterable


def pair_id(id_a: str, id_b: str) -> str:
    """Stable id of a pair, whichever side comes first: 32 hexadecimal digits."""
    first, second = sorted((id_a, id_b))
    return hashlib.blake2b(f"{first}\0{second}".encode(), digest_size=16).hexdigest()


def group_id(ids: Iterable[str]) -> str:
    """Stable id of a group, in whatever order its documents are named: 32 hexadecimal digits."""
    return hashlib.blake2b("\0".join(sorted(ids)).encode(), digest_size=16).hexdigest()
