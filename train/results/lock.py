"""A lock between processes that spares work and never decides what is right: without it, all is done all the same."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT_SECONDS = 60.0
"""After so long the work is done without the lock: its holder hangs, or the disk lost it."""

POLL_SECONDS = 0.02


@contextmanager
def held(path: Path, wait: float | None = None) -> Iterator[bool]:
    """Hold a lock file while the block runs, if it can be had; gives whether it is held.

    The system drops the lock of a process that dies. Some network disks know no locks.

    Args:
        path: the lock file; it stays.
        wait: seconds; None: WAIT_SECONDS.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        yield _locked(handle, time.monotonic() + (WAIT_SECONDS if wait is None else wait))
    finally:
        os.close(handle)


def _locked(handle: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(POLL_SECONDS)
        except OSError:  # no locks here
            return False
