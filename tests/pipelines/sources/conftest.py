"""Helpers for the tests of sources: plan and read in one go, and small git repositories."""

import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.sources.config import AnySource
from pipelines.sources.plan import SourcePlan, plan
from pipelines.sources.read import SourceRecord, problem_records, read_slice


@dataclass
class Result:
    """A plan and all its records."""

    plan: SourcePlan
    rejected: list[SourceRecord]
    records: list[SourceRecord]

    @property
    def codes(self) -> dict[str, str]:
        """Problem codes by path, "ok" where there is none; listing and reading together."""
        everything = [*self.rejected, *self.records]
        return {r.path: r.problem.code if r.problem else "ok" for r in everything}


ReadAll = Callable[..., Result]


@pytest.fixture
def read_all(tmp_path: Path) -> ReadAll:
    """Plan sources below tmp_path, send the plan through JSON, and read every slice."""

    def run(*sources: AnySource, slice_bytes: int = 16_000_000, max_bytes: int = 2_000_000) -> Result:
        made = plan(sources, tmp_path, slice_bytes, max_bytes)
        again = SourcePlan.from_json(made.to_json())
        assert again == made
        return Result(made, list(problem_records(again, sources)), _read(again, sources, tmp_path, max_bytes))

    return run


def _read(made: SourcePlan, sources: Sequence[AnySource], base: Path, limit: int) -> list[SourceRecord]:
    records = [r for item in made.slices for r in read_slice(item, sources, base, limit)]
    for record in records:
        assert (record.problem is None) == (record.raw is not None or record.text is not None)
        for value in (record.path, record.repo, record.archive, record.source_id):
            value.encode("utf-8")
    return records


@dataclass
class Repo:
    """A git repository made for a test."""

    path: Path

    def git(self, *arguments: str) -> str:
        """Run git with a fixed author, date and configuration."""
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z",
        }
        done = subprocess.run(["git", *arguments], cwd=self.path, env=env, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def commit(self, **files: str) -> str:
        """Write files (`__` for a slash, a trailing `_py` for the suffix), commit all, return the id."""
        for name, text in files.items():
            path = self.path / name.replace("__", "/").replace("_py", ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Return an empty repository at tmp_path/repo."""
    path = tmp_path / "repo"
    path.mkdir()
    made = Repo(path)
    made.git("init", "-q", "-b", "main")
    return made
