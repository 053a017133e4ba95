"""What the pool of training tokens holds of each component, and how much of it is there once only."""

from pathlib import Path
from typing import Any

import polars as pl

from contracts.languages import PARALLEL, in_order, is_direction
from contracts.tables import files_of
from mixer.tokens.texts import held_out, translates
from pipelines.frames import scan

FACTS = ("documents", "tokens", "bytes")


def pool_counts(tokenized: list[Path], corpus: Path, split: Path) -> dict[str, Any]:
    """Documents, tokens, bytes and unique tokens by component, and unique tokens of the whole pool.

    The unique tokens of a direction are those of its programs, each counted once; the text around them, and the end
    token, are left out. In the whole pool a program counts once with the document that it is a copy of. Programs are
    told apart by the first 64 bits of their key. Memory: about 40 bytes a program, 16 a held-out document.

    Args:
        tokenized: files of the table.
        corpus: folder of the corpus stage, for the texts of documents.
        split: folder of the split stage.
    """
    facts = [pl.len().alias("documents"), pl.col("tokens").cast(pl.Int64).sum(), pl.col("bytes").sum()]
    rows = scan(tokenized).group_by("component").agg(facts).collect(engine="streaming")
    found = {row.pop("component"): row for row in rows.to_dicts()}
    code = {name: row | {"unique_tokens": row["tokens"]} for name, row in found.items() if not is_direction(name)}
    programs = _programs(tokenized)
    unique = dict(programs.group_by("component").agg(pl.col("tokens").sum()).iter_rows())
    directions = {name: row | {"unique_tokens": unique[name]} for name, row in found.items() if is_direction(name)}
    once = programs.unique("key").select("key", "tokens")
    if directions:
        sums = {fact: sum(row[fact] for row in directions.values()) for fact in FACTS}
        directions[PARALLEL] = sums | {"unique_tokens": once["tokens"].sum()}
    train = code | directions
    alone = once.join(_training_keys(corpus, split, once), on="key", how="anti")
    whole = sum(row["unique_tokens"] for row in code.values()) + alone["tokens"].sum()
    return {"train": {name: train[name] for name in in_order(train)}, "unique_tokens": int(whole)}


def _key(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64).alias("key")


def _programs(tokenized: list[Path]) -> pl.DataFrame:
    """Each program of each direction once: component, key, tokens."""
    rows = scan(tokenized).filter(pl.col("program_keys").list.len() > 0)
    each = rows.select(
        pl.col("component").cast(pl.Categorical),
        pl.col("program_keys").alias("whole"),
        pl.col("program_tokens").alias("tokens"),
    ).explode("whole", "tokens")
    programs = each.select("component", _key("whole"), pl.col("tokens").cast(pl.Int64))
    return programs.unique(["component", "key"]).collect(engine="streaming")


def _training_keys(corpus: Path, split: Path, programs: pl.DataFrame) -> pl.DataFrame:
    """Those of the programs whose text is a training document's."""
    documents = scan(files_of(corpus / "documents")).select("id", _key("content_hash"))
    copies = documents.join(programs.lazy(), on="key", how="semi")
    return copies.join(held_out(split).lazy(), on="id", how="anti").select("key").unique().collect(engine="streaming")


def unseen_counts(
    parallel: Path, split: Path, form: str, levels: tuple[str, ...], unseen: tuple[str, ...]
) -> dict[str, int]:
    """Parallel documents of one form on the training side that stay out of the pool, by direction.

    A group counts once, under the first of these directions in which one of its programs is translated to a later one.
    """
    if not unseen:
        return {}
    names = in_order(unseen)
    own = pl.coalesce([pl.when(translates(name)).then(pl.lit(name)) for name in names])
    rows = (
        scan(files_of(parallel / "parallel"))
        .filter((pl.col("form") == form) & pl.col("level").is_in(levels))
        .select(own.alias("direction"), pl.col("ids").list.first().alias("id"))
        .filter(pl.col("direction").is_not_null())
        .join(held_out(split).lazy(), on="id", how="anti")
    )
    counted = dict(rows.group_by("direction").len().collect(engine="streaming").iter_rows())
    return {name: counted.get(name, 0) for name in names}


def arrangement_counts(tokenized: list[Path]) -> dict[str, dict[str, int]]:
    """Documents of each component that is no direction, by arrangement."""
    rows = scan(tokenized).group_by("component", "arrangement").len().collect(engine="streaming")
    counts: dict[str, dict[str, int]] = {}
    for component, arrangement, number in rows.sort("arrangement").iter_rows():
        if not is_direction(component):
            counts.setdefault(component, {})[arrangement] = number
    return {component: counts[component] for component in in_order(counts)}
