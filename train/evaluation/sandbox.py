"""Runs programs that nobody has read, in a world of their own; see jail.py for how."""

import json
import os
import platform
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Literal

from contracts.errors import StageError
from train.evaluation.syscalls import call_filter

JAIL = Path(__file__).with_name("jail.py")

OUTPUT = 65_536
"""Bytes of each of the two outputs that are kept; the rest is read and dropped."""

GRACE = 10.0
"""Seconds beyond a job's own time after which its guard is killed too."""

SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"),
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime", "/etc/mono"),
)
"""What a program may read of the machine beside its toolchain; homes, data, secrets and /run are not there."""

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""All that a program finds in its environment, with HOME and TMPDIR and what its toolchain needs."""

Status = Literal["passed", "failed", "time", "memory", "processes"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may take.

    Attributes:
        memory: bytes of main memory of all its processes together, looked at 20 times a second.
        address_space: bytes that one process may map; runtimes such as Node's map far more than they use.
        disk: bytes of its scratch disk, which lies in memory.
        file: bytes of one file.
        processes: processes and threads.
        descriptors: open files of one process.
    """

    memory: int = 1 << 30
    address_space: int = 4 << 30
    disk: int = 512 << 20
    file: int = 256 << 20
    processes: int = 64
    descriptors: int = 256


@dataclass(frozen=True, slots=True)
class Step:
    """A command, by its whole path, and the seconds it has."""

    name: str
    argv: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Job:
    """Files, and commands that run after one another in their folder while each succeeds.

    Attributes:
        files: texts by name.
        steps: the commands.
        view: paths that the program may read beside SYSTEM.
        environment: variables beside ENVIRONMENT.
        limits: what it may take.
    """

    files: Mapping[str, str]
    steps: tuple[Step, ...]
    view: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a job ended.

    Attributes:
        status: passed, failed (a command gave an exit status other than 0), or the limit that it ran into.
        step: the command that it ended in; empty where it was stopped from outside.
        code: its exit status, negative for a signal; None where it was stopped.
        output: what it wrote to standard output, the first OUTPUT bytes.
        errors: the same of standard error.
        seconds: it took.
    """

    status: Status
    step: str
    code: int | None
    output: str
    errors: str
    seconds: float


class NoSandbox(StageError):
    """The machine cannot set programs apart."""


def run(job: Job, *, isolated: bool = True) -> Verdict:
    """Run a job to its end or to its limits; nothing of it goes on afterwards.

    Args:
        job: what to run.
        isolated: in namespaces; else with limits only, where files and the network are open to it.

    Raises:
        NoSandbox: the kernel refuses namespaces.
    """
    with tempfile.TemporaryDirectory(prefix="glotmix-sandbox-", ignore_cleanup_errors=True) as place:
        if os.getuid() == 0 and not isolated:
            os.chown(place, 65534, 65534)  # who root becomes in there
        started = time.monotonic()
        verdict, output, errors = _carry_out(_orders(job, place, isolated), _seconds(job))
        seconds = time.monotonic() - started
    if verdict.get("status") == "no sandbox":
        raise NoSandbox(f"programs cannot be set apart on this machine: {verdict['detail']}")
    if not verdict and isolated:  # no program can keep its warden from telling: no verdict is a fault of ours
        raise NoSandbox(f"the sandbox broke without a verdict: {errors[-400:].strip() or 'it was killed'}")
    status, code = verdict.get("status", "failed"), verdict.get("code")
    if status == "exit":
        status = "passed" if code == 0 else "failed"
    return Verdict(status, str(verdict.get("step", "")), code, output, errors, seconds)


def require_isolation(allow_weak: bool) -> bool:
    """Whether programs are isolated here.

    Args:
        allow_weak: go on without.

    Raises:
        NoSandbox: they cannot be, and to go on without is not allowed.
    """
    reason = _no_isolation()
    if reason is None:
        return True
    if not allow_weak:
        raise NoSandbox(
            f"{reason}. Linux namespaces are needed: user namespaces, or root with CAP_SYS_ADMIN; in a container "
            "allow unshare and mount. --allow-weak-sandbox runs generated programs with limits on time, memory, "
            "processes and output only, and lets them use the network and this user's files: for throw-away machines"
        )
    return False


@lru_cache(maxsize=1)
def _no_isolation() -> str | None:
    try:
        found = run(Job({}, (Step("probe", (sys.executable, "-I", "-S", "-c", ""), 20.0),), python_view()))
    except NoSandbox as error:
        return str(error)
    return None if found.status == "passed" else f"Python does not start in the sandbox: {found.errors.strip()}"


def python_view() -> tuple[str, ...]:
    """Where this Python and its packages lie."""
    places = {sys.prefix, sys.base_prefix, *map(os.path.realpath, (sys.prefix, sys.base_prefix))}
    return tuple(sorted(places))


def _seconds(job: Job) -> float:
    return sum(step.seconds for step in job.steps) + GRACE


def _orders(job: Job, place: str, isolated: bool) -> dict[str, Any]:
    home = "/work" if isolated else place
    return {
        "isolated": isolated,
        "place": place,
        "files": dict(job.files),
        "steps": [asdict(step) for step in job.steps],
        "view": _outermost((*SYSTEM, *job.view)),
        "environment": {**ENVIRONMENT, "HOME": home, "TMPDIR": home, **job.environment},
        "limits": asdict(job.limits),
        "disk": job.limits.disk,
        "call_filter": call_filter(platform.machine()).hex(),
    }


def _outermost(paths: tuple[str, ...]) -> list[str]:
    """Paths without those that stand below another one."""
    found: list[str] = []
    for path in sorted(set(paths)):
        if not any(Path(path).is_relative_to(other) and not Path(other).is_symlink() for other in found):
            found.append(path)
    return found


def _carry_out(orders: dict[str, Any], seconds: float) -> tuple[dict[str, Any], str, str]:
    """Start the guard, hand it its orders, and read until all it started has ended."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as verdict:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(JAIL)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(writing,),
            env={"PATH": ENVIRONMENT["PATH"]},
            start_new_session=True,
        )
        os.close(writing)
        try:
            assert process.stdin and process.stdout and process.stderr
            with process.stdin as orders_in:
                orders_in.write(json.dumps({**orders, "verdict": writing}).encode())
            told, output, errors = _read([verdict, process.stdout, process.stderr], time.monotonic() + seconds)
        finally:
            _end(process)
    line, _, _ = told.partition(b"\n")
    result: dict[str, Any] = json.loads(line) if line else {}
    return result, output.decode(errors="replace"), errors.decode(errors="replace")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The guard ends by itself when its outputs are closed; else its time is over."""
    try:
        process.wait(timeout=1.0)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its world ends with it
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _read(pipes: list[IO[bytes]], deadline: float) -> list[bytes]:
    """Read pipes to their ends side by side, and keep the first OUTPUT bytes of each."""
    kept = [bytearray() for _ in pipes]
    with selectors.DefaultSelector() as selector:
        for number, pipe in enumerate(pipes):
            selector.register(pipe, selectors.EVENT_READ, number)
        while selector.get_map() and (left := deadline - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                data = os.read(key.fd, OUTPUT)
                if not data:
                    selector.unregister(key.fileobj)
                buffer = kept[key.data]
                buffer += data[: OUTPUT - len(buffer)]
    return [bytes(buffer) for buffer in kept]
