"""Views: mixtures of which only the order is written; the reader takes the tokens from the pool.

The streams lie in a folder that all views of a run share, so a further mixture costs a byte a sequence.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.config import validate
from contracts.errors import ConfigError, GlotmixError, PlanError
from contracts.files import TEMPORARY_PREFIX, checksum
from contracts.manifest import Manifest, digest
from mixer.config import MixConfig
from mixer.layout import Layout
from mixer.mix import ELSEWHERE, NAME, epochs_of, inputs_of, mixture_counts, ordered, refs_of, semantic
from mixer.planning.prepare import Prepared, prepare, resolve
from mixer.streams.build import StreamSpec, build_epoch, build_stream, save_array, sound
from mixer.streams.files import StreamRef, records_of, stream_paths
from mixer.streams.view_files import ORDER, stream_refs
from mixer.tokens.pool_check import require_sound
from pipelines.executor_config import ExecutorConfig
from pipelines.stage import Outcome, StageContext, StageResult, run_stage

LEFT_SECONDS = 3600.0
"""Age at which a temporary file in the shared folder belongs to a process that is gone: arrays take seconds."""


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
        _same_pool(config, defaults, place)
        if config.name in found:
            raise ConfigError(f"{place}: the name {config.name} is there twice")
        found[config.name] = config
    if not found:
        raise ConfigError(f"{path}: holds no mixture")
    return list(found.values())


def _same_pool(config: MixConfig, defaults: MixConfig, place: str) -> None:
    for key in ("parallel_form", "parallel_level"):
        if getattr(config, key) != getattr(defaults, key):
            raise ConfigError(f"{place}: {key} must be {getattr(defaults, key)}, as configured; use two lists")


def views(
    configs: Iterable[MixConfig],
    base: Path,
    pool: Path,
    layout: Layout,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
) -> Iterator[StageResult]:
    """Write views, one after the other, in this process; those that are finished are skipped.

    Memory: the order of one view (two bytes a sequence) and, while a stream is built, 200 bytes a document and 500 a
    pair.

    Args:
        configs: mixtures of one form and level of parallel documents; `output` must be view.
        base: folder that paths of allocations start from.
        pool: folder of a finished tokens stage.
        layout: folders of the run; a view gets order.npy and manifest.json.
        executor: named in the manifests.
        force: redo views that do not match.
        check: make nothing: a view that is not finished is an error.

    Raises:
        PlanError: proportions cannot be met; names the mixture, of which nothing is written.
        StageError: an earlier stage is not finished.
    """
    tokens, facts = inputs_of(pool, layout.tokenizer)
    require_sound(pool, tokens, "tokenized/")
    configs = list(configs)
    if not check:
        _remove_left(layout.streams)
        _plan_all(configs, base, (pool, tokens), layout.streams)
    for given in configs:
        try:
            config, allocation = resolve(given, base)
            folder = layout.mix(config.name)
            body = _body(config, allocation, (pool, tokens), facts, layout.streams, folder)
            inputs = {"tokens": tokens.identity, "tokenizer": facts.identity}
            result = run_stage(
                NAME, folder, semantic(config), inputs, body, executor, force=force, check=check, elsewhere=ELSEWHERE
            )
            if result.skipped and not _whole(folder, result.manifest):
                _build(config, (pool, tokens), layout.streams)
        except (ConfigError, PlanError) as error:
            raise type(error)(f"mixture {given.name}: {error}") from error
        yield result


def _remove_left(streams: Path) -> None:
    """Remove what killed processes left in the folder that views share; others may be writing, so only what is old."""
    for left in streams.rglob(f"{TEMPORARY_PREFIX}*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink()


def _plan_all(configs: Sequence[MixConfig], base: Path, pool: tuple[Path, Manifest], streams: Path) -> None:
    """Plan every mixture before the first is written.

    Raises:
        ConfigError, PlanError: of the first that cannot be made, by name; says how many others cannot.
    """
    wrong: list[tuple[str, GlotmixError]] = []
    for config in configs:
        try:
            _prepare(resolve(config, base)[0], pool, streams)
        except (ConfigError, PlanError) as error:
            wrong.append((config.name, error))
    if wrong:
        name, first = wrong[0]
        names = ", ".join(other for other, _ in wrong[1:6]) + (", ..." if len(wrong) > 6 else "")
        more = f"\nNothing was written; {len(wrong) - 1} more cannot be made: {names}" if len(wrong) > 1 else ""
        raise type(first)(f"mixture {name}: {first}{more}") from first


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
            "pool": Path(os.path.relpath(pool[0].absolute(), folder.resolve())).as_posix(),
            "streams": [
                {
                    "component": ref.component,
                    "folder": Path(os.path.relpath(ref.folder.absolute(), folder.resolve())).as_posix(),
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


def _prepare(config: MixConfig, pool: tuple[Path, Manifest], streams: Path) -> Prepared:
    """The plan, and the streams that it takes but for their epochs, where they are not there yet."""
    tokens, manifest = pool

    def build(specs: list[StreamSpec]) -> None:
        for spec in specs:
            build_stream(tokens, tokens.parent.parent, streams, spec)

    return prepare(config, manifest, tokens.parent.parent, streams, build)


def _build(config: MixConfig, pool: tuple[Path, Manifest], streams: Path) -> Prepared:
    """The plan, and all of the streams that it takes, where they are not there yet."""
    prepared = _prepare(config, pool, streams)
    for spec, epoch in epochs_of(prepared):
        build_epoch(streams, spec, epoch)
    return prepared


def _whole(folder: Path, manifest: Manifest) -> bool:
    """Whether the streams of a finished view are all there and sound: they are shared, and not among its files."""
    begun = [entry["epochs"] for entry in manifest.counts["streams"]]
    refs = stream_refs(folder, manifest.counts)
    records = [record for ref, n in zip(refs, begun, strict=True) for record in records_of(ref.folder, n)]
    return all(sound(record) for record in records)


def stream_checksum(ref: StreamRef, epochs: int) -> str:
    """One hash over the arrays of a stream that a view reads; read once in a process for each state of its files."""
    states = tuple((path.stat().st_mtime_ns, path.stat().st_size) for path in stream_paths(ref, epochs))
    return _stream_checksum(ref, epochs, states)


def read_checksum(ref: StreamRef, epochs: int) -> str:
    """The same, past what this process has read before."""
    return digest([[path.name, checksum(path)] for path in stream_paths(ref, epochs)])[:32]


@lru_cache(maxsize=4096)
def _stream_checksum(ref: StreamRef, epochs: int, _states: tuple[tuple[int, int], ...]) -> str:
    return read_checksum(ref, epochs)
