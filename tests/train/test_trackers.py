import subprocess
import sys

import pytest

from contracts.errors import ConfigError
from train.config import TrackingConfig
from train.trackers import POINTS, TRUNK, Trackers, open_trackers, require_installed, series_of


def test_no_tracker_writes_nothing_and_imports_nothing(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from train.config import TrackingConfig; from train.trackers import open_trackers\n"
        "tracker = open_trackers(TrackingConfig(), Path(sys.argv[1]), 'run')\n"
        "tracker.log(1, {'loss': 2.0}); tracker.close()\n"
        "print([m for m in ('torch', 'tensorboard', 'wandb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "value"), [("tensorboard", True), ("wandb", "project")])
def test_a_missing_package_is_told_with_the_command(tmp_path, monkeypatch, option, value):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, option, raising=False)
    (tmp_path / option).mkdir()  # what trackers write is no package either
    config = TrackingConfig(**{option: value})
    for ask in (lambda: require_installed(config), lambda: open_trackers(config, tmp_path, "run")):
        with pytest.raises(ConfigError, match=rf"tracking\.{option} needs .* pip install 'glotmix\[tracking\]'"):
            ask()
    require_installed(TrackingConfig())


def test_a_leg_has_a_series_of_its_own():
    assert (series_of(None), series_of(0), series_of(1200)) == (TRUNK, "branch-000000000", "branch-000001200")


class Kept:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list = []

    def log(self, step, values, series=TRUNK) -> None:
        self.told.append((step, dict(values), series))

    def close(self) -> None:
        self.told.append("closed")


def test_all_trackers_are_told_the_same():
    both = [Kept(), Kept()]
    trackers = Trackers(both)
    trackers.log(1, {"loss": 2.0})
    trackers.log(2, {"loss": 1.0}, POINTS)
    trackers.close()
    for kept in both:
        assert kept.told == [(1, {"loss": 2.0}, TRUNK), (2, {"loss": 1.0}, POINTS), "closed"]


def scalars(folder) -> dict:
    """What TensorBoard shows: series -> name -> steps and values."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = {}
    for series in sorted(folder.iterdir()):
        events = EventAccumulator(str(series)).Reload()
        names = events.Tags()["scalars"]
        found[series.name] = {name: [(e.step, round(e.value, 4)) for e in events.Scalars(name)] for name in names}
    return found


def test_tensorboard_shows_what_the_last_process_reported_of_each_step(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("tensorboard")
    config = TrackingConfig(tensorboard=True)
    first = open_trackers(config, tmp_path, "run")
    for step in range(1, 8):
        first.log(step, {"loss": float(step), "rate": 0.5})
    first.log(5, {"loss": 5.5}, series_of(6))
    first.log(6, {"go": 1.5}, POINTS)
    first.close()
    second = open_trackers(config, tmp_path, "run")  # goes on after step 4 of the trunk
    for step in (5, 6):
        second.log(step, {"loss": 10.0 + step})
    second.log(9, {"go": 1.25}, POINTS)
    second.close()
    assert scalars(tmp_path / "tensorboard") == {
        "trunk": {
            "loss": [(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0), (5, 15.0), (6, 16.0)],
            "rate": [(step, 0.5) for step in range(1, 5)],
        },
        "branch-000000006": {"loss": [(5, 5.5)]},
        "points": {"go": [(6, 1.5), (9, 1.25)]},
    }


def report(folder, values: str, environment: dict[str, str]) -> subprocess.CompletedProcess:
    """Report to Weights & Biases in a process of its own: it keeps what it knows of the user for a whole process."""
    code = (
        "import sys; from pathlib import Path\n"
        "from train.config import TrackingConfig; from train.trackers import open_trackers, series_of\n"
        "tracker = open_trackers(TrackingConfig(wandb='ladder'), Path(sys.argv[1]), 'ab12', {'rung': 'tiny'})\n"
        f"for step, values, end in {values}: tracker.log(step, values, series_of(end))\n"
        "tracker.close()"
    )
    import os

    kept = {name: value for name, value in os.environ.items() if not name.startswith("WANDB_")}
    return subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        capture_output=True,
        text=True,
        env={**kept, "HOME": str(folder), **environment},
        timeout=120,
    )


def test_weights_and_biases_gets_every_series_under_the_id_of_the_run(tmp_path):
    pytest.importorskip("wandb")
    # from a branch back to the trunk: steps go back
    steps = "[(1, {'loss': 5.5}, None), (2, {'loss': 4.5}, 2), (1, {'loss': 3.5}, None)]"
    done = report(tmp_path, steps, {"WANDB_MODE": "offline"})
    assert done.returncode == 0, done.stderr
    assert "less than current step" not in done.stderr  # what it says where it drops a step
    (record,) = (tmp_path / "wandb").glob("offline-run-*/run-ab12.wandb")
    written = record.read_bytes()
    for text in (b"ladder", b"rung", b"tiny", b"trunk/loss", b"branch-000000002/loss", b"5.5", b"4.5", b"3.5"):
        assert text in written, text


def test_weights_and_biases_without_a_login_says_what_to_do(tmp_path):
    pytest.importorskip("wandb")
    done = report(tmp_path, "[]", {"WANDB_MODE": "online", "WANDB_BASE_URL": "http://127.0.0.1:9"})
    assert "ConfigError: tracking.wandb: ladder: " in done.stderr
    assert "wandb login; or set WANDB_MODE=offline" in done.stderr
