"""Which process of how many this is: read from the environment that torchrun, deepspeed or srun made.

Pure: an environment goes in, a place comes out; nothing is asked of the machine or of Slurm.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.errors import ConfigError

FIRST_PORT, PORTS = 10_000, 20_000
"""Ports for srun: below 32,768, where Linux starts to hand out ports by itself (ip(7), ip_local_port_range)."""

NEXT = (
    "start it with torchrun, srun or deepspeed, which set these variables, or unset them for one process; "
    "see docs/launching.md"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A process among those of one run.

    Attributes:
        rank: number of this process.
        ranks: how many there are.
        local_rank: number of this process on its machine.
        local_ranks: how many are on it.
        address: machine where rank 0 listens; None for one process, which needs no port.
        port: where it listens.
        launcher: who started it: torchrun (or deepspeed), srun, plain.
    """

    rank: int = 0
    ranks: int = 1
    local_rank: int = 0
    local_ranks: int = 1
    address: str | None = None
    port: int | None = None
    launcher: str = "plain"


def place(environment: Mapping[str, str]) -> Place:
    """The place that an environment gives.

    RANK and WORLD_SIZE come first: torchrun inside a Slurm job sets both beside Slurm's own variables.

    Args:
        environment: for example os.environ.

    Raises:
        ConfigError: a variable is missing, no number, or contradicts another.
    """
    if "RANK" in environment or "WORLD_SIZE" in environment:
        found = _torchrun(environment)
    elif "SLURM_STEP_ID" in environment and "SLURM_PROCID" in environment:
        found = _srun(environment)
    else:
        _refuse_mpi(environment)
        found = Place()
    _check(found)
    return found


def _torchrun(environment: Mapping[str, str]) -> Place:
    """Of torchrun, and of deepspeed, which calls the ranks of a machine LOCAL_SIZE."""
    rank, ranks = (_number(environment, name) for name in ("RANK", "WORLD_SIZE"))
    if ranks == 1 and "LOCAL_RANK" not in environment:
        return Place(rank, ranks, launcher="torchrun")
    local_rank = _number(environment, "LOCAL_RANK")
    given = next((name for name in ("LOCAL_WORLD_SIZE", "LOCAL_SIZE") if name in environment), None)
    # nobody says how many: at least as many as it takes for this one to be among them
    local_ranks = _number(environment, given) if given else local_rank + 1
    if ranks == 1:
        return Place(rank, ranks, local_rank, local_ranks, launcher="torchrun")
    address = environment.get("MASTER_ADDR")
    if not address:
        raise ConfigError(f"MASTER_ADDR is not set, but WORLD_SIZE={ranks}: where does rank 0 listen? {NEXT}")
    return Place(rank, ranks, local_rank, local_ranks, address, _number(environment, "MASTER_PORT"), "torchrun")


def _srun(environment: Mapping[str, str]) -> Place:
    """Of srun; the variables of the step count, since a job may have other ones."""
    rank, local_rank = _number(environment, "SLURM_PROCID"), _number(environment, "SLURM_LOCALID")
    ranks = _number(environment, _first(environment, "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"))
    if ranks == 1:
        return Place(rank, ranks, local_rank, launcher="srun")
    each = expand_counts(environment[_first(environment, "SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE")])
    node = _number(environment, "SLURM_NODEID")
    if node >= len(each) or sum(each) != ranks:
        raise ConfigError(f"SLURM_NODEID={node} and SLURM_STEP_TASKS_PER_NODE={each} do not fit {ranks} tasks; {NEXT}")
    return Place(rank, ranks, local_rank, each[node], *_meeting(environment), launcher="srun")


def _meeting(environment: Mapping[str, str]) -> tuple[str, int]:
    """Where rank 0 listens: MASTER_ADDR and MASTER_PORT if given, else its machine and a port of the job's own."""
    listed = environment.get("SLURM_STEP_NODELIST") or environment.get("SLURM_JOB_NODELIST")
    if environment.get("MASTER_ADDR"):
        address = environment["MASTER_ADDR"]
    elif listed:
        nodes = expand_hosts(listed)
        address = nodes[0] if len(nodes) > 1 else "127.0.0.1"
    else:  # the machine that srun was called on: of a job script, the first of the job
        address = environment[_first(environment, "SLURM_LAUNCH_NODE_IPADDR")]
    if "MASTER_PORT" in environment:
        return address, _number(environment, "MASTER_PORT")
    job, step = (_number(environment, name) for name in (_first(environment, "SLURM_JOB_ID"), "SLURM_STEP_ID"))
    return address, FIRST_PORT + (job * 16 + step) % PORTS  # steps of a job, side by side, have ports of their own


def _refuse_mpi(environment: Mapping[str, str]) -> None:
    """Refuse processes of mpirun: each would take itself for the only one, and all write to one folder."""
    for name in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE"):
        if environment.get(name, "1") != "1":
            raise ConfigError(f"{name}={environment[name]}: mpirun does not say where rank 0 listens; {NEXT}")


def _first(environment: Mapping[str, str], *names: str) -> str:
    for name in names:
        if name in environment:
            return name
    raise ConfigError(f"{' and '.join(names)}: not set, though other variables of a launcher are; {NEXT}")


def _number(environment: Mapping[str, str], name: str) -> int:
    text = environment[_first(environment, name)]
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise ConfigError(f"{name}={text}: expected a number from 0 on; {NEXT}")
    return int(text)


def _check(place: Place) -> None:
    if not 0 <= place.rank < place.ranks:
        raise ConfigError(f"rank {place.rank} of {place.ranks}: ranks count from 0; {NEXT}")
    if not 0 <= place.local_rank < max(place.local_ranks, 1) and place.ranks > 1:
        raise ConfigError(f"rank {place.local_rank} of {place.local_ranks} on this machine: from 0 on; {NEXT}")
    if place.ranks > 1 and place.local_ranks > place.ranks:
        raise ConfigError(f"{place.local_ranks} ranks on this machine, but {place.ranks} in all; {NEXT}")
    if place.port is not None and not 0 < place.port < 65_536:
        raise ConfigError(f"MASTER_PORT={place.port}: expected 1 to 65535; {NEXT}")


def expand_counts(text: str) -> list[int]:
    """Slurm's short form of numbers, one a machine: `2(x3),1` are 2, 2, 2 and 1.

    Raises:
        ConfigError: not of this form.
    """
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]+)(?:\(x([0-9]+)\))?", part)
        if match is None:
            raise ConfigError(f"SLURM_STEP_TASKS_PER_NODE={text}: expected numbers as in 2(x3),1; {NEXT}")
        found += [int(match[1])] * int(match[2] or 1)
    return found


def expand_hosts(text: str) -> list[str]:
    """Slurm's short form of machines: `gpu[01-03,7],login` are gpu01, gpu02, gpu03, gpu7 and login.

    Raises:
        ConfigError: not of this form.
    """
    found: list[str] = []
    for part in re.findall(r"(?:[^,\[\]]+|\[[^\]]*\])+", text):
        names = [""]
        for piece in re.findall(r"[^\[\]]+|\[[^\]]*\]", part):
            choices = _range(piece[1:-1], text) if piece.startswith("[") else [piece]
            names = [name + choice for name in names for choice in choices]
        found += names
    if not found or any("[" in name or "]" in name for name in found) or text.count("[") != text.count("]"):
        raise ConfigError(f"SLURM_JOB_NODELIST={text}: expected machines as in gpu[01-03,7]; {NEXT}")
    return found


def _range(text: str, whole: str) -> list[str]:
    found: list[str] = []
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]+)(?:-([0-9]+))?", part)
        if match is None:
            raise ConfigError(f"SLURM_JOB_NODELIST={whole}: expected machines as in gpu[01-03,7]; {NEXT}")
        low, high = match[1], match[2] or match[1]
        found += [f"{number:0{len(low)}d}" for number in range(int(low), int(high) + 1)]
    return found
