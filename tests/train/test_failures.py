"""Errors of torch and its friends say what happened and what to do next."""

import subprocess
import sys
from pathlib import Path

import pytest

from contracts.config import validate
from contracts.errors import ConfigError, StageError
from train.config import TrainConfig
from train.failures import explained, explanation
from train.shortage import GPU, MAIN, Shortage, advice, shortage

REPOSITORY = Path(__file__).resolve().parents[2]
OUT_OF_MEMORY = (
    "CUDA out of memory. Tried to allocate 1.95 GiB. GPU 0 has a total capacity of {capacity} of which 1.58 GiB is "
    "free. Including non-PyTorch memory, this process has 12.10 GiB memory in use."
)
"""Texts of torch that a CPU cannot be made to say; the others are raised here and in test_distributed."""


def config_of(mixture: object = "nowhere", **values) -> TrainConfig:
    return validate(TrainConfig, {"mixture": str(mixture), "points": [1], **values}, "test")


def told_of(error: Exception, config: TrainConfig | None = None) -> str:
    with pytest.raises((StageError, ConfigError)) as caught, explained(config):
        raise error
    assert caught.value.__cause__ is error
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "NCCL error in: ProcessGroupNCCL.cpp:1333, remote process exited or there was a network error\n"
            "ncclRemoteError: A call failed possibly due to a network error or a remote process exiting prematurely.",
            "another rank has ended",
        ),
        (
            "[Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=5, OpType=ALLREDUCE)",
            "launch.timeout",
        ),
        ("NCCL error\nLast error:\nDuplicate GPU detected : rank 1 and rank 0 both on CUDA device 4000", "same GPU"),
        ("NCCL error in: x, unhandled system error (run with NCCL_DEBUG=INFO for details)", "NCCL_SOCKET_IFNAME"),
        ("The NVIDIA driver on your system is too old (found version 11040).", "driver"),
        ("CUDA error: no kernel image is available for execution on the device", "not built for this GPU"),
        ("CUDA error: uncorrectable ECC error encountered", "the GPU reported a fault"),
        ("Failed to find C compiler. Please specify via CC environment variable", "engine.compile"),
    ],
)
def test_what_a_cpu_cannot_raise_is_known_by_its_text(text, named):
    assert named in told_of(RuntimeError(text))


def test_other_errors_pass_as_they_are():
    for error in (RuntimeError("shape '[3]' is invalid"), ValueError("x"), ModuleNotFoundError("no x", name="x")):
        with pytest.raises(type(error)) as caught, explained(config_of()):
            raise error
        assert caught.value is error
        assert explanation(error) is None
    with pytest.raises(StageError, match=r"^ours$"), explained(config_of()):
        raise StageError("ours")


def test_a_missing_package_tells_how_to_install_it():
    """In a Python that finds nothing but itself and this repository."""
    code = (
        "import sys; sys.modules['torch'] = None\nfrom train.failures import explained\nwith explained(): import torch"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "ConfigError" in last and "torch is not installed" in last
    assert "pip install -c constraints.txt -e '.[train]'" in last
    assert "pip install -c constraints.txt -e '.[train]'" in (REPOSITORY / "docs" / "launching.md").read_text()


def test_torch_out_of_main_memory_says_how_much_was_wanted():
    torch = pytest.importorskip("torch")
    with pytest.raises(StageError) as caught, explained(config_of()):
        torch.empty(2**50)
    told = str(caught.value)
    assert "main memory is full: 4,194,304.00 GiB more were asked for" in told
    assert "micro_batch" in told and "offload" not in told


def test_torch_out_of_gpu_memory_is_recognised_by_its_class_and_text():
    torch = pytest.importorskip("torch")
    found = shortage(torch.OutOfMemoryError(OUT_OF_MEMORY.format(capacity="14.57 GiB")))
    assert found == Shortage(GPU, int(1.95 * 2**30), int(14.57 * 2**30))
    assert shortage(torch.OutOfMemoryError("something new")) == Shortage(GPU, None, None)
    assert shortage(RuntimeError("x")) is None
    assert shortage(MemoryError()).place == MAIN


@pytest.mark.parametrize(
    ("capacity", "micro_batch", "options", "named"),
    [
        (80 * 2**30, 4, {}, ["micro_batch 4 fits", "nvidia-smi", "--set micro_batch=2"]),
        (2**20, 4, {}, ["not even micro_batch 1 fits", "engine.recompute=true", "engine.offload=cpu", "stage=2 or 3"]),
        (
            2**20,
            4,
            {"recompute": True, "stage": 3, "offload": "cpu"},
            ["not even micro_batch 1", "smaller model.rung"],
        ),
    ],
)
def test_advice_names_options_that_are_not_used_yet(tiny_run, capacity, micro_batch, options, named):
    config = config_of(tiny_run.short, micro_batch=micro_batch, batch_tokens=128 * 8, engine=options)
    told = advice(Shortage(GPU, 2**30, capacity), config, Path())
    assert all(name in told for name in named), told
    assert not any(f"engine.{name}" in told for name in options)


def test_advice_names_a_micro_batch_that_fits_and_divides_the_step(tiny_run):
    from mixer.dataset import MixtureDataset
    from train.ladder import rung
    from train.memory import estimate

    config = config_of(tiny_run.short, micro_batch=32, batch_tokens=128 * 96, model={"rung": "10M"})
    five = estimate(
        rung("10M"), MixtureDataset(tiny_run.short).vocab_size, 128, 5, stage=1, ranks=1, precision="bf16"
    ).total
    told = advice(Shortage(GPU, 2**30, five), config, Path())
    assert "micro_batch 4 fits: --set micro_batch=4" in told  # 5 fits, but does not divide 96
