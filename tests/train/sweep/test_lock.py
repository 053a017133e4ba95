"""Locks: one holder, a dead one is followed, a slow one stops."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from train.sweep import lock as locks
from train.sweep.lock import Lock, Owner, acquire, holder


def never() -> None:
    raise AssertionError("the lock was lost")


def held_by(folder: Path, owner: Owner, age: float = 0.0) -> None:
    """A lock that another process left."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "0"
    path.write_text(json.dumps(asdict(owner)))
    os.utime(path, (time.time() - age, time.time() - age))


def ended_process() -> Owner:
    """Who was a process of this machine and is none any more."""
    here = Owner.here()
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return replace(here, pid=int(done.stdout))


def test_a_lock_is_held_once_and_free_after_its_release(tmp_path):
    first = acquire(tmp_path / "a", never)
    assert isinstance(first, Lock)
    assert acquire(tmp_path / "a", never) == Owner.here()
    first.release()
    first.release()
    assert holder(tmp_path / "a") is None
    second = acquire(tmp_path / "a", never)
    assert isinstance(second, Lock)
    second.release()


def test_of_many_that_want_a_lock_at_once_exactly_one_gets_it(tmp_path):
    held_by(tmp_path / "a", ended_process())
    start, found = threading.Barrier(16), []

    def take() -> None:
        start.wait()
        found.append(acquire(tmp_path / "a", never))

    threads = [threading.Thread(target=take) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = [lock for lock in found if isinstance(lock, Lock)]
    won.release()


@pytest.mark.parametrize(
    ("who", "age", "free"),
    [
        ("a dead process of this machine", 0, True),
        ("a living process of this machine that is silent", 10_000, False),
        ("another process with the number of a dead one", 0, True),
        ("another machine", 0, False),
        ("another machine that is silent", 10_000, True),
        ("a container of this machine", 0, False),
        ("a machine that has started again", 10_000, True),
    ],
)
def test_when_a_lock_counts_as_left(tmp_path, who, age, free):
    here = Owner.here()
    owners = {
        "a dead process of this machine": ended_process(),
        "a living process of this machine that is silent": here,
        "another process with the number of a dead one": replace(here, started="1"),
        "another machine": replace(here, host="b", place="b 1", pid=1),
        "another machine that is silent": replace(here, host="b", place="b 1"),
        "a container of this machine": replace(here, place=f"{here.place} 2", pid=99_999_999),
        "a machine that has started again": replace(here, place="earlier boot"),
    }
    held_by(tmp_path, owners[who], age)
    found = acquire(tmp_path, never)
    assert isinstance(found, Lock) is free
    if isinstance(found, Lock):
        found.release()


def test_a_file_without_an_owner_counts_until_it_is_old(tmp_path):
    (tmp_path / "0").touch()
    assert isinstance(acquire(tmp_path, never), Owner)
    os.utime(tmp_path / "0", (1, 1))
    assert holder(tmp_path) is None


def test_a_holder_shows_that_it_lives_and_stops_when_it_was_taken_for_dead(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "BEAT_SECONDS", 0.05)
    lost = threading.Event()
    lock = acquire(tmp_path, lost.set)
    assert isinstance(lock, Lock)
    os.utime(lock.path, (1, 1))
    end = time.monotonic() + 10
    while lock.path.stat().st_mtime < 2 and time.monotonic() < end:
        time.sleep(0.02)
    assert lock.path.stat().st_mtime > time.time() - 60
    assert not lost.is_set()
    (tmp_path / "1").write_text(json.dumps(asdict(Owner.here())))
    assert lost.wait(10)
    lock.release()
    assert holder(tmp_path) == Owner.here(), "the release of the one that lost frees nothing"
