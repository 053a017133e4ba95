"""Phases on Ray; skipped where Ray is not installed (it is an extra)."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_steps import Exits, Fails, Killed, Tiny, spilled

from contracts.errors import ConfigError, StageError
from pipelines.config import CorpusConfig
from pipelines.corpus import corpus
from pipelines.executor import Phase, run_phase
from pipelines.executor_config import ExecutorConfig

ray = pytest.importorskip("ray")

RAY = ExecutorConfig(kind="ray", ray_address="local", ray_memory_gb=1, workers=2)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Processes of the cluster find modules as this one does; each test that needs a fresh cluster ends it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
        yield
    ray.shutdown()


def test_what_a_node_cannot_import_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "only_here.py").write_text("from tiny_steps import Tiny\n\n\nclass Stranger(Tiny):\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    from only_here import Stranger  # type: ignore[import-not-found]

    with pytest.raises(StageError, match="No module named 'only_here'"):
        run_phase(Phase("tiny", [Stranger(tmp_path)], 1), tmp_path / "logs", RAY)
    ray.shutdown()


def test_memory_that_this_machine_does_not_have_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ray_memory_gb: 90000: this machine has [0-9.]+ GB"):
        run_phase(Phase("tiny", [Tiny(tmp_path)], 1), tmp_path, RAY.model_copy(update={"ray_memory_gb": 90000}))
    ray.shutdown()


def test_a_finished_phase_is_not_run_again_and_logs_stay_with_the_phase(tmp_path: Path) -> None:
    for _ in range(2):
        run_phase(Phase("tiny", [Tiny(tmp_path)], 3), tmp_path / "logs", RAY)
    assert {p.read_text() for p in tmp_path.glob("*.runs")} == {"x"}
    assert (tmp_path / "2.out").read_text() == "2 of 3, 1"
    assert len(list((tmp_path / "logs/tiny/logs").glob("task_*.log"))) == 3


@pytest.mark.parametrize(
    ("step", "message"),
    [(Fails, "task 0: ValueError: bad"), (Exits, "task 0: SystemExit"), (Killed, "exit code -9")],
)
def test_an_error_is_raised_and_a_rerun_does_what_is_missing(step: type[Tiny], message: str, tmp_path: Path) -> None:
    phase = Phase("tiny", [step(tmp_path, (0,))], 2)
    with pytest.raises(StageError, match=message):
        run_phase(phase, tmp_path / "logs", RAY)
    assert spilled(tmp_path / "logs") == []
    (tmp_path / "mended").touch()
    run_phase(phase, tmp_path / "logs", RAY)
    assert [(tmp_path / f"{rank}.runs").read_text() for rank in (0, 1)] == ["xx", "x"]


def test_ray_and_local_make_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    for number in range(6):
        (tmp_path / "s" / f"m{number}.py").write_text(f"def f{number}(a):\n    return a + {number % 4}\n" * 3)
    config = CorpusConfig.model_validate(
        {
            "sources": [{"type": "directory", "name": "s", "path": "s"}],
            "slice_bytes": 2000,
            "dedup": {"bands": 1, "rows": 2},
        }
    )
    made = [
        corpus(config, tmp_path, tmp_path / executor.kind, executor).manifest
        for executor in (RAY, ExecutorConfig(workers=1))
    ]
    assert made[0].identity == made[1].identity
    assert made[0].run["executor"] == "ray" and made[0].counts["documents"]["files"] > 0
    assert json.loads((tmp_path / "ray/manifest.json").read_text())["files"] == [f.model_dump() for f in made[1].files]
