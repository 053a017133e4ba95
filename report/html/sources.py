"""Reads what a report shows: manifests, tables and JSON below a run's output folder; what is not there is None."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.dataset as ds
from pydantic import BaseModel, ValidationError

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.manifest import Manifest

MOST_BYTES = 64 << 20
"""A file larger than this is not what a stage writes for the report."""
SWEEP_MIXTURE = "sweep-"
"""How names of mixtures begin that a sweep made; there may be hundreds, so they are counted."""
MOST_RUNS = 24
"""Runs whose training curves are drawn."""
MOST_STEPS = 200
"""Steps of a curve that are drawn."""

Model = TypeVar("Model", bound=BaseModel)


class Unreadable(StageError):
    """A file that is there and is not what it should be."""


@dataclass(frozen=True, slots=True)
class TrainingCurve:
    """Training loss over tokens of one run."""

    size: str
    parameters: int
    mixture: str
    steps: list[int]
    losses: list[float]


@dataclass(frozen=True, slots=True)
class RunFiles:
    """The output folder of a run."""

    root: Path

    def manifest(self, *names: str) -> Manifest | None:
        """The manifest of a stage."""
        return _reading(self.root.joinpath(*names) / manifests.MANIFEST, lambda path: manifests.read(path.parent))

    def mixtures(self) -> tuple[dict[str, Manifest], int]:
        """Finished mixtures by name, and how many more a sweep made."""
        names = sorted(path.parent.name for path in (self.root / "mix").glob(f"*/{manifests.MANIFEST}"))
        own = [name for name in names if not name.startswith(SWEEP_MIXTURE)]
        found = {name: self.manifest("mix", name) for name in own}
        return {name: made for name, made in found.items() if made is not None}, len(names) - len(own)

    def model(self, kind: type[Model], *names: str) -> Model | None:
        """A JSON file that a contract describes."""

        def parse(path: Path) -> Model:
            return kind.model_validate_json(_text(path))

        return _reading(self.root.joinpath(*names), parse)

    def counted(self, column: str, *names: str) -> dict[str, int] | None:
        """How often each value of a column stands in a table of Parquet files."""

        def count(_: Path) -> dict[str, int]:
            table = ds.dataset(folder, format="parquet").to_table(columns=[column])
            return {v["values"]: v["counts"] for v in table[column].value_counts().to_pylist() if v["values"]}

        folder = self.root.joinpath(*names)
        return _reading(next(iter(sorted(folder.glob("*.parquet"))), folder / "none"), count)

    def curves(self, folder: str) -> tuple[list[TrainingCurve], int]:
        """Training curves of a sweep, at most MOST_RUNS spread over its list, and how many runs there are."""
        path = self.root / folder / "list.jsonl"
        runs = _reading(path, lambda p: [json.loads(line) for line in _text(p).splitlines()]) or []
        chosen = runs[:: max(1, -(-len(runs) // MOST_RUNS))]
        found = _reading(path, lambda _: [self._curve(folder, run) for run in chosen]) or []
        return [curve for curve in found if curve is not None], len(runs)

    def _curve(self, folder: str, run: dict[str, Any]) -> TrainingCurve | None:
        name = f"{run['run_id']}-{str(run['mixture'])[-6:]}"
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no run's folder")
        path = self.root / folder / "trained" / name / "steps.jsonl"
        if not path.is_file():
            return None
        trunk = [step for step in map(json.loads, _text(path).splitlines()) if step["end"] is None]
        thin = trunk[:: max(1, -(-len(trunk) // MOST_STEPS))]
        steps, losses = [int(s["step"]) + 1 for s in thin], [float(s["loss"]) for s in thin]
        return TrainingCurve(str(run["rung"]), int(run["n_parameters"]), str(run["mixture"]), steps, losses)


Read = TypeVar("Read")


def _reading(path: Path, read: Callable[[Path], Read]) -> Read | None:
    """What a file holds; None where there is none.

    Raises:
        Unreadable: it is damaged.
    """
    if not path.is_file():
        return None
    try:
        return read(path)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise Unreadable(f"{path.name} is not of this version: {where}: {first['msg']}") from error
    except (OSError, ValueError, KeyError, TypeError, StageError) as error:
        raise Unreadable(f"{path.name} cannot be read: {error}") from error


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{size:,} bytes, more than {MOST_BYTES:,}")
    return path.read_text(encoding="utf-8")
