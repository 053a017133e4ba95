"""Views: mixtures of which only the order is written; the reader takes the tokens from the pool.

The streams lie in a folder that all views of a run share, so a further mixture costs a byte a sequence.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.config import validate
from contracts.errors import ConfigError, PlanError
from contracts.files import checksum
from contracts.manifest import Manifest, digest
from mixer.config import MixConfig
from mixer.layout import Layout
from mixer.mix import NAME, epochs_of, inputs_of, mixture_counts, ordered, refs_of, semantic
from mixer.planning.prepare import Prepared, prepare, resolve
from mixer.streams.build import StreamSpec, build_epoch, build_stream, save_array
from mixer.streams.files import StreamRef, stream_paths
from mixer.streams.view_files import ORDER, stream_refs
from pipelines.executor_config import ExecutorConfig
from pipelines.stage import Outcome, StageContext, StageResult, run_stage


def read_list(path: Path, defaults: MixConfig) -> list[MixConfig]:
    """Mixtures out of JSON lines, each an object with options of the `mix` section; `name` must differ.

    Args:
        path: the file.
        defaults: what a line does not say.

    Raises:
        ConfigError: a line is no object, an option is wrong, or a name is missing or there twice; names the line.
    """
    found: dict[str, MixConfig] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    base = defaults.model_dump(exclude_unset=True)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            options = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{place}: not JSON ({error})") from error
        if not isinstance(options, dict) or "name" not in options:
            raise ConfigError(f"{place}: give an object with a name and other options of `mix`")
        if options.get("output", "view") != "view":
            raise ConfigError(f"{place}: output must be view; shards are made one mixture at a time: glotmix mix")
        config = validate(MixConfig, {**base, **options, "output": "view"}, place)
        if config.parallel_form != defaults.parallel_form:
            raise ConfigError(f"{place}: parallel_form must be {defaults.parallel_form}, as configured; use two lists")
        if config.name in found:
            raise ConfigError(f"{place}: the name {config.name} is there twice")
        found[config.name] = config
    if not found:
        raise ConfigError(f"{path}: holds no mixture")
    return list(found.values())


def views(
    configs: Iterable[MixConfig],
    base: Path,
    pool: Path,
    layout: Layout,
    executor: ExecutorConfig,
    *,
    force: bool = False,
) -> Iterator[StageResult]:
    """Write views, one after the other, in this process; those that are finished are skipped.

    Memory: the order of one view (two bytes a sequence) and, while a stream is built, 200 bytes a document and 500 a
    pair.

    Args:
        configs: mixtures of one parallel form; `output` must be view.
        base: folder that paths of allocations start from.
        pool: folder of a finished tokens stage.
        layout: folders of the run; a view gets order.npy and manifest.json.
        executor: named in the manifests.
        force: redo views that do not match.

    Raises:
        PlanError: proportions cannot be met; names the mixture, of which nothing is written.
        StageError: an earlier stage is not finished.
    """
    tokens, facts = inputs_of(pool, layout.tokenizer)
    for given in configs:
        try:
            config, allocation = resolve(given, base)
            folder = layout.mix(config.name)
            body = _body(config, allocation, (pool, tokens), facts, layout.streams, folder)
            inputs = {"tokens": tokens.identity, "tokenizer": facts.identity}
            result = run_stage(NAME, folder, semantic(config), inputs, body, executor, force=force)
            if result.skipped and not _whole(folder, result.manifest):
                _build(config, (pool, tokens), layout.streams)
        except (ConfigError, PlanError) as error:
            raise type(error)(f"mixture {given.name}: {error}") from error
        yield result


def _body(
    config: MixConfig,
    allocation: dict[str, Any] | None,
    pool: tuple[Path, Manifest],
    tokenizer: Manifest,
    streams: Path,
    folder: Path,
) -> Callable[[StageContext], Outcome]:
    def body(context: StageContext) -> Outcome:
        prepared = _build(config, pool, streams)
        order, deviation = ordered(config, prepared.plan)
        save_array(folder / ORDER, order)
        refs = refs_of(prepared, streams)
        counts = {
            "output": "view",
            "sequences_per_shard": config.shard_tokens // config.sequence_length,
            **mixture_counts(prepared.plan, deviation, refs, tokenizer, allocation),
            "pool": Path(os.path.relpath(pool[0], folder)).as_posix(),
            "streams": [
                {
                    "component": ref.component,
                    "folder": Path(os.path.relpath(ref.folder, folder)).as_posix(),
                    "tokens": ref.tokens,
                    "packed": ref.packed,
                    "epochs": prepared.plan.components[ref.component].epochs_begun,
                    "checksum": stream_checksum(ref, prepared.plan.components[ref.component].epochs_begun),
                }
                for ref in refs
            ],
        }
        return Outcome([folder / ORDER], counts)

    return body


def _build(config: MixConfig, pool: tuple[Path, Manifest], streams: Path) -> Prepared:
    """The plan, and the streams that it takes, where they are not there yet."""
    tokens, manifest = pool

    def build(specs: list[StreamSpec]) -> None:
        for spec in specs:
            build_stream(tokens, tokens.parent.parent, streams, spec)

    prepared = prepare(config, manifest, streams, build)
    for spec, epoch in epochs_of(prepared):
        build_epoch(streams, spec, epoch)
    return prepared


def _whole(folder: Path, manifest: Manifest) -> bool:
    """Whether the streams of a finished view are all there: they are shared, and not among its files."""
    begun = [entry["epochs"] for entry in manifest.counts["streams"]]
    refs = stream_refs(folder, manifest.counts)
    return all(path.is_file() for ref, n in zip(refs, begun, strict=True) for path in stream_paths(ref, n))


@lru_cache(maxsize=4096)
def stream_checksum(ref: StreamRef, epochs: int) -> str:
    """One hash over the arrays of a stream that a view reads."""
    return digest([[path.name, checksum(path)] for path in stream_paths(ref, epochs)])[:32]
