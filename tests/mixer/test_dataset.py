import pickle
import shutil
import subprocess
import sys

import pytest

from mixer.dataset import MixtureDataset


@pytest.fixture
def copy(demo, tmp_path):
    """A mixture that may be spoilt."""
    shutil.copytree(demo.mix("default"), tmp_path / "m")
    return tmp_path / "m"


@pytest.mark.parametrize("name", ["00001.ds", "00001.ds.index"])
def test_a_truncated_file_is_named_with_both_sizes(copy, name):
    path = copy / name
    size = path.stat().st_size
    with open(path, "rb+") as handle:
        handle.truncate(size - 8)
    dataset = MixtureDataset(copy)
    dataset[0], dataset.span_ends(0)  # the other shards are whole
    with pytest.raises(ValueError, match=f"{name}: {size - 8} bytes, the manifest says {size}; mix again"):
        dataset[dataset.sequences_per_shard], dataset.span_ends(dataset.sequences_per_shard)


def test_an_unfinished_mixture_is_refused(copy):
    (copy / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError):
        MixtureDataset(copy)


@pytest.mark.parametrize("number", [-1, 10**6])
def test_there_are_no_sequences_beyond_the_mixture(copy, number):
    dataset = MixtureDataset(copy)
    with pytest.raises(IndexError, match=f"sequence {number} of {len(dataset)}"):
        dataset[number]
    with pytest.raises(IndexError):
        dataset.span_ends(number)


def test_a_dataset_travels_to_worker_processes_without_its_tokens(copy):
    dataset = MixtureDataset(copy)
    first = dataset[0].tolist()
    data = pickle.dumps(dataset)
    assert len(data) < 5000 + 200 * len(list(copy.rglob("*")))
    assert pickle.loads(data)[0].tolist() == first


def test_reading_a_mixture_needs_numpy_only():
    code = (
        "import sys, mixer.dataset\n"
        "print([m for m in ('polars', 'pyarrow', 'datatrove', 'tokenizers', 'pydantic', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
