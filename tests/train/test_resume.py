"""Killed runs end as those that were left alone, bit for bit; other numbers of ranks within rounding."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

pytest.importorskip("deepspeed")

from tests.train import sessions
from tests.train.runs import small

LONG = {"points": [20 * 1024, 40 * 1024], "checkpoints": {"every": 4, "keep": 1}}
"""Forty steps, branches of 10 and 20; slow enough to be killed on the way."""


def steps(folder: Path) -> list[tuple]:
    rows = [json.loads(line) for line in (folder / "steps.jsonl").read_text().splitlines()]
    return [(row["end"], row["step"], row["loss"], row["gradient_norm"], row["rate"]) for row in rows]


def losses(folder: Path) -> list[float]:
    return [row[2] for row in steps(folder)]


def results(folder: Path) -> list[dict]:
    rows = [json.loads(path.read_text())["row"] for path in sorted(folder.glob("points/*/point.json"))]
    assert rows
    return [{name: value for name, value in row.items() if name.startswith(("loss_", "bpb_", "p_"))} for row in rows]


def options(stage: int, accumulation: int, ranks: int) -> dict:
    return {**LONG, "engine": {"stage": stage}, "micro_batch": 8 // accumulation // ranks}


def killed_and_resumed(cases, ranks, tiny_run, folder):
    """Every case: once undisturbed, once killed after its first checkpoint and resumed; compares the two."""
    whole = [small(tiny_run, folder / f"whole-{n}", **case) for n, case in enumerate(cases)]
    sessions.together(whole, ranks, folder)
    again = []
    for n, case in enumerate(cases):
        config = small(tiny_run, folder / f"killed-{n}", **case)
        output = Path(config.output)
        wanted = 1 + 7 * n % 5  # different moments: after so many checkpoints

        seen: set[str] = set()

        def ready(output=output, seen=seen, wanted=wanted):
            seen.update(path.parent.name for path in output.glob("checkpoints/*/facts.json"))
            return len(seen) >= wanted

        assert sessions.kill_when(sessions.start([config], ranks, folder), ready), "it was not killed on the way"
        assert len(list(output.glob("points/*/point.json"))) < 2
        again.append(config)
    sessions.together(again, ranks, folder)
    for one, other in zip(whole, again, strict=True):
        assert steps(Path(other.output)) == steps(Path(one.output))
        assert results(Path(other.output)) == results(Path(one.output))


def test_a_killed_run_goes_on_bit_for_bit(tiny_run, tmp_path):
    killed_and_resumed([options(1, 4, 1)], 1, tiny_run, tmp_path)


def test_a_killed_run_of_two_ranks_goes_on_bit_for_bit(tiny_run, tmp_path):
    killed_and_resumed([options(2, 4, 2)], 2, tiny_run, tmp_path)


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("ranks", [1, 2])
def test_every_stage_and_accumulation_goes_on_bit_for_bit(ranks, tiny_run, tmp_path):
    cases = [options(stage, accumulation, ranks) for stage in (1, 2, 3) for accumulation in (1, 4)]
    killed_and_resumed(cases, ranks, tiny_run, tmp_path)


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("stage", [1, 2, 3])
def test_a_killed_run_in_bf16_goes_on_bit_for_bit(stage, tiny_run, tmp_path):
    case = options(stage, 2, 1)
    killed_and_resumed([{**case, "engine": {"stage": stage, "precision": "bf16"}}], 1, tiny_run, tmp_path)


def stopped_in_the_middle(config, ranks, folder):
    """Ask a run to stop after its first checkpoint, as a scheduler does; its output."""
    output = Path(config.output)
    processes = sessions.start([config], ranks, folder)
    limit = time.monotonic() + 120
    while not list(output.glob("checkpoints/*/facts.json")) and time.monotonic() < limit:
        time.sleep(0.01)
    for process in processes:
        os.kill(process.pid, signal.SIGTERM)
    told = "".join(process.communicate(timeout=60)[0].decode() for process in processes)
    assert "asked to stop" in told, told
    return output


def test_sigterm_saves_and_another_number_of_ranks_goes_on(tiny_run, tmp_path):
    case = {**options(1, 1, 2), "micro_batch": 4}
    whole = small(tiny_run, tmp_path / "whole", **case)
    config = small(tiny_run, tmp_path / "stopped", **case)
    sessions.together([whole], 1, tmp_path)
    output = stopped_in_the_middle(config, 2, tmp_path)
    done = steps(output)
    newest = max(output.glob("checkpoints/*/facts.json"), key=lambda path: path.stat().st_mtime).parent.name
    assert int(newest.split("-")[-1]) == done[-1][1] + 1, "the step it stopped at was not saved"
    sessions.together([config], 1, tmp_path)
    assert len(steps(output)) == len(steps(Path(whole.output)))
    assert losses(output) == pytest.approx(losses(Path(whole.output)), abs=1e-4)


@pytest.mark.full
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("stage", [2, 3])
@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2)])
def test_other_stages_go_on_with_another_number_of_ranks(stage, before, after, tiny_run, tmp_path):
    case = {**options(stage, 1, 2), "micro_batch": 4}
    whole = small(tiny_run, tmp_path / "whole", **case)
    config = small(tiny_run, tmp_path / "stopped", **case)
    sessions.together([whole], after, tmp_path)
    stopped_in_the_middle(config, before, tmp_path)
    sessions.together([config], after, tmp_path)
    assert losses(Path(config.output)) == pytest.approx(losses(Path(whole.output)), abs=1e-4)


def test_stages_and_accumulation_agree_on_two_ranks(tiny_run, tmp_path):
    configs = [
        small(tiny_run, tmp_path / f"{stage}-{size}", micro_batch=size, engine={"stage": stage})
        for stage in (1, 2, 3)
        for size in (1, 4)
    ]
    sessions.together(configs, 2, tmp_path)
    first, *others = [losses(Path(config.output)) for config in configs]
    assert len(first) == 8 and all(loss is not None for loss in first)
    for found in others:
        assert found == pytest.approx(first, abs=1e-4)


def test_all_ranks_hold_equal_weights_after_steps_with_accumulation(tiny_run, tmp_path):
    configs = [
        small(
            tiny_run, tmp_path / f"{stage}-{precision}", micro_batch=1, engine={"stage": stage, "precision": precision}
        )
        for stage, precision in ((1, "fp32"), (1, "bf16"), (2, "bf16"))
    ]
    told = sessions.finish(sessions.start(configs, 2, tmp_path, "equal_weights.py"))
    assert told.count("equal") == 2 * len(configs)
