"""The GPU of a rank, and why there is none."""

import pytest

torch = pytest.importorskip("torch")

from contracts.errors import ConfigError
from train.launchers import Place
from train.placement import device_for, gpu_number

no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")


@no_gpu
def test_without_a_gpu_auto_is_the_cpu_and_cuda_says_why_not():
    assert device_for("auto", Place()) == torch.device("cpu")
    with pytest.raises(ConfigError) as caught:
        device_for("cuda", Place())
    told = str(caught.value)
    assert "launch.device: cuda" in told and "--set launch.device=cpu" in told and torch.__version__ in told


@pytest.mark.parametrize(
    ("here", "seen", "visible", "number"),
    [
        (Place(), 4, None, 0),
        (Place(5, 8, 1, 4), 4, None, 1),
        (Place(3, 4, 3, 4, launcher="srun"), 4, "0,1,2,3", 3),
        (Place(3, 4, 3, 4, launcher="srun"), 1, "0", 0),  # --gpus-per-task=1
        (Place(1, 2, 0, 1), 1, "5", 0),
    ],
)
def test_each_rank_of_a_machine_has_its_gpu(here, seen, visible, number):
    assert gpu_number(here, seen, visible) == number


@pytest.mark.parametrize(
    ("here", "seen", "visible"),
    [(Place(0, 4, 0, 4), 2, None), (Place(3, 4, 3, 4), 1, "0"), (Place(2, 4, 2, 4, launcher="srun"), 2, "0,1")],
)
def test_more_ranks_than_gpus_are_refused_on_every_rank(here, seen, visible):
    with pytest.raises(ConfigError, match=f"4 ranks on this machine, but {seen} GPUs .*start at most {seen}"):
        gpu_number(here, seen, visible)
