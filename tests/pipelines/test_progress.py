"""What the progress bar is told."""

from pathlib import Path

import pytest
from tiny_steps import Tiny

from pipelines.phase import Phase
from pipelines.progress import ProgressReporter, Watcher


@pytest.mark.parametrize(
    ("work", "completed", "reported", "expected"),
    [
        (0.0, ["00000"], {}, (1.0, 4.0)),
        (100.0, [], {}, (0.0, 100.0)),
        (100.0, ["00000", "00001"], {"00002": "10"}, (60.0, 100.0)),
        (100.0, ["00000"], {"00000": "25", "00001": "99999"}, (50.0, 100.0)),
        (100.0, [], {"00001": ""}, (0.0, 100.0)),
    ],
)
def test_finished_tasks_count_whole_and_running_ones_by_what_they_report(
    work: float, completed: list[str], reported: dict[str, str], expected: tuple[float, float], tmp_path: Path
) -> None:
    for name in ("completions", "progress"):
        (tmp_path / name).mkdir()
    for rank in completed:
        (tmp_path / "completions" / rank).touch()
    for rank, amount in reported.items():
        (tmp_path / "progress" / rank).write_text(amount)
    assert Watcher(Phase("tiny", [Tiny(tmp_path)], 4, work), tmp_path, None)._state() == expected


def test_a_reporter_writes_at_once_and_then_seldom(tmp_path: Path) -> None:
    reporter = ProgressReporter(tmp_path / "progress", 3)
    for _ in range(100):
        reporter.add(10)
    assert reporter.done == 1000
    assert (tmp_path / "progress" / "00003").read_text() == "10"
