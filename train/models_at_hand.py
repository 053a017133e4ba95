"""Which models lie on disk, told from paths alone: without torch, so that a wrong path is told at once."""

import os
from pathlib import Path

from contracts.errors import ConfigError
from train.progress import Tag
from train.run_folder import CHECKPOINTS, POINTS, RUN

EXPORTED = "config.json"
"""In an export: the transformers configuration of its model."""

STATE = "state"
"""Folder of the engine's own files in a checkpoint."""

MODEL = "model.json"
"""Beside the checkpoints of a run: the transformers configuration of its model."""

LISTED = 10
"""Models of a kind that a message names; the last ones, which are the furthest."""

_EXPECTED = (
    "expected an export (config.json and model.safetensors, below a run's points/) or a checkpoint (below a run's "
    "checkpoints/)"
)


def require_model(folder: Path, key: str | None = None) -> Path:
    """The folder, if it is an export or a checkpoint.

    Args:
        folder: of the model.
        key: what names it in a configuration, for the message.

    Raises:
        ConfigError: it is neither; says what it is instead, and names the models of its run.
    """
    fault = _fault(folder)
    if fault is None:
        return folder
    raise ConfigError(fault if key is None else f"{key}: {fault}")


def exports(run: Path) -> list[Path]:
    """The exported models of a run, by their points."""
    return sorted(path.parent for path in (run / POINTS).glob(f"*/model/{EXPORTED}"))


def checkpoints(run: Path) -> list[Path]:
    """The checkpoints of a run, by their steps."""
    found = [(Tag.parse(path.parent.name), path.parent) for path in (run / CHECKPOINTS).glob(f"*/{STATE}")]
    return [path for _, path in sorted((tag.step, path) for tag, path in found if tag is not None)]


def _fault(folder: Path) -> str | None:
    """Why a folder cannot be loaded as a model; None: it can."""
    if (folder / EXPORTED).is_file():
        if any(folder.glob("*.safetensors")):
            return None
        return f"{folder} has {EXPORTED} but no weights: expected model.safetensors beside it"
    if (folder / STATE).is_dir():
        beside = folder.resolve().parent / MODEL
        return None if beside.is_file() else f"{folder} is a checkpoint, but its run's {beside} is missing: copy it"
    whole = Path(os.path.abspath(folder))  # ".." and "." have no parents to look through
    for run in (whole, *whole.parents):
        if (run / RUN).is_file():
            return f"{_within(folder, run, whole.relative_to(run).parts)}. {_choice(folder, run)}"
    return f"{_what(folder)}; {_EXPECTED}"


def _what(folder: Path) -> str:
    if not folder.exists():
        return f"{folder}: no such folder"
    return f"{folder} holds no model" if folder.is_dir() else f"{folder} is a file, no folder of a model"


def _within(folder: Path, run: Path, parts: tuple[str, ...]) -> str:
    """What is wrong with a path in a run's folder."""
    if not parts:
        return f"{folder} is the folder of a run, not of one of its models"
    if folder.is_file() or len(parts) == 1:
        return _what(folder)
    if parts[0] == POINTS:
        point = run / POINTS / parts[1]
        if (point / "model" / EXPORTED).is_file():
            return f"{_what(folder)}: the model of this point lies in {_as_typed(point / 'model', folder)}"
        if (point / "point.json").is_file():
            why = "checkpoints.export: last or none; with all, every point is exported when it is measured"
            return f"{folder}: this point was not exported ({why})"
        return f"{folder}: the run has not measured such a point"
    if parts[0] == CHECKPOINTS and Tag.parse(parts[1]) is not None and not folder.exists():
        return f"{folder}: no such folder; a run keeps its last checkpoints only (checkpoints.keep)"
    return _what(folder)


def _choice(folder: Path, run: Path) -> str:
    """The models of a run, to choose from."""
    lines: list[str] = []
    for kind, found in (("exports", exports(run)), ("checkpoints", checkpoints(run))):
        if found:
            more = f", the last {LISTED} of {len(found)}" if len(found) > LISTED else ""
            lines += [f"{kind}{more}:", *(f"  {_as_typed(path, folder)}" for path in found[-LISTED:])]
    return "\n".join(["Choose one of this run:", *lines]) if lines else "This run has no export and no checkpoint yet"


def _as_typed(path: Path, folder: Path) -> Path:
    """A path to copy from a message: from the current folder, if that is how the wrong one was given."""
    return path if folder.is_absolute() else Path(os.path.relpath(path))
