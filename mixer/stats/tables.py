"""What a pool, or a mixture, holds of each component: tokens, documents, bytes, licences. Counted from the tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from contracts.languages import PARALLEL, in_order, is_direction
from contracts.manifest import Manifest
from mixer.damage import readable
from mixer.layout import FILE_LEVEL, Layout, pairs_of
from mixer.mix import NAME
from mixer.stats.licences import Licensed, Sums, known_share, licence_rows, licensed_files, total
from mixer.stats.sums import mixture_sums
from pipelines.stage import require, require_chain
from report.table import Summary

NEXT = "glotmix run CONFIG"

NOTHING: dict[str, Any] = {"documents": 0, "tokens": 0, "unique_tokens": 0}


def pool_stats(layout: Layout, form: str, level: str = FILE_LEVEL) -> list[Summary]:
    """What there is to mix.

    Memory: ids and licences of one file of the corpus.

    Args:
        layout: folders of the run.
        form: of the parallel documents.
        level: of the parallel documents.

    Raises:
        StageError: a stage is not finished, or stages do not belong together.
    """
    pool = layout.tokens(form, level)
    tokens = _chain(layout, pool, {})["tokens"]
    held = require(layout.validation, "validation", NEXT).counts["validation"]
    licensed = _pool_sums(pool, layout)
    rows, directions, mixed = [], [], {}
    for name in in_order({*licensed, *held}):
        part = licensed.get(name, {})
        row = _pool_row(name, part, tokens.counts["train"].get(name, NOTHING), held)
        if is_direction(name):
            directions.append(row)
        else:
            rows.append(row)
            mixed[name] = part
    every = _joined(mixed.values())
    rows.append(_pool_row("all", every, tokens.counts, {"all": _sum(held.values())}))
    sums = total(every)
    title = f"Pool: {sums.tokens:,} tokens of {sums.documents:,} documents to mix"
    tables = [Summary(title, rows), Summary("Licences: of each component, by tokens", licence_rows(mixed))]
    if directions:
        tables.append(Summary("Directions: translation pairs; held-out ones count in each form", directions))
    return tables


def _chain(layout: Layout, pool: Path, more: Mapping[str, Manifest]) -> dict[str, Manifest]:
    stages = {name: require(getattr(layout, name), name, NEXT) for name in ("corpus", "pairs", "parallel")}
    stages |= {"tokens": require(pool, "tokens", NEXT), **more}
    require_chain(stages, f"{NEXT} --force")
    return stages


def _pool_sums(pool: Path, layout: Layout) -> Licensed:
    """Sums by component and licence; `parallel` is all directions."""
    found: Licensed = defaultdict(lambda: defaultdict(Sums))
    for rows in licensed_files(pool, layout.corpus, layout.parallel):
        sums = rows.group_by("component", "licence").agg(
            pl.len().alias("documents"), pl.col("tokens").cast(pl.Int64).sum(), pl.col("bytes").sum()
        )
        for component, licence, *facts in sums.collect(engine="streaming").iter_rows():
            for name in (component, PARALLEL)[: 1 + is_direction(component)]:
                found[name][licence].add(Sums(*facts))
    return found


def _joined(parts: Iterable[Mapping[str, Sums]]) -> dict[str, Sums]:
    found: dict[str, Sums] = defaultdict(Sums)
    for part in parts:
        for licence, sums in part.items():
            found[licence].add(sums)
    return found


def _sum(counts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    listed = list(counts)
    return {fact: sum(part[fact] for part in listed) for fact in ("documents", "tokens")}


def _pool_row(
    name: str, licensed: Mapping[str, Sums], train: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    sums = total(licensed)
    pairs = (part for direction, part in held.items() if is_direction(direction))
    out = _sum(pairs) if name == PARALLEL else held.get(name, NOTHING)
    return {
        "component": name,
        "documents": sums.documents,
        "tokens": sums.tokens,
        "unique tokens": train["unique_tokens"],
        "bytes": sums.bytes,
        "bytes per token": _ratio(sums.bytes, sums.tokens),
        "licence known": known_share(licensed),
        "held out": out["documents"],
        "held-out tokens": out["tokens"],
    }


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def mixture_stats(folder: Path) -> list[Summary]:
    """What a mixture holds, repeats counted again in tokens and bytes, and once in documents.

    Memory: as for a block of sequences, and a file of the pool's table; facts of the pool's documents lie in a
    temporary folder, 49 bytes each.

    Args:
        folder: a finished mixture with the stages of its run beside it.

    Raises:
        StageError: a stage is not finished, or stages do not belong together.
    """
    manifest = require(folder, NAME, "glotmix mix CONFIG")
    layout = Layout(folder.resolve().parent.parent)
    pool = layout.tokens(*pairs_of(manifest.configuration))
    stages = _chain(layout, pool, {NAME: manifest})
    with readable(folder), TemporaryDirectory(prefix="glotmix-stats-") as work:
        documents = licensed_files(pool, layout.corpus, layout.parallel)
        number = sum(part["documents"] for part in stages["tokens"].counts["train"].values())
        licensed = mixture_sums(folder, manifest, documents, number, Path(work))
    parts = manifest.counts["components"]
    rows = [_mixture_row(name, licensed[name], part, manifest.counts) for name, part in parts.items()]
    rows.append(_mixture_row("all", _joined(licensed.values()), manifest.counts, manifest.counts))
    kind = "view" if manifest.counts["output"] == "view" else "shards"
    title = f"Mixture: {folder.resolve().name}, {kind}, {manifest.counts['tokens']:,} tokens"
    return [Summary(title, rows), Summary("Licences: of each component, by tokens", licence_rows(licensed))]


def _mixture_row(
    name: str, licensed: Mapping[str, Sums], part: Mapping[str, Any], counts: Mapping[str, Any]
) -> dict[str, Any]:
    sums = total(licensed)
    epochs = part.get("epochs")
    return {
        "component": name,
        "share": _ratio(sums.tokens, counts["tokens"]),
        "sequences": part["sequences"],
        "tokens": sums.tokens,
        "padding": part["padding"],
        "documents": sums.documents,
        "epochs": None if epochs is None else round(epochs, 3),
        "bytes": sums.bytes,
        "bytes per token": _ratio(sums.bytes, sums.tokens),
        "licence known": known_share(licensed),
    }
