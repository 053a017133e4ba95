"""The mix stage: streams, plan, order, and then either shards or a view.

pool -> streams -> plan (exact counts) -> order (balanced prefixes) -> shards, index, lineage; or the order alone
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.manifest import MANIFEST, Manifest
from mixer.config import MixConfig
from mixer.planning.order import MAX_DEVIATION, interleave, permuted, prefix_deviation
from mixer.planning.plan import Plan
from mixer.planning.prepare import Prepared, dry_run, prepare, resolve
from mixer.planning.realised import realised
from mixer.shards import WriteShards, padding_of, write_order
from mixer.streams.build import StreamSpec, build_epoch, build_stream, save_array
from mixer.streams.files import StreamRef
from mixer.streams.view_files import ORDER, PADDING
from mixer.tokens.pool_check import CheckPool, tasks_of
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME = "mix"
ELSEWHERE = "keep it and give the new one another name (--set mix.name=...)"


class BuildStreams(PipelineStep):
    """Task i builds stream number i; memory: about 200 bytes a document, 500 a pair."""

    type = "glotmix"
    name = "streams"

    def __init__(self, pool: Path, tables: Path, root: Path, specs: list[StreamSpec]) -> None:
        super().__init__()
        self.pool, self.tables, self.root, self.specs = pool, tables, root, specs

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write what does not depend on the epoch."""
        build_stream(self.pool, self.tables, self.root, self.specs[rank])
        yield from ()


class BuildEpochs(PipelineStep):
    """Task i builds epoch number i of the list; memory: about 100 bytes a document."""

    type = "glotmix"
    name = "epochs"

    def __init__(self, root: Path, epochs: list[tuple[StreamSpec, int]]) -> None:
        super().__init__()
        self.root, self.epochs = root, epochs

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the arrays of one epoch."""
        build_epoch(self.root, *self.epochs[rank])
        yield from ()


def inputs_of(pool: Path, tokenizer: Path) -> tuple[Manifest, Manifest]:
    """The manifests of tokens and tokenizer.

    Raises:
        StageError: one is not finished, or they do not belong together, or to the corpus and pairs beside them.
    """
    tokens = require(pool, "tokens", "glotmix run CONFIG --until tokens")
    facts = require(tokenizer, "tokenizer", "glotmix run CONFIG --until tokens")
    root = pool.parent.parent  # columns of a curriculum, and what trace shows, come from the tables there
    tables = {name: manifests.read(root / name) for name in ("corpus", "pairs", "parallel")}
    there = {name: manifest for name, manifest in tables.items() if manifest is not None}
    require_chain({**there, "tokens": tokens, "tokenizer": facts}, "glotmix run CONFIG --force")
    return tokens, facts


def again(folder: Path) -> str:
    """How to make a mixture again: with its own options, whatever the configuration says now."""
    return (
        f"glotmix mix CONFIG --force --set mix.name={folder.name}, with the options that stand under configuration in "
        f"{folder / MANIFEST}; or remove that folder"
    )


def semantic(config: MixConfig) -> dict[str, Any]:
    """What of a resolved configuration decides the outcome."""
    return config.model_dump(mode="json", exclude={"name", "allocation"})


def mix(
    config: MixConfig,
    base: Path,
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
        config: proportions, budget, form; `output` must be shards.
        base: folder that the path of an allocation starts from.
        pool: folder of a finished tokens stage.
        tokenizer: folder of the tokenizer stage.
        folder: output; gets NNNNN.ds, NNNNN.ds.index, order.npy, padding.npy, lineage/ and
            manifest.json.
        executor: where tasks run.
        force: redo a mixture that does not match.
        observe: told about progress.

    Raises:
        PlanError: the proportions cannot be met; nothing is written.
        StageError: an earlier stage is not finished.
    """
    config, allocation = resolve(config, base)
    tokens, facts = inputs_of(pool, tokenizer)
    body = _body(config, allocation, pool, tokens, facts)
    inputs = {"tokens": tokens.identity, "tokenizer": facts.identity}
    return run_stage(
        NAME,
        folder,
        semantic(config),
        inputs,
        body,
        executor,
        force=force,
        observe=observe,
        elsewhere=ELSEWHERE,
        before_redoing=lambda: dry_run(config, base, pool),
    )


def ordered(config: MixConfig, planned: Plan) -> tuple[np.ndarray, np.ndarray]:
    """The component of every sequence, and the largest deviation of each component in any prefix.

    Raises:
        StageError: a prefix is out of bounds.
    """
    order = interleave(planned.counts, planned.quotas)
    if config.permute:
        order = permuted(order, planned.quotas, config.seed)
    deviation = prefix_deviation(order, planned.quotas)
    if deviation.max() >= MAX_DEVIATION:
        raise StageError(f"the order deviates by {deviation.max():.2f} sequences from the plan; limit {MAX_DEVIATION}")
    return order, deviation


def refs_of(prepared: Prepared, root: Path) -> list[StreamRef]:
    """Where the streams of a plan lie, in its order."""
    parts, specs = prepared.plan.components, prepared.specs
    return [StreamRef(c, root / specs[c].name, part.pool_tokens, part.pool_sequences) for c, part in parts.items()]


def epochs_of(prepared: Prepared) -> list[tuple[StreamSpec, int]]:
    """The epochs that a plan begins, of each component."""
    parts = prepared.plan.components
    return [(spec, e) for c, spec in prepared.specs.items() for e in range(parts[c].epochs_begun)]


def _body(
    config: MixConfig, allocation: dict[str, Any] | None, pool: Path, tokens: Manifest, tokenizer: Manifest
) -> Callable[[StageContext], Outcome]:
    def body(context: StageContext) -> Outcome:
        root, tables = context.work / "streams", pool.parent.parent

        def build(specs: list[StreamSpec]) -> None:
            context.run(Phase("streams", [BuildStreams(pool, tables, root, specs)], len(specs)))

        context.run(Phase("pool", [CheckPool(pool, tokens.files)], tasks_of(tokens.files)))
        prepared = prepare(config, tokens, tables, root, build)
        planned = prepared.plan
        order, deviation = ordered(config, planned)
        order_file = context.work / "order.npy"
        size = config.shard_tokens // config.sequence_length
        write_order(order_file, order, len(planned.components), size)
        epochs = epochs_of(prepared)
        context.run(Phase("epochs", [BuildEpochs(root, epochs)], len(epochs)))
        refs = refs_of(prepared, root)
        shards = -(-len(order) // size)
        step = WriteShards(
            pool,
            refs,
            order_file,
            context.folder,
            config.sequence_length,
            size,
            tokenizer.counts["bytes_per_token"],
            tokenizer.counts["pad_id"],
            context.progress("shards"),
        )
        context.run(Phase("shards", [step], shards, float(len(order) * config.sequence_length)))
        lineage = [context.folder / "lineage" / f"{shard:05d}.parquet" for shard in range(shards)]
        save_array(context.folder / ORDER, order)
        save_array(context.folder / PADDING, padding_of(lineage, len(order)))
        files = [context.folder / ORDER, context.folder / PADDING, *lineage]
        for shard in range(shards):
            files += [context.folder / f"{shard:05d}.ds", context.folder / f"{shard:05d}.ds.index"]
        counts = mixture_counts(planned, deviation, refs, tokenizer, allocation)
        _recount(lineage, counts)
        return Outcome(files, {"output": "shards", "sequences_per_shard": size, **counts})

    return body


def mixture_counts(
    planned: Plan,
    deviation: np.ndarray,
    refs: list[StreamRef],
    tokenizer: Manifest,
    allocation: dict[str, Any] | None,
) -> dict[str, Any]:
    """Targets and what was realised, for the manifest."""
    body = planned.to_dict()
    for (name, part), worst, ref in zip(body["components"].items(), deviation.tolist(), refs, strict=True):
        stream = ref.open(planned.sequence_length)
        found = realised(stream, part["sequences"], ref.fact("tokens").astype(np.int64), ref.fact("bytes"))
        part["prefix_deviation"] = round(worst, 6)
        part["documents"], part["bytes"] = found.documents, found.bytes
        part["unused_documents"], part["unused_tokens"] = found.unused_documents, found.unused_tokens
        assert name == ref.component
    facts = ("vocab_size", "bytes_per_token", "pad_id", "end_id")
    return {
        **body,
        **({"allocation": allocation} if allocation else {}),
        "tokenizer_hash": tokenizer.counts["hash"],
        **{name: tokenizer.counts[name] for name in facts},
    }


def _recount(files: list[Path], counts: dict[str, Any]) -> None:
    """Compare the plan with the lineage that was written; memory: a file of it, and about 40 bytes a span.

    Raises:
        StageError: they differ.
    """
    columns = ["component", "sequence", "start", "end", "document_id"]
    keys = ("sequences", "tokens", "padding")
    sums: dict[str, np.ndarray] = {}
    ids: dict[str, list[pl.Series]] = {}
    for file in files:  # a sequence stands in one of them, a document may in many
        for (name,), rows in read(file, columns).group_by("component"):
            size, real = rows["end"].cast(pl.Int64) - rows["start"], rows["document_id"] != ""
            found = [rows["sequence"].n_unique(), size.filter(real).sum(), size.filter(~real).sum()]
            sums[str(name)] = sums.get(str(name), 0) + np.array(found, np.int64)
            ids.setdefault(str(name), []).append(rows["document_id"].filter(real).hash().unique())
    none = dict.fromkeys((*keys, "documents"), 0)
    by_name = {
        name: {**dict(zip(keys, found.tolist(), strict=True)), "documents": pl.concat(ids[name]).n_unique()}
        for name, found in sums.items()
    }
    for name, part in counts["components"].items():
        written = by_name.get(name, none)
        wrong = [f"{key} {value:,}, planned {part[key]:,}" for key, value in written.items() if value != part[key]]
        if wrong:
            raise StageError(f"the shards of {name} do not hold what was planned: {'; '.join(wrong)}")
