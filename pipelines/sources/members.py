"""What zip and tar members have in common: safe names, duplicates, and the problems of whole archives."""

import hashlib

from pipelines.sources.compression import BombError
from pipelines.sources.config import ArchiveSource
from pipelines.sources.containers import shown_name
from pipelines.sources.globs import PathFilter
from pipelines.sources.paths import UnsafePathError, member_path
from pipelines.sources.record import Problem, Stamp

ZIP_SUFFIXES = (".zip", ".whl", ".jar", ".egg", ".nupkg")
TAR_SUFFIXES = (
    ".tar",
    ".tar.gz",
    ".tgz",
    ".crate",
    ".tar.zst",
    ".tar.zstd",
    ".tzst",
    ".tar.bz2",
    ".tbz2",
    ".tar.xz",
    ".txz",
)
KNOWN = ", ".join((*ZIP_SUFFIXES, *TAR_SUFFIXES))


def archive_kind(name: str) -> str | None:
    """Return zip or tar by the end of the name, None where it is neither."""
    lower = name.lower()
    if lower.endswith(ZIP_SUFFIXES):
        return "zip"
    return "tar" if lower.endswith(TAR_SUFFIXES) else None


def stem(name: str) -> str:
    """Return an archive's name without its ending."""
    ends = [end for end in (*ZIP_SUFFIXES, *TAR_SUFFIXES) if name.lower().endswith(end)]
    short = name[: len(name) - max(map(len, ends), default=0)]
    return short if short.rpartition("/")[2].strip(".") else name


def archive_stamp(source: ArchiveSource, container: str) -> Stamp:
    """Return what all records of one archive share."""
    name = shown_name(source, container)
    repo = stem(name) if source.repo == "archive" else source.name
    return Stamp(source.name, repo, name, None, source.licence, source.repo == "top_level")


def archive_problem(error: Exception) -> Problem:
    """Return the problem of a whole archive that an error of its stream stands for."""
    if isinstance(error, BombError):
        return Problem("bomb", f"{error}; the rest of the archive is not read", error.value, error.threshold)
    return Problem("bad_archive", str(error))


class Names:
    """Judges member names in order: excluded, unsafe, seen before, or good."""

    def __init__(self, source: ArchiveSource) -> None:
        """Start with no name seen."""
        self._rules = PathFilter(source.include, source.exclude)
        self._seen: set[bytes] = set()

    def judge(self, name: str) -> tuple[str, Problem | None] | None:
        """Return the path and the problem with it if there is one; None where it is excluded."""
        try:
            path = member_path(name)
        except UnsafePathError as error:
            return name, Problem("unsafe_path", str(error))
        if not self._rules.keeps(path):
            return None
        key = hashlib.blake2b(path.encode(), digest_size=16).digest()
        if key in self._seen:
            return path, Problem("duplicate_member", "an earlier member has this path; the first one counts")
        self._seen.add(key)
        return path, None
