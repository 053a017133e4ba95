"""Checkpoints on disk: whole or absent, the newest few of them.

A checkpoint is a folder: the engine's files below state/, and facts.json, written before the folder gets its name.
Checkpoints hold pickled tensors: load only those that you or people you trust have written.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch

from contracts.errors import StageError
from contracts.files import TEMPORARY_PREFIX, write_json
from train.config import EngineConfig
from train.distributed import World
from train.engines.deepspeed_engine import UNIVERSAL, convert
from train.engines.engine import Engine
from train.progress import Tag

FACTS = "facts.json"

MODEL = "model.json"
"""Beside the checkpoints of a run: the transformers configuration of its model."""


class Checkpoints:
    """The checkpoints of one run.

    Args:
        folder: where they lie.
        world: this process's place; all ranks call every method but `tags`.
        engine: backend and ZeRO stage, which with the number of ranks decide how states are divided into files.
    """

    def __init__(self, folder: Path, world: World, engine: EngineConfig) -> None:
        self.folder, self.world = folder, world
        self.division = {"backend": engine.backend, "stage": engine.stage, "ranks": world.ranks}

    def tags(self) -> list[Tag]:
        """The complete ones."""
        if not self.folder.is_dir():
            return []
        found = [Tag.parse(path.name) for path in self.folder.iterdir() if (path / FACTS).is_file()]
        return [tag for tag in found if tag is not None]

    def clean(self) -> None:
        """Remove what a killed run left unfinished."""
        if self.world.rank == 0 and self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name.startswith(TEMPORARY_PREFIX):
                    shutil.rmtree(path)
        self._wait()

    def save(self, tag: Tag, engine: Engine, facts: dict[str, Any]) -> None:
        """Write a checkpoint; one of the same tag is replaced.

        Args:
            tag: what it holds.
            engine: whose state it is.
            facts: what the trainer needs beside it, as JSON.
        """
        temporary, final = self.folder / f"{TEMPORARY_PREFIX}{tag.name}", self.folder / tag.name
        if self.world.rank == 0:
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
        self._wait()
        engine.save(temporary)
        self._wait()
        if self.world.rank == 0:
            _flush(temporary)
            write_json(temporary / FACTS, {**facts, **self.division})
            if final.exists():
                old = self.folder / f"{TEMPORARY_PREFIX}old-{tag.name}"
                shutil.rmtree(old, ignore_errors=True)
                os.replace(final, old)
                shutil.rmtree(old)
            os.replace(temporary, final)
            _flush_folder(self.folder)
        self._wait()

    def facts(self, tag: Tag) -> dict[str, Any]:
        """What stands beside a checkpoint.

        Raises:
            StageError: it is damaged.
        """
        path = self.folder / tag.name / FACTS
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StageError(
                f"{path}: damaged ({error}); remove {path.parent} to go on from the one before"
            ) from error
        return found

    def universal(self, tag: Tag) -> bool:
        """Whether a checkpoint is of another number of ranks or ZeRO stage; its universal form is then made.

        Raises:
            StageError: it is of the other backend, of a stage that does not convert, or damaged.
        """
        facts, folder = self.facts(tag), self.folder / tag.name
        if facts["backend"] != self.division["backend"]:
            raise StageError(f"{folder}: go on with engine.backend: {facts['backend']}, which has written it")
        if (facts["stage"] == 3) != (self.division["stage"] == 3):  # DeepSpeed 0.19.8 looks for other files then
            raise StageError(f"{folder}: go on with engine.stage: {facts['stage']}; 3 and the others do not convert")
        if facts["backend"] == "torch" or all(facts[key] == value for key, value in self.division.items()):
            return False
        done = folder / f"{UNIVERSAL}.done"
        if self.world.rank == 0 and not done.exists():
            shutil.rmtree(folder / UNIVERSAL, ignore_errors=True)
            convert(folder)
            done.touch()
        self._wait()
        return True

    def remove(self, tags: list[Tag]) -> None:
        """Remove checkpoints."""
        if self.world.rank == 0:
            for tag in tags:
                gone = self.folder / f"{TEMPORARY_PREFIX}old-{tag.name}"
                shutil.rmtree(gone, ignore_errors=True)
                os.replace(self.folder / tag.name, gone)  # first by name: a half-removed one must not look complete
                shutil.rmtree(gone)
        self._wait()

    def _wait(self) -> None:
        if self.world.ranks > 1:
            torch.distributed.barrier()


def _flush(folder: Path) -> None:
    """Bring all files below a folder to disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with open(path, "rb+") as handle:
                os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
