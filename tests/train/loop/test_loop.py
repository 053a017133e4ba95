"""The whole loop on a tiny corpus: skipped when up to date, extended, killed and resumed to the same bytes."""

import json
import shutil
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

STAGES = ("corpus", "pairs", "parallel", "split", "tokenizer", "tokens", "validation")
TABLES = ("sweep/measured.parquet", "fit/fit.json", "fit/curves.json", "allocation/allocation.json")
LOOP = {
    "sweep": {
        "workers": 2,
        "mix": {"sequence_length": 64, "parallel": "none", "max_epochs": 4},
        "train": {
            "batch_tokens": 512,
            "engine": {"backend": "torch"},
            "checkpoints": {"export": "none", "every": 2},
            "evaluation": {"directions": False, "batch": 64},
        },
        "grid": {
            "rungs": ["0.05M"],
            "points": [[1024, 2048, 4096]],
            "mixtures": [
                {"proportions": {"python": share, "go": round(1 - share, 2)}} for share in (0.1, 0.3, 0.5, 0.7, 0.9)
            ],
        },
    },
    "fit": {"law": "exponential", "targets": ["python", "go"], "bootstrap": 20, "starts": 8},
    "allocate": {"minimum": {"python": 0.1, "go": 0.1}, "keep": {"parallel": 0.2}},
    "confirm": {"seeds": [0, 1]},
}


def command(path: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "glotmix", "run", str(path), *options]


def do(path: Path, *options: str, code: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run(command(path, *options), capture_output=True, text=True, timeout=280)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def prepared(tiny_run, folder: Path) -> Path:
    """A configuration with a loop, over a corpus whose stages up to the tokens are done."""
    (folder / "out").mkdir(parents=True)
    for stage in STAGES:
        shutil.copytree(tiny_run.root / stage, folder / "out" / stage)
    (folder / "polyglot").symlink_to(tiny_run.config.parent / "polyglot")
    data = yaml.safe_load(tiny_run.config.read_text()) | LOOP
    data["mix"] |= {"tokens": 20_000}
    path = folder / "run.yaml"
    path.write_text(yaml.safe_dump(data))
    return path


@pytest.fixture(scope="module")
def closed(tiny_run, tmp_path_factory) -> tuple[Path, str]:
    """A loop that went through: its configuration, and what it printed."""
    path = prepared(tiny_run, tmp_path_factory.mktemp("loop"))
    return path, do(path).stdout


def stamps(folder: Path) -> dict[Path, int]:
    kept = (p for p in folder.rglob("*") if p.is_file() and p.name not in (".lock", "report.html"))
    return {p: p.stat().st_mtime_ns for p in kept}


def test_the_loop_ends_with_proportions_and_a_verdict(closed):
    path, text = closed
    out = path.parent / "out"
    allocation = json.loads((out / "allocation" / "allocation.json").read_text())
    assert set(allocation["weights"]) == {"python", "go"}
    assert sum(allocation["weights"].values()) == pytest.approx(1, abs=1e-9)
    assert set(allocation["intervals"]) >= {"python", "go"}
    for bound in allocation["bounds"].values():  # caps are whole sequences of the sweep's length
        cap = bound["max_epochs"] * bound["unique_tokens"]
        assert cap == pytest.approx(64 * round(cap / 64), rel=1e-9) and bound["max_epochs"] <= 4
    second = json.loads((out / "mix" / "proposed" / "manifest.json").read_text())["counts"]["components"]
    assert second["parallel"]["wanted"] == pytest.approx(0.2, abs=1e-6)
    confirmed = json.loads((out / "confirm" / "confirm.json").read_text())
    assert [len(one["losses"]) for one in (confirmed["proposed"], *confirmed["baselines"])] == [2, 2]
    assert confirmed["proposed"]["losses"][0] != confirmed["proposed"]["losses"][1]
    assert confirmed["toy"] and confirmed["comparisons"][0]["verdict"] in ("better", "worse", "within noise")
    for said in ("Proportions", "95 % interval", "epochs", "toy scale", "The proposed mixture:", "Report:"):
        assert said in text, said


class Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.charts = 0

    def handle_starttag(self, tag, attrs):
        self.ids += [value for key, value in attrs if key == "id"]
        self.charts += tag == "svg"


def test_the_report_of_a_loop_has_every_section_and_its_charts(closed):
    parser = Ids()
    text = (closed[0].parent / "out" / "report.html").read_text()
    parser.feed(text)
    assert {"funnel", "mixtures", "training", "laws", "proportions", "confirmation"} <= set(parser.ids)
    assert len(parser.ids) == len(set(parser.ids))
    assert parser.charts == 5
    assert "Not there" not in text and "Cannot be shown" not in text


def test_a_second_run_trains_nothing_and_changes_nothing(closed):
    before = stamps(closed[0].parent / "out")
    rows = json.loads(do(closed[0], "--json").stdout)["stages"]["rows"]
    assert {row["state"] for row in rows} == {"unchanged"}
    assert [row["stage"] for row in rows][-6:] == ["sweep", "fit", "allocate", "mix", "trials", "confirm"]
    assert stamps(closed[0].parent / "out") == before


def test_the_plan_of_a_finished_loop_has_nothing_to_do_but_what_changed(closed):
    rows = json.loads(do(closed[0], "--check", "--json").stdout)["plan"]["rows"]
    assert {row["state"] for row in rows if row["stage"] != "confirm"} == {"unchanged"}
    changed = "sweep.grid.points=[[1024, 2048, 4096, 8192]]"
    rows = json.loads(do(closed[0], "--check", "--json", "--set", changed).stdout)["plan"]["rows"]
    states = {row["stage"]: row for row in rows}
    assert states["mix"]["state"] == "unchanged" and states["fit"]["state"] == "to do"
    assert states["sweep"]["to train"] == 5 and "FLOP" in states["sweep"]["FLOPs"]


def test_a_larger_sweep_trains_only_the_new_runs(closed):
    path = closed[0]
    out = path.parent / "out"
    points = stamps(out / "sweep" / "runs" / "points")
    shares = [(0.1, 0.9), (0.3, 0.7), (0.5, 0.5), (0.7, 0.3), (0.9, 0.1), (0.2, 0.8)]
    mixtures = [{"proportions": {"python": a, "go": b}} for a, b in shares]
    do(path, "--until", "fit", "--set", f"sweep.grid.mixtures={json.dumps(mixtures)}")
    after = stamps(out / "sweep" / "runs" / "points")
    assert len(after) == len(points) + 3
    assert {name: after[name] for name in points} == points
    smaller = do(path, "--until", "allocate", "--json")  # as it was: what the sixth mixture added is passed over
    assert json.loads(smaller.stdout)["sweep"]["rows"][0]["points"] == 15


def test_killed_in_the_sweep_and_after_it_the_loop_ends_in_the_same_bytes(closed, tiny_run, tmp_path):
    path, _ = closed
    copy = prepared(tiny_run, tmp_path / "killed")
    out = copy.parent / "out"
    process = subprocess.Popen(command(copy), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 240
    while len(list((out / "sweep" / "runs" / "points").glob("*.json"))) < 2 and time.monotonic() < until:
        time.sleep(0.02)  # two points of fifteen are there
    process.send_signal(signal.SIGKILL)  # the driver alone: its workers must notice
    process.wait()
    assert not (out / "sweep" / "manifest.json").exists()
    do(copy, "--until", "fit")
    shutil.rmtree(out / "fit")  # as if it had been killed before the fit was written
    do(copy, "--until", "allocate")
    do(path, "--until", "allocate")
    for name in TABLES:
        assert (out / name).read_bytes() == (path.parent / "out" / name).read_bytes(), name
