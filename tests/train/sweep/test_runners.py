"""Commands that train a run: signals reach them, and what they answer is understood."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from contracts.errors import StageError
from train.sweep.attempt import Result, attempt
from train.sweep.devices import share, visible_gpus
from train.sweep.runners import Launched

WAITS = 'trap "touch {0}/saved; exit 130" TERM; touch {0}/begun; for i in $(seq 600); do sleep 0.05; done'


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_handed_on_and_a_command_that_saved_is_interrupted_not_failed(queue, tmp_path, number):
    q = queue(1)
    script = tmp_path / "waits.sh"
    script.write_text(WAITS.format(tmp_path).replace("TERM", "TERM INT"))

    def ask() -> None:
        end = time.monotonic() + 20
        while not (tmp_path / "begun").exists() and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Thread(target=ask).start()
        with pytest.raises(KeyboardInterrupt):
            attempt(q.job, q.rows[0], Launched(f"bash {script}"))
    finally:
        signal.signal(signal.SIGINT, before)
    assert (tmp_path / "saved").exists()
    assert q.folder.all_failed() == set()
    assert attempt(q.job, q.rows[0], Launched("true")).result is Result.FINISHED


def test_a_command_that_fails_is_an_error_with_its_last_lines(queue):
    q = queue(1)
    found = attempt(q.job, q.rows[0], Launched("bash -c 'seq 100; exit 4'"))
    assert found.result is Result.FAILED
    message = q.folder.read_failure(q.rows[0])["message"]
    assert "exit code 4" in message
    assert message.splitlines()[1:] == [str(n) for n in range(71, 101)]
    with pytest.raises(StageError):
        Launched("false")(q.job.training(q.rows[0]), q.job.base)


def test_workers_get_gpus_in_turn_and_their_part_of_the_cores(tmp_path):
    for name in ("nvidia0", "nvidia1", "nvidia-uvm", "nvidiactl", "nvidia-caps"):
        (tmp_path / name).touch()
    assert visible_gpus({}, tmp_path) == ["0", "1"]
    assert visible_gpus({}, Path("/nowhere")) == []
    settings = [share(k, 3, {"CUDA_VISIBLE_DEVICES": "GPU-a,GPU-b"}) for k in range(3)]
    assert [s["CUDA_VISIBLE_DEVICES"] for s in settings] == ["GPU-a", "GPU-b", "GPU-a"]
    cores = len(os.sched_getaffinity(0))
    assert settings[0]["OMP_NUM_THREADS"] == str(max(1, cores // 3))
    assert share(0, 3, {"OMP_NUM_THREADS": "7", "CUDA_VISIBLE_DEVICES": ""}) == {}
