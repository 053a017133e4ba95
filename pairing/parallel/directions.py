"""Draws that depend on a seed and on names alone: directions of pairs, order of the programs of a group."""

import hashlib
from typing import Literal

import numpy as np
import polars as pl

Directions = Literal["both", "balanced"]


def draw(seed: int, *names: str) -> int:
    """A number of 63 bits, the same in every process."""
    key = "\0".join((str(seed), *names))
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") >> 1


def balanced(items: pl.DataFrame, seed: int) -> np.ndarray:
    """Which pairs are written from the first language to the second: bool, a value for each row.

    The pairs of a level and two languages are put in random order and take both directions in turn; which direction is
    first is drawn as well. So the counts of the two directions differ by at most one.

    Args:
        items: level, language_a, language_b, draw (see `draw`), pair_id, item (what tells apart items of one pair).
        seed: of the draws.
    """
    groups = ["level", "language_a", "language_b"]
    rank = items.select(
        pl.struct("draw", "pair_id", "item").rank("ordinal").over(groups).cast(pl.Int64).alias("rank"), *groups
    )
    kinds = rank.select(groups).unique()
    coins = {row: draw(seed, "coin", *row) % 2 for row in kinds.iter_rows()}
    coin = np.array([coins[row] for row in rank.select(groups).iter_rows()], np.int64)
    forward: np.ndarray = (rank["rank"].to_numpy() + coin) % 2 == 0
    return forward
