"""How far a sweep is."""

import pytest
import stand_ins

from train.sweep.attempt import attempt
from train.sweep.lock import Lock, acquire
from train.sweep.status import read_status, speeds, summary, worker_seconds


def test_every_run_counts_once_under_what_it_is(queue):
    q = queue(4)
    attempt(q.job, q.rows[0], stand_ins.note)
    attempt(q.job, q.rows[1], stand_ins.odd_ones_fail)
    attempt(q.job, q.rows[3], stand_ins.odd_ones_fail)
    lock = acquire(q.folder.lock(q.rows[3]), lambda: None)  # tried again just now
    assert isinstance(lock, Lock)
    found = read_status(q.folder, q.rows)
    assert [row.index for row, _ in found.finished] == [0]
    assert [row.index for row, _ in found.running] == [3]
    assert [(row.index, note["message"]) for row, note in found.failed] == [(1, "seed 1 is odd")]
    assert [row.index for row in found.waiting] == [2]
    lock.release()
    counts = summary(found)
    assert [counts[name] for name in ("finished", "running", "failed", "waiting")] == [1, 1, 1, 1]
    assert counts["planned GPU-hours left"] is None


def test_the_time_that_is_left_follows_the_measured_speed_of_each_size(queue):
    q = queue(4)
    for row, seconds in zip(q.rows[:2], (2.0, 1.0), strict=True):
        q.folder.finish(row, seconds)
    found = read_status(q.folder, q.rows)
    measured = speeds(found)
    assert measured == {"0.2M": pytest.approx((1e9 / 2 + 2e9 / 1) / 2)}
    assert worker_seconds(q.rows[2:], measured) == pytest.approx((3e9 + 4e9) / 1.25e9)
    other = q.rows[3].model_copy(update={"rung": "10M"})
    assert worker_seconds([other], measured) == pytest.approx(4e9 / 1.25e9)
    assert worker_seconds(q.rows, {}) is None
    assert summary(found)["worker hours left"] == round(7e9 / 1.25e9 / 3600, 3)
