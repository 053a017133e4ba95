"""Sweeps on Ray; skipped where Ray is not installed (it is an extra)."""

import os
import sys
from collections.abc import Iterator

import pytest
import stand_ins

from contracts.errors import ConfigError
from train.sweep.on_ray import run_ray

ray = pytest.importorskip("ray")


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Processes of the cluster find modules as this one does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
        yield
    ray.shutdown()


def test_a_sweep_runs_on_ray_and_what_failed_or_died_is_told(queue):
    q = queue(4)
    seen = []
    tally = run_ray(q.job, q.rows, "local", 0, stand_ins.odd_ones_fail, lambda *told: seen.append(told))
    assert q.journal() == [0, 2]
    assert sorted(why for _, why in tally.failed) == ["StageError: seed 1 is odd", "StageError: seed 3 is odd"]
    assert seen[-1][2:] == (4, 4)
    (q.base / "mended").touch()
    again = run_ray(q.job, q.rows, "local", 0, stand_ins.odd_ones_fail)
    assert (len(again.finished), len(again.skipped), q.journal()) == (2, 2, [0, 1, 2, 3])


def test_a_run_whose_process_is_killed_is_tried_again(queue):
    q = queue(3)
    tally = run_ray(q.job, q.rows, "local", 0, stand_ins.killed_once)
    assert (len(tally.finished), tally.failed, q.journal()) == (3, [], [0, 1, 2])


def test_gpus_that_the_cluster_does_not_have_are_refused_instead_of_waited_for(queue):
    q = queue(1)
    with pytest.raises(ConfigError, match=r"--gpus 64: the Ray cluster has \d+ GPUs; --gpus 0"):
        run_ray(q.job, q.rows, "local", 64, stand_ins.note)
