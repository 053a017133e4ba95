"""The list of runs: one row a run, as `contracts.schema.RUN_LIST` says."""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from contracts.config import StrictModel, validate
from contracts.errors import ConfigError, StageError
from contracts.files import atomic_path
from mixer.config import Limits
from train.config import ShapeConfig
from train.sweep.config import Strategy

DERIVED = frozenset({"index", "run_id", "n_parameters", "epochs", "flops", "gpu_hours"})
"""Columns that a plan adds to what was wanted."""


class Row(StrictModel):
    """One run to do; columns as in `contracts.schema.RUN_LIST`."""

    index: int
    run_id: str
    rung: str
    shape: ShapeConfig | None
    n_parameters: int
    tokens: tuple[int, ...] = Field(min_length=1)
    mixture: str
    proportions: dict[str, float]
    components: dict[str, Limits]
    strategy: Strategy
    seed: int
    data_seed: int
    epochs: dict[str, float]
    flops: float
    gpu_hours: float | None


def line_of(row: Row) -> str:
    """A row as it stands in the list; bounds that are not set are left out."""
    data = row.model_dump(mode="json")
    data["components"] = {
        name: limits.model_dump(exclude_defaults=True, mode="json") for name, limits in row.components.items()
    }
    return json.dumps(data, ensure_ascii=False)


def write_list(path: Path, rows: Iterable[Row]) -> None:
    """Write the list, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text("".join(f"{line_of(row)}\n" for row in rows), encoding="utf-8")


def read_list(path: Path) -> list[Row]:
    """The rows of a list.

    Raises:
        StageError: there is none, or a line is no row.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise StageError(f"{path}: there is no plan yet. Run: glotmix sweep plan CONFIG") from error
    try:
        return [validate(Row, json.loads(line), f"{path}, line {n}") for n, line in enumerate(lines, 1)]
    except (ValueError, ConfigError) as error:
        raise StageError(f"{path}: not a list of runs of this version ({error}); plan again") from error
