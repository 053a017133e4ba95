"""A sweep on this machine: some worker processes, each with a run at a time; a worker that dies is replaced."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType

from train.sweep.attempt import Attempt, Result, Runner, killed
from train.sweep.devices import share
from train.sweep.job import Job
from train.sweep.rows import Row
from train.sweep.tally import Observe, Tally
from train.sweep.worker import work

STOP_SECONDS = 180.0
"""How long workers that were asked to stop may take to save before they are ended."""


@dataclass(slots=True)
class _Worker:
    """A process, the pipe to it, its number, and the run it works on since when."""

    process: BaseProcess
    pipe: Connection
    number: int
    row: Row | None = None
    since: float = 0.0


def run_local(job: Job, rows: Sequence[Row], workers: int, runner: Runner, observe: Observe | None = None) -> Tally:
    """Do all runs that are not done yet, the longest first, and wait for them.

    Args:
        job: the sweep.
        rows: its list.
        workers: processes.
        runner: trains one run; sent to the workers, so importable there.
        observe: told how each run ended.

    Raises:
        KeyboardInterrupt: workers were asked to stop and have saved; the same call goes on.
    """
    tally = Tally()
    done = job.folder.all_done()
    tally.skipped = [row for row in rows if row.run_id in done]
    queue = sorted((row for row in rows if row.run_id not in done), key=lambda row: row.flops)
    pool = _Pool(job, min(workers, len(queue)), runner)
    tries: dict[str, int] = {}
    try:
        while queue or pool.busy:
            pool.hand_out(queue)
            for worker, found in pool.results():
                row = worker.row
                assert row is not None
                worker.row = None
                if not isinstance(found, Attempt):
                    found = killed(job, row, found, time.monotonic() - worker.since, tries)
                tally.add(row, found)
                if found.result is Result.KILLED:
                    queue.append(row)
                if observe:
                    observe(row, found, tally.over, len(rows))
    finally:
        pool.stop()
    return tally


class _Pool:
    """The workers; those that ended are replaced when there is something to do."""

    def __init__(self, job: Job, size: int, runner: Runner) -> None:
        self.job, self.size, self.runner = job, size, runner
        self.workers: dict[int, _Worker] = {}
        self.context = multiprocessing.get_context("spawn")

    @property
    def busy(self) -> list[_Worker]:
        """Workers with a run."""
        return [worker for worker in self.workers.values() if worker.row is not None]

    def hand_out(self, queue: list[Row]) -> None:
        """Give each idle worker the last run of the queue."""
        for number in range(self.size):
            worker = self.workers.get(number)
            if not queue or (worker is not None and worker.row is not None):
                continue
            if worker is None:
                worker = self.workers[number] = self._start(number)
            worker.row, worker.since = queue.pop(), time.monotonic()
            with suppress(BrokenPipeError):  # it died before it began: seen as a dead worker
                worker.pipe.send(worker.row)

    def results(self) -> Iterator[tuple[_Worker, Attempt | str]]:
        """What came back, at least one; how the process ended where it died instead of answering."""
        by_pipe = {worker.pipe: worker for worker in self.busy}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                found = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join()
                del self.workers[worker.number]
                yield worker, _how(worker.process.exitcode)
                continue
            if found.result is Result.BROKEN:
                del self.workers[worker.number]
                worker.pipe.close()
            yield worker, found

    def stop(self) -> None:
        """End all workers: those that train are asked to save first."""
        for worker in self.workers.values():
            worker.pipe.close()
            if worker.row is not None and worker.process.is_alive():
                assert worker.process.pid is not None
                os.kill(worker.process.pid, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        try:
            for worker in self.workers.values():
                worker.process.join(max(0.0, until - time.monotonic()))
        finally:  # the time is over, or a second interrupt came
            for worker in self.workers.values():
                if worker.process.is_alive():
                    worker.process.kill()
                    worker.process.join()

    def _start(self, number: int) -> _Worker:
        ours, theirs = self.context.Pipe()
        log = str(self.job.folder.logs / f"worker-{number:02d}.log")
        with _environment(share(number, self.size, os.environ)), _blank_main():
            process = self.context.Process(target=work, args=(theirs, self.job, self.runner, log), daemon=False)
            process.start()
        theirs.close()
        return _Worker(process, ours, number)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    return f"ended with exit code {code}"


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    """Processes started in this block have these variables."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _blank_main() -> Iterator[None]:
    """Processes started in this block do not import the main program again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
