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
from train.models_at_hand import MODEL as MODEL
from train.progress import Tag

FACTS = "facts.json"

OLD = f"{TEMPORARY_PREFIX}old-"
"""Before the name of a checkpoint while another one takes its place."""

DIVISION = {0: "0", 1: "1 or 2", 2: "1 or 2", 3: "3"}
"""ZeRO stages between which DeepSpeed 0.19.8 can convert a checkpoint; it looks for other files in the others."""


class Checkpoints:
    """The checkpoints of one run.

    Args:
        folder: where they lie.
        world: this process's place; all ranks call `save` and `universal`, rank 0 alone `clean` and `remove`.
        engine: backend and ZeRO stage, which with the number of ranks decide how states are divided into files.
    """

    def __init__(self, folder: Path, world: World, engine: EngineConfig) -> None:
        self.folder, self.world = folder, world
        self.division: dict[str, Any] = {"backend": engine.backend, "stage": engine.stage, "ranks": world.ranks}

    def tags(self) -> list[Tag]:
        """The complete ones."""
        if not self.folder.is_dir():
            return []
        found = [Tag.parse(path.name) for path in self.folder.iterdir() if (path / FACTS).is_file()]
        return [tag for tag in found if tag is not None]

    def clean(self) -> None:
        """Remove what a killed run left unfinished; a checkpoint that was about to be replaced comes back."""
        if self.folder.is_dir():
            for path in sorted(self.folder.iterdir()):
                if not path.name.startswith(TEMPORARY_PREFIX):
                    continue
                replaced = self.folder / path.name.removeprefix(OLD)
                if path.name.startswith(OLD) and not replaced.exists():
                    os.replace(path, replaced)
                elif path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()

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
            old = self.folder / f"{OLD}{tag.name}"
            if final.exists():
                shutil.rmtree(old, ignore_errors=True)
                os.replace(final, old)
            os.replace(temporary, final)
            _flush_folder(self.folder)
            shutil.rmtree(old, ignore_errors=True)
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
        backend, stage = facts["backend"], facts["stage"]
        if backend != self.division["backend"]:
            raise StageError(f"{folder}: go on with engine.backend: {backend}, which has written it")
        if backend == "torch":
            return False
        if DIVISION[stage] != DIVISION[self.division["stage"]]:
            raise StageError(
                f"{folder}: written by engine.stage: {stage}, which cannot become {self.division['stage']}; go on "
                f"with {DIVISION[stage]}, or begin a new run from its weights (init_from)"
            )
        if stage == 0 or all(facts[key] == value for key, value in self.division.items()):
            return False
        done = folder / f"{UNIVERSAL}.done"
        if self.world.rank == 0 and not done.exists():
            shutil.rmtree(folder / UNIVERSAL, ignore_errors=True)
            convert(folder, folder / UNIVERSAL)
            done.touch()
        self._wait()
        return True

    def remove(self, tags: list[Tag]) -> None:
        """Remove checkpoints."""
        for tag in tags:
            gone = self.folder / f"{TEMPORARY_PREFIX}gone-{tag.name}"
            shutil.rmtree(gone, ignore_errors=True)
            os.replace(self.folder / tag.name, gone)  # first by name: a half-removed one must not look complete
            shutil.rmtree(gone)

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
