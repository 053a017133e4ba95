"""A stage's folder holds what was asked for: skipped, refused, redone, resumed."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_steps import Fails, Tiny

from contracts import manifest as manifests
from contracts.errors import StageError, StaleStageError
from pipelines.executor_config import ExecutorConfig
from pipelines.phase import Phase
from pipelines.stage import LOCK, WORK, Outcome, StageContext, StageResult, require, run_stage

ONE = ExecutorConfig(workers=1)


class Body:
    """Writes one file a name and counts its calls."""

    def __init__(self, *names: str) -> None:
        self.names, self.calls = names, 0

    def __call__(self, context: StageContext) -> Outcome:
        self.calls += 1
        files = [context.folder / name for name in self.names]
        for path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(path.name)
        return Outcome(files, {"files": len(files)})


def run(
    folder: Path, body: Callable[[StageContext], Outcome], *, value: Any = 1, given: str = "x", force: bool = False
) -> StageResult:
    return run_stage("test", folder, {"value": value}, {"input": given}, body, ONE, force=force)


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_stage_that_matches_is_skipped(tmp_path: Path) -> None:
    body = Body("t/a", "t/b")
    first, second = run(tmp_path / "out", body), run(tmp_path / "out", body)
    assert (body.calls, first.skipped, second.skipped) == (1, False, True)
    assert first.manifest == second.manifest
    assert names(tmp_path / "out") == {"t/a", "t/b", "manifest.json", LOCK}


@pytest.mark.parametrize(
    ("change", "told"), [({"value": 2}, "value: 1 -> 2"), ({"given": "y"}, "input input changed")]
)
def test_a_stage_that_does_not_match_is_refused_with_the_difference_and_redone_with_force(
    change: dict[str, Any], told: str, tmp_path: Path
) -> None:
    run(tmp_path / "out", Body("a", "old"))
    body = Body("a")
    with pytest.raises(StaleStageError, match=told) as caught:
        run(tmp_path / "out", body, **change)
    assert "--force" in str(caught.value) and body.calls == 0
    assert names(tmp_path / "out") == {"a", "old", "manifest.json", LOCK}, "a refusal changes nothing"
    redone = run(tmp_path / "out", body, **change, force=True)
    assert not redone.skipped and names(tmp_path / "out") == {"a", "manifest.json", LOCK}


def test_force_does_not_redo_what_matches(tmp_path: Path) -> None:
    body = Body("a")
    run(tmp_path / "out", body)
    assert run(tmp_path / "out", body, force=True).skipped and body.calls == 1


def test_a_missing_output_file_is_noticed(tmp_path: Path) -> None:
    run(tmp_path / "out", Body("a"))
    (tmp_path / "out" / "a").unlink()
    with pytest.raises(StaleStageError, match="a: missing"):
        run(tmp_path / "out", Body("a"))


def test_a_broken_manifest_is_refused_and_force_replaces_it(tmp_path: Path) -> None:
    run(tmp_path / "out", Body("a"))
    (tmp_path / "out" / "manifest.json").write_text("{")
    with pytest.raises(StaleStageError, match="--force"):
        run(tmp_path / "out", Body("a"))
    assert not run(tmp_path / "out", Body("a"), force=True).skipped


def test_a_body_that_fails_leaves_no_manifest_and_its_work(tmp_path: Path) -> None:
    run(tmp_path / "out", Body("a"))

    def broken(context: StageContext) -> Outcome:
        (context.work / "half").touch()
        raise StageError("no")

    with pytest.raises(StageError, match="no"):
        run(tmp_path / "out", broken, value=2, force=True)
    assert manifests.read(tmp_path / "out") is None
    assert len(list((tmp_path / "out" / WORK).rglob("half"))) == 1
    with pytest.raises(StageError, match=r"the test stage is not finished\. Run: glotmix test"):
        require(tmp_path / "out", "test", "glotmix test")
    run(tmp_path / "out", Body("a"), value=3)
    assert not (tmp_path / "out" / WORK).exists(), "work of another configuration is not kept"


def test_a_crash_between_phases_resumes_behind_the_finished_ones(tmp_path: Path) -> None:
    out = tmp_path / "marks"
    out.mkdir()

    def body(context: StageContext) -> Outcome:
        context.run(Phase("one", [Tiny(out)], 2))
        context.run(Phase("two", [Fails(out, (1,))], 2))
        return Outcome([], {})

    with pytest.raises(StageError, match="two: 1 of 2 tasks did not finish"):
        run(tmp_path / "out", body)
    (out / "mended").touch()
    manifest = run(tmp_path / "out", body).manifest
    assert [(out / f"{rank}.runs").read_text() for rank in (0, 1)] == ["xx", "xxx"]
    assert [phase["name"] for phase in manifest.run["phases"]] == ["one", "two"]


def test_only_one_process_works_in_a_folder(tmp_path: Path) -> None:
    run(tmp_path / "out", Body("a"))
    with open(tmp_path / "out" / LOCK, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(StageError, match="another glotmix process works here"):
            run(tmp_path / "out", Body("a"))
    assert run(tmp_path / "out", Body("a")).skipped


def test_a_folder_that_somebody_else_filled_is_never_cleared(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "precious.py").write_text("x = 1\n")
    for force in (False, True):
        with pytest.raises(StageError, match=r"did not make \(precious\.py\)"):
            run(folder, Body("a"), force=force)
    assert names(folder) == {"precious.py"}


def test_the_executor_is_no_part_of_the_identity(tmp_path: Path) -> None:
    made = [
        run_stage("test", tmp_path / str(n), {}, {}, Body("a"), ExecutorConfig(workers=n)).manifest for n in (1, 2)
    ]
    assert made[0].identity == made[1].identity and made[0].run["workers"] != made[1].run["workers"]


def test_the_manifest_says_how_it_went(tmp_path: Path) -> None:
    facts = run(tmp_path / "out", Body("a")).manifest.run
    assert facts["executor"] == "local" and facts["versions"]["datatrove"]
    assert {"seconds", "started", "python", "glotmix", "peak_bytes"} <= facts.keys()
