"""Where the pairs of a command line are: a configuration, an output folder, the pairs' own folder, or a table."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts import manifest as manifests
from contracts.errors import ConfigError, StageError
from contracts.manifest import Manifest

STAGE, PARALLEL, CORPUS, SPLIT = "pairs", "parallel", "corpus", "split"
"""Names of the stages, which are the names of their folders."""

MAKE = "glotmix pairs CONFIG"
"""The command that makes pairs and parallel documents."""

TABLES = (".parquet", ".csv")

Locate = Callable[[Path], Path]
"""The output folder of a configuration."""


@dataclass(frozen=True, slots=True)
class Place:
    """The output folder of a run whose pairs are finished."""

    root: Path

    @property
    def pairs(self) -> Path:
        """The folder of the pairs stage."""
        return self.root / STAGE

    @property
    def parallel(self) -> Path:
        """The folder of the parallel stage."""
        return self.root / PARALLEL

    @property
    def corpus(self) -> Path:
        """The folder of the corpus stage."""
        return self.root / CORPUS

    @property
    def split(self) -> Path:
        """The folder of the split stage, which may not be there."""
        return self.root / SPLIT


def is_table(path: Path) -> bool:
    """Whether a path is a table by itself: a file of one, or a folder of numbered Parquet files."""
    return path.suffix in TABLES or (path.is_dir() and any(path.glob("[0-9]*.parquet")))


def finished(path: Path, locate: Locate, *, written: bool = True) -> Place:
    """The run of a configuration or folder.

    Args:
        path: a configuration, an output folder, or the folder of its pairs or parallel documents.
        locate: finds the output folder of a configuration.
        written: functions or parallel documents of the pairs are wanted too.

    Raises:
        ConfigError: nothing is there.
        StageError: a stage is not finished, or parallel documents are those of other pairs.
    """
    from pipelines.stage import require, require_chain

    if not path.exists():
        raise ConfigError(f"{path}: no such file or folder; give a configuration or an output folder")
    root = path.resolve() if path.is_dir() else locate(path)
    if path.is_dir() and _stage(root) in (STAGE, PARALLEL):
        root = root.parent
    place = Place(root)
    pairs = require(place.pairs, STAGE, MAKE)
    require(place.corpus, CORPUS, "glotmix corpus CONFIG")
    if written:
        require_chain({STAGE: pairs, PARALLEL: require(place.parallel, PARALLEL, MAKE)}, f"{MAKE} --force")
    return place


def around(table: Path) -> Path | None:
    """The corpus of the run that a table of pairs belongs to; None for a table that stands alone."""
    folder = table.resolve() if table.is_dir() else table.resolve().parent
    root = folder.parent.parent
    if _stage(folder.parent) not in (STAGE, PARALLEL) or _stage(root / CORPUS) != CORPUS:
        return None
    return root / CORPUS


def split_of(place: Place) -> Path | None:
    """The folder of the split table; None where the split was not made.

    Raises:
        StageError: it was made of other pairs or another corpus than there are now.
    """
    made = manifests.read(place.split)
    if made is None:
        return None
    for name, folder in ((STAGE, place.pairs), (PARALLEL, place.parallel), (CORPUS, place.corpus)):
        now = manifests.read(folder)
        if now is not None and made.inputs.get(name) != now.identity:
            raise StageError(
                f"{place.split}: was made from another {name} stage than the one there is now. "
                "Run: glotmix run CONFIG --until split --force"
            )
    return place.split / SPLIT


def manifest_of(place: Place) -> Manifest:
    """The manifest of the finished pairs."""
    from pipelines.stage import require

    return require(place.pairs, STAGE, MAKE)


def parallel_of(place: Place) -> Manifest:
    """The manifest of the finished parallel documents."""
    from pipelines.stage import require

    return require(place.parallel, PARALLEL, MAKE)


def _stage(folder: Path) -> str | None:
    made = manifests.read(folder)
    return None if made is None else made.stage
