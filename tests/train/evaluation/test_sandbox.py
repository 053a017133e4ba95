import os
import platform
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from train.evaluation import sandbox, syscalls
from train.evaluation.sandbox import Job, Limits, NoSandbox, Step, python_view, run
from train.evaluation.syscalls import NUMBERS, call_filter

NO_ISOLATION = sandbox._no_isolation()
needs_isolation = pytest.mark.skipif(NO_ISOLATION is not None, reason=str(NO_ISOLATION))

SYSTEM_PYTHON = "/usr/bin/python3"
"""For the weak sandbox: root becomes nobody there, who may not reach this Python's folder."""


def interpreter(isolated):
    return sys.executable if isolated or os.getuid() else SYSTEM_PYTHON


def python(text, seconds=20.0, isolated=True, **limits):
    program = interpreter(isolated)
    job = Job(
        {"main.py": text}, (Step("run", (program, "-I", "main.py"), seconds),), python_view(), {}, Limits(**limits)
    )
    return run(job, isolated=isolated)


MODES = [pytest.param(True, marks=needs_isolation, id="isolated")]
if os.getuid() or Path(SYSTEM_PYTHON).exists():
    MODES.append(pytest.param(False, id="weak"))


@pytest.mark.parametrize("isolated", MODES)
def test_a_program_ends_with_its_status_and_outputs(isolated):
    found = python("import sys; print('hello'); print('oh', file=sys.stderr); sys.exit(3)", isolated=isolated)
    assert (found.status, found.code, found.output, found.errors) == ("failed", 3, "hello\n", "oh\n")
    assert python("pass", isolated=isolated).status == "passed"


@pytest.mark.parametrize("isolated", MODES)
def test_an_endless_program_is_stopped_in_time(isolated):
    started = time.monotonic()
    found = python("while True: pass", seconds=0.5, isolated=isolated)
    assert found.status == "time" and time.monotonic() - started < 8


@pytest.mark.parametrize("isolated", MODES)
def test_a_fork_bomb_is_bounded_and_leaves_nothing(isolated):
    mark = f"bomb{time.monotonic_ns()}"
    text = f"import os\nwhile True:\n  try: os.fork()\n  except OSError: pass\n# {mark}"
    job = Job(
        {"main.py": text},
        (Step("run", (interpreter(isolated), "-I", "main.py", mark), 1.0),),
        python_view(),
        limits=Limits(processes=24),
    )
    most = [0]
    ended = threading.Event()

    def watch():
        while not ended.is_set():
            most[0] = max(most[0], running(mark))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    found = run(job, isolated=isolated)
    ended.set()
    watcher.join()
    assert found.status in ("time", "processes")
    assert running(mark) == 0
    assert most[0] <= 60
    assert most[0] > 1 or not isolated  # without isolation the guard may end it before it is seen


def running(mark):
    found = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found += mark.encode() in (entry / "cmdline").read_bytes()
            except OSError:
                continue
    return found


@pytest.mark.parametrize("isolated", MODES)
def test_memory_is_limited_over_all_processes_together(isolated):
    hog = "x = bytearray(60 << 20)\nimport time; time.sleep(20)"
    assert (
        python("import os\nfor _ in range(2): os.fork()\n" + hog, isolated=isolated, memory=150 << 20).status
        == "memory"
    )
    alone = python("x = bytearray(300 << 20)", isolated=isolated, address_space=250 << 20)
    assert alone.status == "failed" and "MemoryError" in alone.errors


@pytest.mark.parametrize("isolated", MODES)
def test_output_is_capped_and_a_flood_does_not_block(isolated):
    found = python("import sys\nfor _ in range(2000): sys.stdout.write('x' * 10000)", isolated=isolated)
    assert found.status == "passed" and found.output == "x" * sandbox.OUTPUT


@pytest.mark.parametrize("isolated", MODES)
def test_a_large_file_is_refused(isolated):
    found = python("open('big', 'wb').write(b'x' * (3 << 20))", isolated=isolated, file=1 << 20)
    assert found.status == "failed" and "File too large" in found.errors


@pytest.mark.parametrize("isolated", MODES)
def test_the_environment_holds_no_secrets(isolated, monkeypatch):
    monkeypatch.setenv("API_TOKEN", "hunter2")
    found = python("import os, json; print(json.dumps(dict(os.environ)))", isolated=isolated)
    assert "hunter2" not in found.output and '"HOME"' in found.output
    assert python("import os; open(f'/proc/{os.getppid()}/environ').read()", isolated=isolated).status == "failed"


@pytest.mark.parametrize("isolated", MODES)
def test_what_a_program_starts_does_not_outlive_it(isolated):
    mark = f"orphan{time.monotonic_ns()}"
    text = "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(60)\n  os._exit(0)\n"
    name = interpreter(isolated)
    found = run(
        Job({"m.py": text}, (Step("run", (name, "-I", "m.py", mark), 20.0),), python_view()), isolated=isolated
    )
    assert found.status == "passed" and found.seconds < 10 and running(mark) == 0


@pytest.mark.parametrize("isolated", MODES)
def test_steps_stop_at_the_first_that_fails(isolated):
    name = interpreter(isolated)
    steps = [
        Step(word, (name, "-I", "-c", code), 20.0)
        for word, code in (("a", "print(1)"), ("b", "1/0"), ("c", "print(2)"))
    ]
    found = run(Job({}, tuple(steps), python_view()), isolated=isolated)
    assert (found.status, found.step, found.output) == ("failed", "b", "1\n")


@pytest.mark.parametrize("isolated", MODES)
def test_a_program_that_is_not_there_fails_and_says_so(isolated):
    found = run(Job({}, (Step("run", ("/no/such", "x"), 5.0),)), isolated=isolated)
    assert (found.status, found.code) == ("failed", 127) and "cannot start /no/such" in found.errors


@needs_isolation
def test_there_is_no_network():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        code = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)"
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)  # the same works outside
        found = python(code)
    assert found.status == "failed" and "OSError" in found.errors


@needs_isolation
def test_files_of_the_machine_are_not_there_or_cannot_be_changed(tmp_path):
    (tmp_path / "secret").write_text("hunter2")
    for path in (tmp_path / "secret", "/etc/passwd", Path(__file__)):
        assert "FileNotFoundError" in python(f"print(open({str(path)!r}).read())").errors
    places = ["/", "/usr", "/tmp", sys.prefix, str(tmp_path)]
    text = f"""
import os
for place in {places!r}:
    try:
        os.makedirs(place, exist_ok=True)
        open(os.path.join(place, "glotmix-left-behind"), "w").close()
    except OSError:
        pass
"""
    python(text)
    assert [p for p in places if Path(p, "glotmix-left-behind").exists()] == []


@needs_isolation
def test_no_other_process_is_seen_and_none_can_be_signalled():
    found = python("import os; print(sorted(int(p) for p in os.listdir('/proc') if p.isdigit()))")
    assert found.output == "[1, 2]\n"
    assert python("import os; os.kill(1, 9); os.kill(os.getppid(), 9); print('on')").output == "on\n"
    assert "Error" in python("import os; os.kill(-1, 9)").errors


@needs_isolation
def test_no_privileges_are_left_or_to_be_had():
    text = """
import ctypes, os
print([line for line in open('/proc/self/status') if line.startswith(('CapEff', 'CapPrm', 'NoNewPrivs'))])
print(os.getuid() != 0, ctypes.CDLL(None).unshare(0x10000000))
"""
    lines = python(text).output.splitlines()
    assert lines == [
        "['CapPrm:\\t0000000000000000\\n', 'CapEff:\\t0000000000000000\\n', 'NoNewPrivs:\\t1\\n']",
        "True -1",
    ]


@needs_isolation
@pytest.mark.skipif(not call_filter(platform.machine()), reason="no filter for this machine")
def test_memory_that_nobody_would_count_is_refused():
    assert "OSError: [Errno 38]" in python("import os; os.memfd_create('x')").errors
    assert python("import ctypes; print(ctypes.CDLL(None).shmget(0, 1 << 20, 0o1600))").output == "-1\n"


@pytest.mark.parametrize("machine", NUMBERS)
def test_the_filter_refuses_what_is_listed_and_nothing_else(machine):
    program = list(struct.iter_unpack("=HBBI", call_filter(machine)))

    def verdict(number, architecture):
        at = value = 0
        while True:
            code, true, false, operand = program[at]
            at += 1
            if code == syscalls.RETURN:
                return operand
            if code == syscalls.LOAD:
                value = {syscalls.NUMBER: number, syscalls.ARCHITECTURE: architecture}[operand]
            else:
                at += true if (value == operand if code == syscalls.JUMP_EQUAL else value >= operand) else false

    ours = syscalls.ARCHITECTURES[machine]
    refused = {number for number in range(600) if verdict(number, ours) == syscalls.REFUSE}
    assert refused == set(NUMBERS[machine].values())
    assert verdict(syscalls.X32 + 1, ours) == verdict(1, 0x40000003) == syscalls.REFUSE  # x32, i386


def test_an_unknown_machine_has_no_filter():
    assert call_filter("riscv64") == b""


@needs_isolation
def test_the_scratch_disk_is_small():
    text = "import os\nfor n in range(9): open(str(n), 'wb').write(b'x' * (1 << 20)); print(n)"
    found = python(text, disk=4 << 20)
    assert found.status == "failed" and "No space left" in found.errors and "2" in found.output


def test_without_isolation_nothing_runs_unless_allowed(monkeypatch):
    monkeypatch.setattr(sandbox, "_no_isolation", lambda: "the kernel says no")
    with pytest.raises(NoSandbox, match=r"the kernel says no. .* --allow-weak-sandbox"):
        sandbox.require_isolation(allow_weak=False)
    assert sandbox.require_isolation(allow_weak=True) is False


def test_a_kernel_that_refuses_namespaces_is_an_error_not_a_failed_program(tmp_path):
    """A user namespace in which no further ones may be made stands for such a kernel."""
    text = f"""
import sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[3])!r})
from train.evaluation.sandbox import NoSandbox, Job, Step, run
try:
    run(Job({{}}, (Step("run", (sys.executable, "-c", ""), 5.0),)))
except NoSandbox as error:
    print("refused:", error)
"""
    limit = "echo 0 > /proc/sys/user/max_mnt_namespaces && exec " + f'{sys.executable} -c "$0"'
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", limit, text], capture_output=True, text=True, timeout=60
    )
    if "unshare" in done.stderr or "denied" in done.stderr.lower():
        pytest.skip(f"cannot make such a kernel here: {done.stderr}")
    assert done.stdout.startswith("refused: programs cannot be set apart on this machine"), done.stderr
