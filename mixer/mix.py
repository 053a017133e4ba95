"""The mix stage: plan, order, streams, shards.

pool -> plan (exact counts) -> order (balanced prefixes) -> streams -> shards, index, lineage
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from contracts.errors import StageError
from contracts.files import atomic_path
from contracts.languages import PARALLEL
from contracts.manifest import Manifest
from contracts.tables import files_of
from mixer.config import COMPONENTS, MixConfig
from mixer.order import MAX_DEVIATION, interleave, prefix_deviation
from mixer.pack import best_fit
from mixer.plan import Plan, Supply, plan
from mixer.shards import WriteShards, mixture_index, write_order
from mixer.streams import BuildStreams
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import scan
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME = "mix"


def supply_of(pool: Path, length: int) -> tuple[dict[str, Supply], dict[str, int]]:
    """What the pool holds of each component at a sequence length, and how much of it cannot be used.

    Args:
        pool: folder of the tokens stage.
        length: tokens in a sequence.

    Returns:
        supply by component; and documents and tokens of translation pairs longer than a sequence.
    """
    rows = scan(files_of(pool / "tokenized"))
    sums = rows.group_by("component").agg(pl.len(), pl.col("tokens").cast(pl.Int64).sum()).collect()
    supply = {
        r["component"]: Supply(r["len"], r["tokens"], r["tokens"] / length)
        for r in sums.to_dicts()
        if r["component"] in COMPONENTS
    }
    sizes = rows.filter(pl.col("component") == PARALLEL).select("tokens").collect()["tokens"].to_numpy()
    fitting = sizes[sizes <= length]
    if len(sizes):
        bins = int(best_fit(fitting, length).max(initial=-1)) + 1
        supply[PARALLEL] = Supply(len(fitting), int(fitting.sum()), float(bins))
    lost = sizes[sizes > length]
    return supply, {"documents": len(lost), "tokens": int(lost.sum())}


def mix(
    config: MixConfig,
    pool: Path,
    tokenizer: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Write the mixture's shards in `folder`.

    Args:
        config: proportions, budget, form.
        pool: folder of a finished tokens stage.
        tokenizer: folder of the tokenizer stage.
        folder: output; gets NNNNN.ds, NNNNN.ds.index, lineage/, index.parquet and manifest.json.
        executor: where tasks run.
        force: redo a mixture that does not match.
        observe: told about progress.

    Raises:
        PlanError: the proportions cannot be met; nothing is written.
        StageError: an earlier stage is not finished, or tasks failed.
    """
    tokens = require(pool, "tokens", "glotmix run CONFIG")
    facts = require(tokenizer, "tokenizer", "glotmix run CONFIG")
    require_chain({"tokens": tokens, "tokenizer": facts}, "glotmix run CONFIG --force")
    semantic = config.model_dump(mode="json", exclude={"name"})
    inputs = {"tokens": tokens.identity, "tokenizer": facts.identity}
    body = _body(config, pool, facts)
    return run_stage(NAME, folder, semantic, inputs, body, executor, force=force, observe=observe)


def _body(config: MixConfig, pool: Path, tokenizer: Manifest) -> Callable[[StageContext], Outcome]:
    def body(context: StageContext) -> Outcome:
        supply, lost = supply_of(pool, config.sequence_length)
        planned = plan(config, supply)
        names = [c.component for c in planned.components]
        counts = [c.sequences for c in planned.components]
        order = interleave(counts)
        deviation = prefix_deviation(order, counts)
        if deviation.max() >= MAX_DEVIATION:
            raise StageError(
                f"the order deviates by {deviation.max():.2f} sequences from the plan; limit {MAX_DEVIATION}"
            )
        streams, order_file = context.work / "streams", context.work / "order.npy"
        size = config.shard_tokens // config.sequence_length
        write_order(order_file, order, len(names), size)
        epochs = [
            (c.component, epochs_needed(c.sequences, supply[c.component], c.component, config.sequence_length))
            for c in planned.components
        ]
        context.run(
            Phase(
                "streams",
                [BuildStreams(pool, streams, epochs, config.sequence_length, config.seed)],
                len(names),
            )
        )
        shards = -(-len(order) // size)
        step = WriteShards(
            pool,
            streams,
            order_file,
            context.folder,
            names,
            config.sequence_length,
            size,
            tokenizer.counts["bytes_per_token"],
            tokenizer.counts["pad_id"],
            context.progress("shards"),
        )
        context.run(Phase("shards", [step], shards, float(len(order) * config.sequence_length)))
        index = context.folder / "index.parquet"
        with atomic_path(index) as path:
            mixture_index(order, names).write_parquet(path)
        lineage = [context.folder / "lineage" / f"{shard:05d}.parquet" for shard in range(shards)]
        files = [index, *lineage]
        for shard in range(shards):
            files += [context.folder / f"{shard:05d}.ds", context.folder / f"{shard:05d}.ds.index"]
        return Outcome(files, _counts(lineage, planned, deviation, lost, size, tokenizer))

    return body


def epochs_needed(sequences: int, supply: Supply, component: str, length: int) -> int:
    """Passes over the documents that fill so many sequences; whole numbers, so that no rounding leaves one short."""
    if component == PARALLEL:
        return -(-sequences // int(supply.sequences))
    return -(-sequences * length // supply.tokens)


def _counts(
    files: list[Path], planned: Plan, deviation: np.ndarray, lost: dict[str, int], size: int, tokenizer: Manifest
) -> dict[str, Any]:
    """Targets and what was realised, counted from the lineage that was written."""
    lineage = scan(files).with_columns((pl.col("end") - pl.col("start")).alias("length"))
    realised = (
        lineage.group_by("component")
        .agg(
            pl.col("sequence").n_unique().alias("sequences"),
            pl.col("length").filter(pl.col("document_id") != "").cast(pl.Int64).sum().alias("tokens"),
            pl.col("length").filter(pl.col("document_id") == "").cast(pl.Int64).sum().alias("padding"),
            pl.col("document_id").filter(pl.col("document_id") != "").n_unique().alias("documents"),
        )
        .collect()
    )
    by_name = {r.pop("component"): r for r in realised.to_dicts()}
    body = planned.to_dict()
    for (name, part), worst in zip(body["components"].items(), deviation.tolist(), strict=True):
        if part["sequences"] != by_name[name]["sequences"]:
            raise StageError(
                f"{name}: {by_name[name]['sequences']} sequences were written, planned {part['sequences']}"
            )
        part |= by_name[name]
        part["prefix_deviation"] = round(worst, 6)
    return {
        **body,
        "sequences_per_shard": size,
        "pairs_longer_than_a_sequence": lost,
        "tokenizer_hash": tokenizer.counts["hash"],
        "bytes_per_token": tokenizer.counts["bytes_per_token"],
        "pad_id": tokenizer.counts["pad_id"],
        "end_id": tokenizer.counts["end_id"],
    }
