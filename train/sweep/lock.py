"""Locks on a disk that many machines share: a run has one worker at a time, and a dead worker's run is taken over.

A lock is a folder of numbered files. Who creates the next number, which can succeed once only, holds the lock. The
file says who that is, and its time of change is the sign of life. Nothing is ever renamed or removed, so a slow
machine cannot undo what a fast one did; a holder that was taken for dead finds a higher number and stops.
"""

import json
import os
import socket
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

BEAT_SECONDS = 15.0
"""How often a holder shows that it lives."""

STALE_SECONDS = 240.0
"""Silence after which a holder on another machine counts as dead: 16 beats, more than a busy disk or a cache of
attributes (60 s at most on NFS by default: nfs(5), acdirmax) keeps back."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that holds a lock.

    Attributes:
        host: name of its machine.
        place: boot of the machine and its namespace of processes: where `pid` means something.
        pid: its number there.
        started: when it was started, in ticks after boot: numbers of processes are given out again.
    """

    host: str
    place: str
    pid: int
    started: str

    @staticmethod
    def here() -> "Owner":
        """This process."""
        return Owner(socket.gethostname(), _place(), os.getpid(), _started(os.getpid()) or "")

    def alive(self) -> bool | None:
        """Whether it lives; None: it cannot be told from here."""
        if self.place != _place() or not self.place or not self.started:
            return None
        return _started(self.pid) == self.started

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"


class Lock:
    """A lock that this process holds, from `acquire`; beats in a thread until it is released.

    Args:
        path: its file.
        lost: called, in the thread, when another process took this one for dead and holds the lock now.
    """

    def __init__(self, path: Path, lost: Callable[[], None]) -> None:
        self.path, self._lost = path, lost
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Lock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let the next one have it."""
        if not self._released.is_set():
            self._released.set()
            self._thread.join()
            _write(self.path, {"released": True})

    def _beat(self) -> None:
        while not self._released.wait(BEAT_SECONDS):
            with suppress(OSError):  # a disk that does not answer for a while
                os.utime(self.path)
                if _newest(self.path.parent) != int(self.path.name):
                    self._lost()
                    return


def acquire(folder: Path, lost: Callable[[], None], stale_seconds: float = STALE_SECONDS) -> Lock | Owner:
    """Take a lock.

    Args:
        folder: of the lock.
        lost: called when another process takes it although this one lives.
        stale_seconds: silence after which a holder that cannot be asked counts as dead.

    Returns:
        The lock, or who has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        newest = _newest(folder)
        if newest is not None and (owner := _holder(folder / str(newest), stale_seconds)) is not None:
            return owner
        path = folder / str(0 if newest is None else newest + 1)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            continue  # another process was faster: see who
        with open(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(Owner.here())))
        return Lock(path, lost)


def holder(folder: Path, stale_seconds: float = STALE_SECONDS) -> Owner | None:
    """Who holds a lock now; None: nobody who lives."""
    newest = _newest(folder)
    return None if newest is None else _holder(folder / str(newest), stale_seconds)


def _holder(path: Path, stale_seconds: float) -> Owner | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        data = {}  # being written, or its writer died
    if data.get("released"):
        return None
    owner = Owner(**data) if data else Owner("another machine", "", 0, "")
    alive = owner.alive()
    if alive is None:
        alive = _silence(path) < stale_seconds
    return owner if alive else None


def _newest(folder: Path) -> int | None:
    with suppress(FileNotFoundError):
        return max((int(name) for name in os.listdir(folder) if name.isdigit()), default=None)
    return None


def _silence(path: Path) -> float:
    """Seconds since the last sign of life, both ends by the clock of the disk: machines' clocks differ."""
    probe = path.parent / f".now-{uuid.uuid4().hex[:12]}"
    try:
        probe.touch()
        return probe.stat().st_mtime - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
    finally:
        probe.unlink(missing_ok=True)


def _write(path: Path, data: dict[str, bool]) -> None:
    """Replace the content; readers see the old or the new one."""
    temporary = path.parent / f".new-{uuid.uuid4().hex[:12]}"
    temporary.write_text(json.dumps(data), encoding="utf-8")
    os.replace(temporary, path)


def _place() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _started(pid: int) -> str | None:
    """When a process was started (proc(5): field 22 of stat); None: there is none, or it is a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]
