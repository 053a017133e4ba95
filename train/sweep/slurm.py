"""A sweep as Slurm job arrays: the script, and which numbers to submit. Pure but for `submit`."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import ConfigError, StageError
from contracts.files import atomic_path
from train.sweep.slurm_config import SlurmConfig

OFFSET = "GLOTMIX_SWEEP_OFFSET"
"""Variable of the job: how many tasks come before the array's number 0."""

SCRIPT = "sweep.sbatch"


@dataclass(frozen=True, slots=True)
class Array:
    """One job array.

    Attributes:
        offset: of its numbers: task number + offset is the number of the task in the sweep.
        numbers: its numbers, in Slurm's form: 0-9,12.
        tasks: how many they are.
    """

    offset: int
    numbers: str
    tasks: int


def arrays(waiting: Sequence[int], config: SlurmConfig) -> list[Array]:
    """The job arrays for the runs that are to be done.

    Args:
        waiting: their numbers in the list.
        config: how many runs a task does, how large an array may be.
    """
    tasks = sorted({index // config.runs_per_task for index in waiting})
    found: dict[int, list[int]] = {}
    for task in tasks:
        found.setdefault(task // config.max_array_size * config.max_array_size, []).append(task)
    return [Array(offset, ranges([t - offset for t in mine]), len(mine)) for offset, mine in found.items()]


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers in short form: 0-2,5."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in parts)


def script(config: SlurmConfig, command: Sequence[str], logs: Path, name: str) -> str:
    """The job script; the array's numbers are given when it is submitted.

    Args:
        config: what to ask for.
        command: glotmix sweep run CONFIG with its options.
        logs: folder of the tasks' output.
        name: of the job.
    """
    options = {
        "job-name": name,
        "partition": config.partition,
        "time": config.time,
        "nodes": config.nodes,
        "ntasks-per-node": 1,
        "cpus-per-task": config.cpus_per_task,
        "gpus-per-node": config.gpus_per_node or None,
        "mem": None if config.mem_gb is None else f"{config.mem_gb}G",
        "output": logs / "slurm-%A_%a.log",
        "open-mode": "append",
        "requeue": "",
        # to the shell, which is glotmix itself after exec: it saves
        "signal": f"B:TERM@{config.stop_seconds}" if config.stop_seconds else None,
        **config.sbatch_args,
    }
    lines = ["#!/bin/bash"]
    for key, value in options.items():
        if value is None or (value == "" and key == "partition"):
            continue
        text = f"={_quoted(str(value))}" if value != "" else ""
        lines.append(f"#SBATCH --{key}{text}")
    lines += ["set -e"]
    lines += [f"source {shlex.quote(config.venv_path)}"] if config.venv_path else []
    lines += config.setup
    first = f"$(( (SLURM_ARRAY_TASK_ID + {OFFSET}) * {config.runs_per_task} ))"
    lines.append(f"exec {shlex.join(command)} --index {first} --count {config.runs_per_task}")
    return "\n".join(lines) + "\n"


def write_script(path: Path, text: str) -> None:
    """Write the job script."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sbatch_lines(path: Path, found: Sequence[Array], config: SlurmConfig) -> list[list[str]]:
    """The calls of sbatch, one an array; with a limit each array but the first gets `--dependency` when submitted."""
    limit = f"%{config.limit}" if config.limit else ""
    return [
        ["sbatch", "--parsable", f"--array={a.numbers}{limit}", f"--export=ALL,{OFFSET}={a.offset}", str(path)]
        for a in found
    ]


def submit(lines: Sequence[Sequence[str]], chain: bool) -> list[str]:
    """Submit the arrays; the ids of their jobs.

    Args:
        lines: calls of sbatch.
        chain: begin each array when the one before is over, so that a limit holds for all of them.

    Raises:
        ConfigError: there is no sbatch.
        StageError: it refused; arrays before stay submitted.
    """
    if not shutil.which("sbatch"):
        raise ConfigError("sbatch is not on the PATH; run this on a login node of the cluster")
    jobs: list[str] = []
    for line in lines:
        after = [f"--dependency=afterany:{jobs[-1]}"] if chain and jobs else []
        answer = subprocess.run([line[0], *after, *line[1:]], capture_output=True, text=True, check=False)
        job = re.match(r"\d+", answer.stdout.strip())
        if answer.returncode or job is None:
            known = f"; submitted before: {', '.join(jobs)}" if jobs else ""
            raise StageError(f"sbatch refused the array ({answer.stderr.strip() or answer.stdout.strip()}){known}")
        jobs.append(job[0])
    return jobs


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
