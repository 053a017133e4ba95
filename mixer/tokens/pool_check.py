"""Holds the files of a finished tokens stage against their checksums, before a mixture is made of them."""

from collections.abc import Sequence
from pathlib import Path

from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.errors import StageError
from contracts.files import checksum
from contracts.manifest import FileEntry, Manifest

TASKS = 64
"""Tasks at most: a checksum is read at gigabytes a second, and a task takes some 30 ms to start."""


class CheckPool(PipelineStep):
    """Task r reads every TASKS-th file of the pool again; memory: 1 MB."""

    type = "glotmix"
    name = "check pool"

    def __init__(self, pool: Path, files: list[FileEntry]) -> None:
        super().__init__()
        self.pool, self.files = pool, files

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Compare checksums."""
        _compare(self.pool, self.files[rank::world_size])
        yield from ()


def tasks_of(files: Sequence[FileEntry]) -> int:
    """How many tasks read so many files."""
    return max(1, min(TASKS, len(files)))


def require_sound(pool: Path, manifest: Manifest, prefix: str) -> None:
    """Compare the checksums of the files below a folder of the pool.

    Raises:
        StageError: a file is missing or was changed; says what to remove.
    """
    _compare(pool, [entry for entry in manifest.files if entry.path.startswith(prefix)])


def _compare(pool: Path, files: Sequence[FileEntry]) -> None:
    for entry in files:
        path = pool / entry.path
        found = checksum(path) if path.is_file() else "no file"
        if found != entry.checksum:
            raise StageError(
                f"{path}: checksum {found}, the manifest says {entry.checksum}; the pool is damaged. Remove {pool}, "
                "then: glotmix run CONFIG"
            )
