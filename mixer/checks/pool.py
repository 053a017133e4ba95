"""What a verification needs to know of the pool: facts of each document, sums of each component, special ids."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts.languages import PARALLEL, in_order, is_direction
from contracts.manifest import Manifest
from contracts.tables import files_of
from mixer.checks.block import DOCUMENT, Names
from mixer.checks.pool_index import PoolIndex, build_index
from mixer.checks.split import among
from mixer.config import FimConfig
from mixer.tokens.fim import PLAIN, Sentinel
from pipelines.frames import read, scan

COLUMNS = ("id", "file", "start", "tokens", "bytes", "component", "arrangement")

FACTS = ("documents", "tokens")


def names_of(mixture: Manifest, pool: Manifest) -> Names:
    """The numbers of components; a direction fits into `parallel` too."""
    parts, train = tuple(mixture.counts["components"]), tuple(pool.counts["train"])
    fits = [[name == other or (name == PARALLEL and is_direction(other)) for other in train] for name in parts]
    return Names(parts, train, np.array(fits, bool).reshape(len(parts), len(train)))


def index_documents(pool: Path, names: Names, held: np.ndarray, folder: Path) -> PoolIndex:
    """Write the facts of all documents of a pool; memory: one file of its table.

    Args:
        pool: folder of the tokens stage.
        names: numbers of its components.
        held: ids of what is held out, sorted.
        folder: where to.
    """
    files = files_of(pool / "tokenized")
    rows = int(scan(files).select(pl.len()).collect().item())
    return build_index(folder, _parts(files, names, held), rows, DOCUMENT)


def _parts(files: list[Path], names: Names, held: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    numbers = {name: number for number, name in enumerate(names.pool)}
    for file in files:
        rows = read(file, columns=COLUMNS)
        ids = np.array(rows["id"].to_list(), np.bytes_)
        facts = np.zeros(len(ids), DOCUMENT)
        for name in ("file", "start", "tokens", "bytes"):
            facts[name] = rows[name].to_numpy()
        # one that the manifest does not know fits nowhere, whatever number stands for it
        facts["component"] = rows["component"].replace_strict(numbers, default=-1, return_dtype=pl.Int16).to_numpy()
        facts["plain"] = (rows["arrangement"] == PLAIN).to_numpy()
        facts["held"] = among(ids, held)
        if len(ids):
            yield ids, facts


def usable(pool: Path, train: Mapping[str, Any], length: int) -> dict[str, dict[str, Any]]:
    """Documents and tokens of each component that fit into sequences of a length, and what is lost.

    Args:
        pool: folder of the tokens stage.
        train: what its manifest says of each component: the unique tokens are taken from there.
        length: tokens in a sequence.
    """
    parallel = pl.col("component").str.contains("->", literal=True)
    lost = parallel & (pl.col("tokens") > length)
    rows = (
        scan(files_of(pool / "tokenized"))
        .select("component", lost.alias("lost"), pl.col("tokens").cast(pl.Int64))
        .group_by("component", "lost")
        .agg(pl.len().alias("documents"), pl.col("tokens").sum())
        .collect(engine="streaming")
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows.iter_rows(named=True):
        for name in (row["component"], PARALLEL)[: 1 + is_direction(row["component"])]:
            sums = found.setdefault(name, dict.fromkeys((*FACTS, *(f"lost_{fact}" for fact in FACTS)), 0))
            for fact in FACTS:
                sums[f"lost_{fact}" if row["lost"] else fact] += row[fact]
    return {name: found[name] | {"unique_tokens": train[name]["unique_tokens"]} for name in in_order(found)}


def sentinels_of(configuration: Mapping[str, Any], tokenizer: str) -> dict[Sentinel, int]:
    """The ids for filling in the middle that a pool was made with; none if it was not.

    Args:
        configuration: of the tokens stage.
        tokenizer: the tokenizer.json.
    """
    from tokenizers import Tokenizer

    tokens = FimConfig.model_validate(configuration.get("fim", {})).tokens
    whole = Tokenizer.from_str(tokenizer)
    found = {Sentinel(option.removesuffix("_token")): whole.token_to_id(token) for option, token in tokens.items()}
    return {sentinel: number for sentinel, number in found.items() if number is not None}
