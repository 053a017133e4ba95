"""From configuration and pool to a plan: the proportions resolved, the streams built, the supply known."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from contracts.allocation import Allocation
from contracts.errors import ConfigError, PlanError
from contracts.languages import in_order, is_parallel
from contracts.manifest import Manifest
from mixer.config import MixConfig
from mixer.planning.plan import Plan, plan
from mixer.planning.shares import limits_of
from mixer.streams.build import StreamSpec, build_stream, check_column, read_supply
from pipelines.stage import require

Build = Callable[[list[StreamSpec]], None]
"""Builds the streams that are not there yet."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan and the streams it is made of, in the same order."""

    plan: Plan
    specs: dict[str, StreamSpec]


def resolve(config: MixConfig, base: Path) -> tuple[MixConfig, dict[str, Any] | None]:
    """The configuration with the proportions of its allocation.json in place of the file's name.

    Args:
        config: the `mix` section.
        base: folder that a relative path starts from.

    Returns:
        the configuration, and what the allocation says about itself (None without one).

    Raises:
        ConfigError: the file is missing or is no allocation; names what is wrong.
    """
    if config.allocation is None:
        return config, None
    path = (base / Path(config.allocation).expanduser()).resolve()
    try:
        found = Allocation.model_validate_json(path.read_text(encoding="utf-8"))
        weights = {name: weight for name, weight in found.weights.items() if weight}
        data = config.model_dump() | {"proportions": weights, "allocation": None}
        return MixConfig.model_validate(data), found.origin
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"mix.allocation: {path} cannot be read ({error}); see docs/mixing.md for its form"
        ) from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'weights'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()[:3]
        )
        raise ConfigError(f"mix.allocation: {path} is not an allocation for this mixture ({wrong})") from error


def stream_specs(config: MixConfig, pool: Manifest) -> dict[str, StreamSpec]:
    """The stream of each component that the mixture may take.

    Raises:
        PlanError: explicit proportions name a component that the pool does not hold.
    """
    held = [c for c in in_order(pool.counts["train"]) if config.takes(c)]
    if isinstance(config.proportions, dict):
        wanted = {c for c, share in config.proportions.items() if share}
        missing = in_order(wanted - set(held))
        if missing:
            raise PlanError(
                f"mix.proportions asks for {', '.join(missing)}, of which the pool holds no document; it holds "
                f"{', '.join(held) or 'nothing'}. See what there is: glotmix stats CONFIG"
            )
        held = [c for c in held if c in wanted or c in config.components]
    curriculum = config.curriculum
    columns = {True: curriculum.pairs, False: curriculum.documents} if curriculum else {True: None, False: None}
    return {
        c: StreamSpec(
            pool.identity,
            c,
            config.sequence_length,
            config.seed,
            limits_of(config, c).unique_tokens,
            columns[is_parallel(c)],
            bool(curriculum and curriculum.descending and columns[is_parallel(c)]),
        )
        for c in held
    }


def dry_run(config: MixConfig, base: Path, pool: Path) -> Plan:
    """The plan of a mixture; nothing is left on disk.

    Raises:
        PlanError: the proportions cannot be met.
        StageError: the pool is not finished.
    """
    config, _ = resolve(config, base)
    manifest = require(pool, "tokens", "glotmix run CONFIG --until tokens")
    with TemporaryDirectory(prefix="glotmix-plan-") as folder:
        root = Path(folder)

        def build(specs: list[StreamSpec]) -> None:
            for spec in specs:
                build_stream(pool, pool.parent.parent, root, spec)

        return prepare(config, manifest, pool.parent.parent, root, build).plan


def prepare(config: MixConfig, pool: Manifest, tables: Path, root: Path, build: Build) -> Prepared:
    """Build the streams and plan the mixture.

    Args:
        config: resolved.
        pool: manifest of the tokens stage.
        tables: output folder of the run, for the columns of a curriculum.
        root: folder of streams.
        build: called once with all streams.

    Raises:
        PlanError: the proportions cannot be met.
    """
    specs = stream_specs(config, pool)
    for spec in specs.values():
        check_column(tables, spec)
    build(list(specs.values()))
    planned = plan(config, {c: read_supply(root, spec) for c, spec in specs.items()})
    return Prepared(planned, {c: specs[c] for c in planned.components})
