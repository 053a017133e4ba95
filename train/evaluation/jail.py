"""Runs one program apart from everything else; started as a script of its own by `train.evaluation.sandbox`.

Standard library only, and nothing of glotmix: it runs with `python -I -S`, reads its orders as JSON on standard input
and writes its verdict as one JSON line to descriptor 3. Two processes stand between the caller and the program:

- the guard stays outside; it kills everything at the deadline, or when memory or processes are more than allowed
- the warden is process 1 of the program's own world; it builds that world, starts the steps and sees them end

In that world (Linux namespaces) there are no other processes, no network but an unconnected loopback, and a file
system of what the orders name, read only, with a small scratch disk in memory. Where the kernel refuses namespaces and
the orders allow it, the program runs without them: limits on resources hold, network and files are open to it.
"""

import ctypes
import errno
import json
import os
import re
import resource
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

VERDICT = 3
"""Descriptor of the verdict."""

NOBODY = 65534
"""Who root becomes: the overflow user (kernel: Documentation/admin-guide/sysctl/fs.rst, overflowuid)."""

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 4096, 16384, 1 << 18, 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 36, 38
SECCOMP_MODE_FILTER = 2
"""From the kernel's headers linux/sched.h, linux/mount.h, linux/prctl.h and linux/seccomp.h."""

APART = CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
"""All but the mounts, which the warden parts from itself: the guard needs the host's /proc."""

POLL, LOOK = 0.01, 0.05
"""Seconds between two questions whether the program has ended, and between two looks at what it holds."""

_libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: Any) -> None:
    """A function of the C library that gives 0 where it succeeds.

    Raises:
        OSError: it does not.
    """
    encoded = [os.fsencode(a) if isinstance(a, str | Path) else a for a in arguments]
    if getattr(_libc, name)(*encoded) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def tell(**verdict: Any) -> None:
    """Write the verdict; the first one counts."""
    os.write(VERDICT, (json.dumps(verdict) + "\n").encode())


# --- the warden: builds the world and runs the steps


def mount(source: str, target: Path, kind: str | None, flags: int, options: str | None = None) -> None:
    """Mount a file system, or change a mount, as the system call does."""
    data = None if options is None else options.encode()
    call("mount", source, target, None if kind is None else kind.encode(), ctypes.c_ulong(flags), data)


def _bind(path: Path, root: Path) -> None:
    """Show a file or folder of the host at its own place, read only; what does not exist is left out."""
    target = root / path.relative_to("/")
    if path.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.readlink(path))
        return
    if not path.exists():
        return
    if path.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    mount(str(path), target, None, MS_BIND | MS_REC)
    device = str(path).startswith("/dev/")
    wanted = MS_RDONLY | MS_NOSUID | (0 if device else MS_NODEV)
    for point in _mounts_below(target):
        mount("", point, None, MS_REMOUNT | MS_BIND | wanted | _kept(point))


def _mounts_below(folder: Path) -> list[Path]:
    """A mount and those that came along inside it: each is made read only by itself."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        name = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split()[4])
        if Path(name).is_relative_to(folder):
            found.append(Path(name))
    return found


def _kept(point: Path) -> int:
    """Flags of the host's mount: an unprivileged user may not take them away."""
    flags = os.statvfs(point).f_flag
    return sum(of for name, of in ((os.ST_NODEV, MS_NODEV), (os.ST_NOEXEC, MS_NOEXEC)) if flags & name)


def build_world(orders: dict[str, Any]) -> None:
    """A root of its own: the paths named, five devices, /proc of its own processes, /tmp and the work folder.

    Raises:
        OSError: the kernel refuses.
    """
    call("unshare", CLONE_NEWNS)
    mount("", Path("/"), None, MS_REC | MS_PRIVATE)
    root = Path(orders["place"])
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, f"size={orders['disk']},mode=755,nr_inodes=20000")
    scratch = root / "tmp"
    scratch.mkdir()
    for path in sorted({Path(p) for p in orders["view"]}):
        _bind(path, root)
    for name in ("null", "zero", "full", "random", "urandom"):
        _bind(Path("/dev") / name, root)
    for folder in (root / "proc", root / "dev/shm", root / "work"):
        folder.mkdir(parents=True, exist_ok=True)
    mount("proc", root / "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for folder in (scratch, root / "dev/shm", root / "work"):
        folder.chmod(0o1777)
    os.chdir(root)
    call("pivot_root", ".", ".")
    call("umount2", ".", MNT_DETACH)  # the old root lies on top of the new one, see pivot_root(2)
    os.chdir("/")


def become_harmless(orders: dict[str, Any]) -> None:
    """No privileges, and none to be had: root becomes nobody, with a count of processes of its own."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # to write its own uid_map
        if orders["isolated"]:
            own_user_namespace()  # else the processes of all that are nobody on this machine are counted together
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)  # so that the program cannot reach into its warden
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def own_user_namespace() -> None:
    """A user namespace in which this user is itself.

    Raises:
        OSError: the kernel refuses.
    """
    user, group = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", name).write_text(text)
    with suppress(OSError):  # none inside this one: they are a way to much of the kernel
        Path("/proc/sys/user/max_user_namespaces").write_text("0")


def limit(step: dict[str, Any], limits: dict[str, Any], others: int) -> None:
    """Resource limits, hard ones, which a child has for good; `others`: threads of this user that run already."""
    seconds = int(step["seconds"]) + 1
    for name, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, limits["address_space"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_NPROC, limits["processes"] + others),
        (resource.RLIMIT_NOFILE, limits["descriptors"]),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(name)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (value, value))


def filter_calls(program: bytes) -> None:
    """Refuse system calls, for good and for all children; see syscalls.py."""

    class Program(ctypes.Structure):
        """struct sock_fprog."""

        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    if program:
        made = Program(len(program) // 8, program)
        call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(made), 0, 0)


def threads_of(user: int) -> int:
    """Threads of a user on this machine: what RLIMIT_NPROC counts outside a user namespace."""
    total = 0
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):  # it has ended
                folder = Path("/proc", entry)
                total += len(os.listdir(folder / "task")) if folder.stat().st_uid == user else 0
    return total


def run_step(step: dict[str, Any], orders: dict[str, Any]) -> int | None:
    """Run one command to its end; gives its exit status (negative: a signal), or None where its time was up."""
    child = os.fork()
    if child == 0:
        try:
            os.setsid()  # a signal to its group must not reach the guard
            os.close(VERDICT)
            limit(step, orders["limits"], 0 if orders["isolated"] else threads_of(os.getuid()))
            filter_calls(bytes.fromhex(orders["call_filter"]))
            os.execve(step["argv"][0], step["argv"], orders["environment"])  # noqa: S606
        except BaseException as error:  # noqa: BLE001 - this process must end here
            os.write(2, f"cannot start {step['argv'][0]}: {error}\n".encode())
        os._exit(127)
    deadline = time.monotonic() + step["seconds"]
    while time.monotonic() < deadline:
        try:
            found, status = os.waitpid(-1, os.WNOHANG)  # orphans are reaped here too
        except ChildProcessError:
            return 127
        if found == child:
            return os.waitstatus_to_exitcode(status)
        if not found:
            time.sleep(POLL / 2)
    return None


def warden(orders: dict[str, Any]) -> NoReturn:
    """Build the world, run the steps, say how the last one ended."""
    try:
        if orders["isolated"]:
            build_world(orders)
            socket.sethostname("sandbox")
        become_harmless(orders)
        folder = Path("/work" if orders["isolated"] else orders["place"])
        os.chdir(folder)
        for name, text in orders["files"].items():
            Path(folder, name).write_text(text, encoding="utf-8", errors="surrogatepass")
    except OSError as error:
        tell(status="no sandbox", detail=str(error))
        os._exit(1)
    for step in orders["steps"]:
        code = run_step(step, orders)
        if code != 0:
            tell(status="time" if code is None else "exit", step=step["name"], code=code)
            os._exit(0)
    tell(status="exit", step=orders["steps"][-1]["name"], code=0)
    os._exit(0)


# --- the guard: watches from outside


def descendants(of: int) -> list[int]:
    """All processes below one, without itself."""
    children = _all_children() if not Path(f"/proc/{of}/task/{of}/children").exists() else None
    found: list[int] = []
    waiting = [of]
    while waiting:
        process = waiting.pop()
        waiting += _children(process) if children is None else children.get(process, [])
        found.append(process)
    return found[1:]


def _children(process: int) -> list[int]:
    """Children by the kernel's own list, which costs nothing for the other processes of the machine."""
    found: list[int] = []
    with suppress(OSError):  # it has ended
        for task in os.listdir(f"/proc/{process}/task"):
            found += map(int, Path(f"/proc/{process}/task/{task}/children").read_bytes().split())
    return found


def _all_children() -> dict[int, list[int]]:
    """Children of all processes, for kernels without that list (CONFIG_PROC_CHILDREN)."""
    children: dict[int, list[int]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):  # it has ended
            fields = Path("/proc", entry, "stat").read_bytes().rpartition(b")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(entry))
    return children


def resident(processes: list[int]) -> int:
    """Bytes of main memory that processes hold, shared pages counted for each."""
    total = 0
    for process in processes:
        try:
            total += int(Path("/proc", str(process), "statm").read_bytes().split()[1])
        except (OSError, IndexError):
            continue
    return total * resource.getpagesize()


def _excess(processes: list[int], limits: dict[str, Any]) -> str | None:
    if len(processes) > limits["processes"] + 1:
        return "processes"
    return "memory" if resident(processes) > limits["memory"] else None


def kill_all() -> None:
    """Kill everything below this process; in a world of its own all ends with its process 1."""
    while True:
        for process in descendants(os.getpid()):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(POLL / 10)


def guard(orders: dict[str, Any]) -> None:
    """Start the warden and see to it that nothing outlives its time or takes more than it may."""
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what leaves its group comes back here
    child = separate(orders)
    call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
    deadline = time.monotonic() + sum(step["seconds"] for step in orders["steps"]) + 2
    look = 0.0
    while not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        reason = None
        if time.monotonic() > look:
            reason, look = _excess(descendants(os.getpid()), orders["limits"]), time.monotonic() + LOOK
        if reason is None and time.monotonic() > deadline:
            reason = "time"
        if reason is not None:
            tell(status=reason, step="", code=None)
            break
        time.sleep(POLL)
    kill_all()


def separate(orders: dict[str, Any]) -> int:
    """Start the warden as process 1 of new namespaces, or beside this process; gives its number."""
    if orders["isolated"]:
        try:
            if os.getuid() != 0:
                own_user_namespace()
            call("unshare", APART)
        except OSError as error:
            tell(status="no sandbox", detail=str(error))
            sys.exit(1)
    guardian = os.getpid()
    child = os.fork()
    if child == 0:
        call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if not orders["isolated"] and os.getppid() != guardian:
            os._exit(errno.ESRCH)
        warden(orders)
    return child


def main() -> None:
    """Read the orders and carry them out."""
    orders = json.loads(sys.stdin.buffer.read())
    os.dup2(orders["verdict"], VERDICT, inheritable=False)
    if orders["verdict"] != VERDICT:
        os.close(orders["verdict"])
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    guard(orders)


if __name__ == "__main__":
    main()
