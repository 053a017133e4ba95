"""The configuration of sources, one model per kind, told apart by `type`."""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from contracts.config import StrictModel
from contracts.errors import ConfigError
from contracts.languages import is_parallel
from contracts.licences import expression
from contracts.spdx import NotSpdx
from parsers.languages import normalise_language
from pipelines.sources.globs import check_pattern

DEFAULT_EXCLUDE = (
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "__pycache__",
    ".venv",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".gradle",
)
"""Left out of directories: version-control stores (.git, .hg, .svn), installed dependencies (node_modules,
.venv, .tox, .nox) and what tools write for themselves (__pycache__, .mypy_cache, .pytest_cache, .ruff_cache,
.gradle). Chosen because none of it is source text of the tree; give `exclude` to replace the whole list."""

NAME_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
"""What a source name may hold: it becomes part of record ids and of file names."""

MAX_NAME = 100
"""Characters in a source name; keeps file names made from it below the usual 255 bytes."""

COMPONENT = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""What the name of a component may be: it becomes part of column names, file names and options."""


def _name(value: str) -> str:
    if not value or len(value) > MAX_NAME or not set(value) <= NAME_CHARACTERS or not value.strip("."):
        raise ValueError(
            f"name {value!r}: allowed are 1 to {MAX_NAME} characters of A-Z a-z 0-9 . _ - (not only dots); "
            "rename the source"
        )
    return value


def _plain(value: str) -> str:
    if not value.strip() or "\0" in value:
        raise ValueError(f"{value!r}: must not be empty or hold a NUL; give a value or leave the key out")
    return value


def _licence(value: str) -> str:
    try:
        return expression(_plain(value))
    except NotSpdx as error:
        raise ValueError(
            f"no SPDX licence expression: {error}. See https://spdx.org/licenses; give LicenseRef-NAME for a licence "
            "that the list does not have, and leave the key out where it is not known"
        ) from error


def _revision(value: str) -> str:
    if value.startswith("-") or any(ord(char) <= 32 for char in _plain(value)):
        raise ValueError(f"commit {value!r}: give a commit, tag or branch; no spaces, no '-' first")
    return value


def _component(value: str) -> str:
    language = normalise_language(value)
    if language:
        raise ValueError(
            f"component {value!r}: {language} is a programming language, and code is parsed and paired; leave "
            "component out, and the language is told by names and content, or by columns.language of a table"
        )
    if value == "all":
        raise ValueError("component 'all': tables use it for the sum of all components; give another name")
    if is_parallel(value):
        raise ValueError(f"component {value!r}: translation pairs are made by the pairs stage; give another name")
    if not COMPONENT.fullmatch(value):
        raise ValueError(
            f"component {value!r}: allowed are 1 to 64 characters of a-z 0-9 _, a letter first, such as english"
        )
    return value


Name = Annotated[str, AfterValidator(_name)]
Plain = Annotated[str, AfterValidator(_plain)]
Licence = Annotated[str, AfterValidator(_licence)]
Component = Annotated[str, AfterValidator(_component)]
Patterns = tuple[Annotated[str, AfterValidator(check_pattern)], ...]


class _Source(StrictModel):
    """What every source has."""

    name: Name
    """Unique name of the source: 1 to 100 characters of A-Z a-z 0-9 . _ -"""
    path: Plain
    """Where it is; a relative path starts at the base directory (that of the configuration)."""
    licence: Licence | None = None
    """SPDX expression that applies to everything here, where a record does not bring its own. Names that can mean one
    licence only, such as Apache 2 or MIT License, are read as it; others are refused."""
    component: Component | None = None
    """For text that is no code in one of the languages: the name of its own component of the mixture, such as
    english. All text here is taken, whatever its file name; it is never parsed, and of the gates only min_bytes,
    require_licence and drop_vendored judge it."""


class _Filtered(_Source):
    """A source of files with paths."""

    include: Patterns = ("**",)
    """Glob patterns of files to read. Without `/`: any file or folder so named; with `/`: from the root."""
    exclude: Patterns = ()
    """Glob patterns of files and folders to leave out; stronger than `include`."""


class DirectorySource(_Filtered):
    """A folder of source files."""

    type: Literal["directory"] = "directory"
    exclude: Patterns = DEFAULT_EXCLUDE
    """Glob patterns of files and folders to leave out; stronger than `include`."""
    repo: Literal["source", "top_level"] = "source"
    """`source`: the folder is one repository; `top_level`: each folder directly below it is one."""
    commit: Plain | None = None
    """The commit this tree was taken from; only noted."""
    follow_symlinks: bool = False
    """Follow symbolic links that stay below the folder; others are always rejected."""


class GitSource(_Filtered):
    """A git repository, read from its objects: no checkout, no filters, no hooks, no network."""

    type: Literal["git"] = "git"
    commit: Annotated[str, AfterValidator(_revision)] = "HEAD"
    """Any revision that names a commit; resolved to the full id when the run is planned."""
    repo: Plain | None = None
    """Name of the repository; the source's name if not given."""


class ArchiveSource(_Filtered):
    """Archives read in place: zip, whl, jar, egg, nupkg; tar, plain or with gz, zst, bz2, xz; tgz, crate."""

    type: Literal["archive"] = "archive"
    repo: Literal["archive", "source", "top_level"] = "archive"
    """`archive`: each archive is a repository; `source`: all are one; `top_level`: each top folder inside."""
    max_ratio: float = Field(default=200.0, ge=1.0)
    """Expanded bytes for one stored byte, over a whole archive; above it the archive counts as a bomb. Source
    packages stay below 20; deflate cannot pass 1032."""
    max_expanded: int = Field(default=8 * 1024**3, ge=1)
    """Bytes one archive may expand to (8 GiB)."""
    max_members: int = Field(default=1_000_000, ge=1)
    """Members one archive may have."""
    follow_symlinks: bool = False
    """Read archives through symbolic links to files (a download cache), wherever they lead."""


class ColumnMap(StrictModel):
    """Which column of a record holds what; dots go into nested values."""

    content: Plain = "content"
    """The text of the file."""
    id: Plain | None = None
    """The record's own identifier."""
    path: Plain | None = None
    """The file's path in its repository."""
    repo: Plain | None = None
    """The repository's name."""
    language: Plain | None = None
    """The declared programming language."""
    licence: Plain | None = None
    """An SPDX licence, or a list of detected ones: all of a list apply, so it is joined with AND."""
    commit: Plain | None = None
    """The commit the file was taken from."""


class _Table(_Source):
    """A file, folder, glob or fsspec URL of tables."""

    columns: ColumnMap = ColumnMap()
    """Which column holds what."""
    follow_symlinks: bool = False
    """Read tables through symbolic links to files (a download cache), wherever they lead."""

    @model_validator(mode="after")
    def _declared_once(self) -> "_Table":
        if self.component is not None and self.columns.language is not None:
            raise ValueError(
                f"component ({self.component}) and columns.language ({self.columns.language}) both declare what the "
                "records are; keep columns.language for code, or component for other text"
            )
        return self


class JsonlSource(_Table):
    """One JSON object per line; plain, gzip, zstd, bzip2 or xz."""

    type: Literal["jsonl"] = "jsonl"


class ParquetSource(_Table):
    """Parquet files."""

    type: Literal["parquet"] = "parquet"


TableSource = JsonlSource | ParquetSource
AnySource = DirectorySource | GitSource | ArchiveSource | JsonlSource | ParquetSource
SourceConfig = Annotated[AnySource, Field(discriminator="type")]


def check_names(sources: Sequence[AnySource]) -> None:
    """Check that no two sources share a name.

    Raises:
        ConfigError: no source at all, or a name is used twice.
    """
    if not sources:
        raise ConfigError("sources: empty; allowed is one or more sources; add one with type, name and path")
    seen: set[str] = set()
    for source in sources:
        if source.name in seen:
            raise ConfigError(f"sources: the name {source.name!r} is used twice; rename one of them")
        seen.add(source.name)
