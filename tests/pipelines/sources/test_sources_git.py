"""Git repositories as sources."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import SourceError
from pipelines.sources import gitcmd
from pipelines.sources.config import GitSource
from pipelines.sources.plan import plan
from pipelines.sources.read import read_slice


def test_an_older_commit_of_a_work_tree(repo: Any, read_all: Any) -> None:
    old = repo.commit(a_py="one\r\n", src__b_py="two")
    repo.commit(a_py="changed", c_py="new")
    (repo.path / "a.py").write_text("not committed")
    got = read_all(GitSource(name="g", path="repo", commit=old[:10], licence="MIT"))
    assert {(r.path, r.raw) for r in got.records} == {("a.py", b"one\r\n"), ("src/b.py", b"two")}
    assert {(r.commit, r.repo, r.licence) for r in got.records} == {(old, "g", "MIT")}
    assert got.plan.commits == {"g": old}


@pytest.mark.parametrize("where", ["repo/.git", "bare.git", "repo"])
def test_work_tree_git_folder_and_bare(repo: Any, read_all: Any, where: str) -> None:
    repo.commit(a_py="one")
    repo.git("clone", "-q", "--bare", ".", "../bare.git")
    (record,) = read_all(GitSource(name="g", path=where, repo="org/r")).records
    assert (record.path, record.raw, record.repo) == ("a.py", b"one", "org/r")


def test_links_and_submodules_are_problems(repo: Any, read_all: Any) -> None:
    first = repo.commit(a_py="one")
    (repo.path / "l").symlink_to("/etc/passwd")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{first},sub")
    repo.git("add", "l")
    repo.git("commit", "-q", "-m", "y")
    got = read_all(GitSource(name="g", path="repo"))
    assert got.codes == {"a.py": "ok", "l": "link", "sub": "link"}
    assert {r.commit for r in got.rejected} == {repo.git("rev-parse", "HEAD")}


def test_include_exclude_and_strange_names(repo: Any, read_all: Any) -> None:
    (repo.path / 't\tn\nq".py').write_text("x")
    with open(os.path.join(os.fsencode(repo.path), b"\xff.py"), "w") as file:
        file.write("y")
    repo.commit(vendor__v_py="v", readme="r")
    got = read_all(GitSource(name="g", path="repo", include=("*.py",), exclude=("vendor",)))
    assert {(r.path, r.raw) for r in got.records} == {('t\tn\nq".py', b"x"), ("\\xff.py", b"y")}
    assert got.plan.excluded == {"g": 2}


def test_too_large_and_many_slices(repo: Any, read_all: Any) -> None:
    repo.commit(**{f"f{n}_py": "x" * n for n in range(20)}, big_py="y" * 500)
    got = read_all(GitSource(name="g", path="repo"), slice_bytes=1000, max_bytes=100)
    assert len(got.plan.tasks) > 3 and len(got.records) == 21
    assert [r.path for r in got.records if r.problem] == ["big.py"]
    assert got.records[0].problem.value == 500


def test_an_object_that_vanished(repo: Any, tmp_path: Path) -> None:
    repo.commit(a_py="one", b_py="two")
    source = GitSource(name="g", path="repo")
    made = plan([source], tmp_path)
    blob = repo.git("rev-parse", "HEAD:a.py")
    (repo.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    records = [r for item in made.slices for r in read_slice(item, [source], tmp_path, 100)]
    assert [(r.path, r.problem.code if r.problem else "ok") for r in records] == [
        ("a.py", "unreadable"),
        ("b.py", "ok"),
    ]


def test_an_answer_of_another_type_does_not_shift_the_next(repo: Any, tmp_path: Path) -> None:
    repo.commit(a_py="one", b_py="two")
    source = GitSource(name="g", path="repo")
    (item,) = plan([source], tmp_path).slices
    odd = [f"{repo.git('rev-parse', name)} 3 odd" for name in ("HEAD^{tree}", "HEAD")]
    asked = replace(item, members=(*odd, *(item.members or ())))
    for limit in (1000, 10):  # an answer that fits, and one that is thrown away
        records = list(read_slice(asked, [source], tmp_path, limit))
        assert [r.raw for r in records] == [None, None, b"one", b"two"]
        assert [r.problem.code for r in records if r.problem] == ["unreadable", "unreadable"]


def test_an_object_that_ends_git_costs_only_itself(repo: Any, read_all: Any) -> None:
    repo.commit(a_py=os.urandom(3000).hex(), b_py="two")
    blob = repo.git("rev-parse", "HEAD:a.py")
    path = repo.path / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(-200, os.SEEK_END)
        file.write(b"\xff" * 100)
    assert read_all(GitSource(name="g", path="repo")).codes == {"a.py": "unreadable", "b.py": "ok"}


def other_git(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program in git's place."""
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_an_answer_about_another_object_is_not_taken(
    repo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(a_py="one", b_py="two")
    source = GitSource(name="g", path="repo")
    (item,) = plan([source], tmp_path).slices
    script = (
        r'while read a; do case $a in {}) printf "$a commit 1\nx\n";; *) printf "%040d blob 3\nbad\n" 0; esac; done'
    )
    other_git(tmp_path / "bin", monkeypatch, script.format(item.container))
    monkeypatch.setattr(gitcmd, "END_SECONDS", 0.1)
    records = list(read_slice(item, [source], tmp_path, 100))
    assert [r.problem.code if r.problem else r.raw for r in records] == ["unreadable", "unreadable"]


@pytest.mark.parametrize(
    ("script", "match"),
    [
        (r'read a; printf "$a commit 1\nx\n"; kill -9 $$', "killed by signal 9"),
        (r'read a; printf "$a commit 1\nx\n"; exec sleep 60', "no answer for"),
        (r'read a; printf "$a missing\n"', "does not give it now"),
        ("exit 128", "does not give it now"),
        (None, "could not be started"),
    ],
)
def test_a_git_that_fails_is_no_rejection(
    repo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, match: str
) -> None:
    repo.commit(a_py="one")
    source = GitSource(name="g", path="repo")
    (item,) = plan([source], tmp_path).slices
    monkeypatch.setattr(gitcmd, "GIT_SECONDS", 0.5)
    if script is None:
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        other_git(tmp_path / "bin", monkeypatch, script)
    with pytest.raises(SourceError, match=match):
        list(read_slice(item, [source], tmp_path, 100))


def test_a_repository_that_goes_away_fails_the_task(repo: Any, tmp_path: Path) -> None:
    repo.commit(a_py="one", b_py="two")
    source = GitSource(name="g", path="repo")
    (item,) = plan([source], tmp_path).slices
    records = read_slice(item, [source], tmp_path, 100)
    assert next(records).raw == b"one"
    shutil.rmtree(repo.path)
    with pytest.raises(SourceError, match="could not be started there"):
        list(records)
    repo.path.mkdir()
    with pytest.raises(SourceError, match="does not give it now"):
        list(read_slice(item, [source], tmp_path, 100))


def test_nothing_of_the_repository_is_run(repo: Any, read_all: Any, tmp_path: Path) -> None:
    (repo.path / ".gitattributes").write_text("* filter=evil diff=evil\n")
    repo.commit(a_py="one")
    trap = f"touch {tmp_path}/trapped"
    for key in (
        "core.fsmonitor",
        "filter.evil.smudge",
        "diff.evil.textconv",
        "core.sshCommand",
        "core.pager",
    ):
        repo.git("config", key, trap)
    repo.git("config", "remote.origin.url", f"ext::{trap}")
    repo.git("config", "remote.origin.promisor", "true")
    repo.git("config", "protocol.ext.allow", "always")
    repo.git("config", "extensions.partialClone", "origin")
    blob = repo.git("rev-parse", "HEAD:a.py")
    (repo.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    codes = read_all(GitSource(name="g", path="repo")).codes
    assert codes == {".gitattributes": "ok", "a.py": "unreadable"}
    assert not (tmp_path / "trapped").exists()


def test_the_callers_environment_does_not_leak(repo: Any, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(a_py="one")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere")
    assert len(read_all(GitSource(name="g", path="repo")).records) == 1


@pytest.mark.parametrize(
    ("path", "commit", "match"),
    [
        ("repo", "0" * 40, "has no commit"),
        ("repo", "nobranch", "has no commit"),
        ("repo", "HEAD:a.py", "has no commit"),
        ("repo/inner", "HEAD", "is not a git repository"),
        ("missing", "HEAD", "is not a folder"),
    ],
)
def test_no_such_commit_or_repository(repo: Any, read_all: Any, path: str, commit: str, match: str) -> None:
    repo.commit(a_py="one", inner__b_py="two")
    with pytest.raises(SourceError, match=match):
        read_all(GitSource(name="g", path=path, commit=commit))


def test_a_git_that_hangs_is_ended(repo: Any, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(a_py="one")
    (repo.path / ".git/HEAD").unlink()
    os.mkfifo(repo.path / ".git/HEAD")
    monkeypatch.setattr(gitcmd, "GIT_SECONDS", 0.2)
    with pytest.raises(SourceError, match=r"no answer for 0\.2 seconds"):
        read_all(GitSource(name="g", path="repo"))


def test_a_tree_with_too_many_entries(repo: Any, read_all: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(**{f"f{n}_py": "x" for n in range(5)})
    monkeypatch.setattr("pipelines.sources.git.MAX_TREE_ENTRIES", 4)
    with pytest.raises(SourceError, match="more than 4 entries"):
        read_all(GitSource(name="g", path="repo"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to somebody else")
def test_a_repository_of_somebody_else(repo: Any, read_all: Any) -> None:
    repo.commit(a_py="one")
    for path in (repo.path, repo.path / ".git"):
        os.chown(path, 12345, 12345)
    assert read_all(GitSource(name="g", path="repo")).codes == {"a.py": "ok"}
