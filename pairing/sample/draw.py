"""Which pairs to look at: a seeded sample in which each language pair has its share. Pure functions."""

import hashlib

import polars as pl


def shares(sizes: dict[str, int], count: int) -> dict[str, int]:
    """How many of `count` each stratum gives: its share by largest remainder, ties to the first by name.

    In proportion, so that the share of right pairs in the sample estimates that of all pairs.

    Args:
        sizes: size of each stratum.
        count: how many in all; at most their sum is dealt.
    """
    total = sum(sizes.values())
    count = min(count, total)
    if not count:
        return dict.fromkeys(sizes, 0)
    dealt = {name: count * size // total for name, size in sizes.items()}
    remainders = sorted(sizes, key=lambda name: (-(count * sizes[name] % total), name))
    for name in remainders[: count - sum(dealt.values())]:
        dealt[name] += 1
    return dealt


def draw(pairs: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    """A sample of pairs, stratified over `languages`; the same for the same seed, however the rows are ordered.

    Args:
        pairs: pair_id, languages and whatever stands beside them; pair_id is unique.
        count: how many.
        seed: of the draw.

    Returns:
        rows in the order of languages, then of the draw.
    """
    sizes = {str(name): int(size) for name, size in pairs.group_by("languages").len().sort("languages").rows()}
    rank = pl.Series("rank", [_rank(seed, pair) for pair in pairs["pair_id"].to_list()], dtype=pl.String)
    ranked = pairs.with_columns(rank).sort("languages", "rank", "pair_id")
    place = pl.int_range(pl.len()).over("languages")
    quota = pl.col("languages").replace_strict(shares(sizes, count), return_dtype=pl.Int64) if sizes else pl.lit(0)
    return ranked.filter(place < quota).drop("rank")


def _rank(seed: int, pair: str) -> str:
    return hashlib.blake2b(f"{seed}\0{pair}".encode(), digest_size=8).hexdigest()
