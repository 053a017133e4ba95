"""Which process of how many this is, from the variables that launchers set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError
from train.launchers import FIRST_PORT, PORTS, Place, expand_counts, expand_hosts, place

TORCHRUN = {
    "RANK": "3",
    "WORLD_SIZE": "4",
    "LOCAL_RANK": "1",
    "LOCAL_WORLD_SIZE": "2",
    "MASTER_ADDR": "gpu01",
    "MASTER_PORT": "29500",
}
DEEPSPEED = {
    "RANK": "9",
    "WORLD_SIZE": "16",
    "LOCAL_RANK": "1",
    "LOCAL_SIZE": "8",
    "CROSS_RANK": "1",
    "CROSS_SIZE": "2",
    "MASTER_ADDR": "10.0.0.1",
    "MASTER_PORT": "29500",
}
SRUN = {
    "SLURM_JOB_ID": "4711",
    "SLURM_STEP_ID": "0",
    "SLURM_PROCID": "2",
    "SLURM_LOCALID": "0",
    "SLURM_NODEID": "1",
    "SLURM_STEP_NUM_TASKS": "3",
    "SLURM_NTASKS": "3",
    "SLURM_STEP_TASKS_PER_NODE": "2,1",
    "SLURM_TASKS_PER_NODE": "2,1",
    "SLURM_STEP_NODELIST": "gpu[07-08]",
    "SLURM_JOB_NODELIST": "gpu[07-09]",
    "SLURM_LAUNCH_NODE_IPADDR": "10.1.1.1",
}
BATCH_SCRIPT = {  # the shell of an sbatch script: a task of its own, but of no step
    "SLURM_JOB_ID": "4711",
    "SLURM_PROCID": "0",
    "SLURM_LOCALID": "0",
    "SLURM_NODEID": "0",
    "SLURM_NTASKS": "3",
    "SLURM_JOB_NODELIST": "gpu[07-09]",
}
PORT = FIRST_PORT + 4711 * 16 % PORTS


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, Place()),
        (TORCHRUN, Place(3, 4, 1, 2, "gpu01", 29500, "torchrun")),
        (DEEPSPEED, Place(9, 16, 1, 8, "10.0.0.1", 29500, "torchrun")),
        ({"RANK": "0", "WORLD_SIZE": "1"}, Place(launcher="torchrun")),
        ({**TORCHRUN, "RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "1"}, None),
        (SRUN, Place(2, 3, 0, 1, "gpu07", PORT, "srun")),
        ({**SRUN, "SLURM_PROCID": "1", "SLURM_LOCALID": "1", "SLURM_NODEID": "0"}, None),
        ({**SRUN, "MASTER_ADDR": "10.9.9.9", "MASTER_PORT": "1234"}, Place(2, 3, 0, 1, "10.9.9.9", 1234, "srun")),
        ({**SRUN, "SLURM_STEP_ID": "2"}, Place(2, 3, 0, 1, "gpu07", PORT + 2, "srun")),
        (BATCH_SCRIPT, Place()),
        ({**BATCH_SCRIPT, **TORCHRUN}, Place(3, 4, 1, 2, "gpu01", 29500, "torchrun")),
        ({**SRUN, **TORCHRUN}, Place(3, 4, 1, 2, "gpu01", 29500, "torchrun")),
        ({"OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"}, Place()),
    ],
)
def test_places(environment, found):
    seen = place(environment)
    assert 0 <= seen.rank < seen.ranks and (seen.ranks == 1 or seen.address)
    if found is not None:
        assert seen == found


def test_one_task_of_srun_needs_no_machine_and_no_port():
    alone = {**SRUN, "SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "1", "SLURM_STEP_TASKS_PER_NODE": "1"}
    assert place(alone) == Place(launcher="srun")


def test_tasks_of_one_machine_meet_there():
    here = {**SRUN, "SLURM_NODEID": "0", "SLURM_STEP_TASKS_PER_NODE": "3", "SLURM_STEP_NODELIST": "gpu07"}
    assert place({**here, "SLURM_LOCALID": "2"}).address == "127.0.0.1"


def test_without_a_list_of_machines_tasks_meet_where_srun_was_called():
    bare = {key: value for key, value in SRUN.items() if not key.endswith("NODELIST")}
    assert place(bare).address == "10.1.1.1"


def test_ranks_of_a_job_take_the_same_port_and_other_jobs_other_ones():
    ports = {place({**SRUN, "SLURM_JOB_ID": str(job), "SLURM_STEP_ID": s}).port for job in range(9) for s in "012"}
    assert len(ports) == 27
    assert all(1024 < port < 32_768 for port in ports)
    assert place({**SRUN, "SLURM_PROCID": "0", "SLURM_NODEID": "0"}).port == place(SRUN).port


@pytest.mark.parametrize(
    ("environment", "change", "named"),
    [
        (TORCHRUN, {"RANK": None}, "RANK: not set"),
        (TORCHRUN, {"WORLD_SIZE": None}, "WORLD_SIZE: not set"),
        (TORCHRUN, {"LOCAL_RANK": None}, "LOCAL_RANK: not set"),
        (TORCHRUN, {"MASTER_ADDR": None}, "MASTER_ADDR is not set"),
        (TORCHRUN, {"MASTER_ADDR": ""}, "MASTER_ADDR is not set"),
        (TORCHRUN, {"MASTER_PORT": None}, "MASTER_PORT: not set"),
        (TORCHRUN, {"MASTER_PORT": "70000"}, "MASTER_PORT=70000"),
        (TORCHRUN, {"RANK": "4"}, "rank 4 of 4"),
        (TORCHRUN, {"RANK": "-1"}, "RANK=-1"),
        (TORCHRUN, {"RANK": "one"}, "RANK=one"),
        (TORCHRUN, {"WORLD_SIZE": "0"}, "rank 3 of 0"),
        (TORCHRUN, {"LOCAL_RANK": "2"}, "rank 2 of 2 on this machine"),
        (TORCHRUN, {"LOCAL_WORLD_SIZE": "5"}, "5 ranks on this machine, but 4 in all"),
        (SRUN, {"SLURM_LOCALID": None}, "SLURM_LOCALID: not set"),
        (SRUN, {"SLURM_STEP_NUM_TASKS": None, "SLURM_NTASKS": None}, "SLURM_STEP_NUM_TASKS and SLURM_NTASKS: not set"),
        (SRUN, {"SLURM_STEP_TASKS_PER_NODE": "2,2"}, "do not fit 3 tasks"),
        (SRUN, {"SLURM_STEP_TASKS_PER_NODE": "2;1"}, "expected numbers as in"),
        (SRUN, {"SLURM_NODEID": "2"}, "SLURM_NODEID=2"),
        (SRUN, {"SLURM_STEP_NODELIST": "gpu[1-"}, "expected machines as in"),
        ({}, {"OMPI_COMM_WORLD_SIZE": "2"}, "OMPI_COMM_WORLD_SIZE=2"),
        ({}, {"PMI_SIZE": "8"}, "PMI_SIZE=8"),
    ],
)
def test_contradictions_are_refused_by_name_with_what_to_do(environment, change, named):
    given = {key: value for key, value in {**environment, **change}.items() if value is not None}
    with pytest.raises(ConfigError) as caught:
        place(given)
    assert named in str(caught.value)
    assert "docs/launching.md" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("login", ["login"]),
        ("node[01-03,7]", ["node01", "node02", "node03", "node7"]),
        ("gpu[9-11]", ["gpu9", "gpu10", "gpu11"]),
        ("a,b[1-2],c-3.site", ["a", "b1", "b2", "c-3.site"]),
        ("rack[1-2]n[01-02]", ["rack1n01", "rack1n02", "rack2n01", "rack2n02"]),
        ("n[1]-ib", ["n1-ib"]),
    ],
)
def test_lists_of_machines(text, found):
    assert expand_hosts(text) == found


@pytest.mark.parametrize("text", ["", "n[1-", "n1-2]", "n[x]", "n[1-]", "n[]"])
def test_what_is_no_list_of_machines_is_refused(text):
    with pytest.raises(ConfigError, match="expected machines"):
        expand_hosts(text)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4)), min_size=1))
def test_counts_are_expanded_in_order(pairs):
    text = ",".join(f"{count}(x{times})" if times > 1 else str(count) for count, times in pairs)
    assert expand_counts(text) == [count for count, times in pairs for _ in range(times)]
