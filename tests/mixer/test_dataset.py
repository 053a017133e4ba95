import json
import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.files import checksum
from contracts.languages import PARALLEL
from mixer.dataset import IGNORE, MixtureDataset
from mixer.streams import view_files

from .conftest import Made, make
from .pools import END, PAD, Pool, write_pool

LENGTH = 64
SIZES = {"go": [5, 90, 31, 64, 12, 7, 40, 3, 28] * 5, "rust": [50] * 60, "go->rust": [20] * 20, "rust->go": [21] * 20}


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Pool:
    return write_pool(tmp_path_factory.mktemp("dataset"), SIZES, files=3)


@pytest.fixture(scope="module")
def both(pool) -> dict[str, Made]:
    return {
        output: make(pool.layout, output=output, name=output, sequence_length=LENGTH, shard_tokens=640)
        for output in ("shards", "view")
    }


@pytest.fixture(params=["shards", "view"])
def dataset(request, both) -> MixtureDataset:
    return MixtureDataset(both[request.param].folder)


@pytest.fixture
def copy(both, tmp_path):
    """A mixture that may be spoilt."""
    shutil.copytree(both["shards"].folder, tmp_path / "m")
    return tmp_path / "m"


@pytest.mark.parametrize("name", ["00001.ds", "00001.ds.index"])
def test_a_truncated_file_is_named_with_both_sizes(copy, name):
    path = copy / name
    size = path.stat().st_size
    os.truncate(path, size - 8)
    dataset = MixtureDataset(copy)
    dataset[0], dataset.span_ends(0)  # the other shards are whole
    with pytest.raises(ValueError, match=f"{name}: {size - 8} bytes, the manifest says {size}; mix again"):
        dataset[dataset.sequences_per_shard], dataset.span_ends(dataset.sequences_per_shard)


@pytest.mark.parametrize("name", ["order.npy", "padding.npy"])
def test_a_truncated_array_is_named_too(copy, name):
    os.truncate(copy / name, 130)
    with pytest.raises(ValueError, match=f"{name}: 130 bytes, the manifest says"):
        MixtureDataset(copy).component(0), MixtureDataset(copy).example(0)


def test_a_truncated_token_file_of_a_view_is_named(both, pool, tmp_path):
    shutil.copytree(pool.layout.root, tmp_path / "out")
    view = MixtureDataset(tmp_path / "out" / "mix" / "view")
    for path in (tmp_path / "out" / "tokens" / "concat" / "tokens").iterdir():
        os.truncate(path, 20)
    with pytest.raises(ValueError, match=r"tokens/0000\d.bin: ends before token \d+; make it again: glotmix run CONF"):
        for k in range(len(view)):
            view[k]


def test_an_unfinished_mixture_is_refused(copy):
    (copy / "manifest.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        MixtureDataset(copy)


@pytest.mark.parametrize("number", [-1, 10**6])
def test_there_are_no_sequences_beyond_the_mixture(dataset, number):
    for ask in (dataset.__getitem__, dataset.span_ends, dataset.component, dataset.example):
        with pytest.raises(IndexError, match=f"sequence {number} of {len(dataset)}"):
            ask(number)


def test_any_integer_is_a_number_of_a_sequence_and_iteration_ends(dataset):
    assert dataset[np.int64(3)].tolist() == dataset[3].tolist()
    assert len(list(dataset)) == len(dataset)


def read(dataset: MixtureDataset, k: int) -> list[int]:
    return dataset[k].tolist()


def test_a_dataset_travels_to_worker_processes_without_its_tokens(dataset):
    expected = [dataset[k].tolist() for k in (0, 5, 7)]
    data = pickle.dumps(dataset)
    assert len(data) < 12_000
    assert [pickle.loads(data)[k].tolist() for k in (0, 5, 7)] == expected
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert list(processes.map(read, [dataset] * 3, (0, 5, 7))) == expected


def test_reading_needs_numpy_only(both):
    code = (
        "import sys; from mixer.dataset import MixtureDataset\n"
        "for folder in sys.argv[1:]:\n"
        "    dataset = MixtureDataset(folder); dataset[3]; dataset.example(3); dataset.component(3)\n"
        "print([m for m in ('polars', 'pyarrow', 'datatrove', 'tokenizers', 'pydantic', 'torch') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, *(str(made.folder) for made in both.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_eight_ranks_of_two_workers_read_disjointly_and_completely(dataset):
    shares = [dataset.share(rank, 8, worker, 2) for rank in range(8) for worker in range(2)]
    assert sorted(k for share in shares for k in share) == list(range(len(dataset)))
    assert all(list(share) == sorted(share) for share in shares)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    tokens = [row.tolist() for row in dataset.read(3, 8, 1, 2)]
    assert tokens == [dataset[k].tolist() for k in dataset.share(3, 8, 1, 2)]


@settings(max_examples=40)
@given(st.data())
def test_the_layout_of_a_range_is_what_each_sequence_says(both, data):
    dataset = MixtureDataset(both[data.draw(st.sampled_from(sorted(both)))].folder)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(dataset))] * 2)))
    components, padding = dataset.layout(first, last)
    assert [dataset.components[n] for n in components] == [dataset.component(k) for k in range(first, last)]
    assert padding.tolist() == [dataset.padding(k) for k in range(first, last)]


def test_the_layouts_of_shards_and_view_agree_and_hold_padding(both):
    shards, view = (MixtureDataset(both[output].folder) for output in ("shards", "view"))
    for ours, theirs in zip(shards.layout(0, len(shards)), view.layout(0, len(view)), strict=True):
        assert ours.tolist() == theirs.tolist()
    assert int(shards.layout(0, len(shards))[1].sum()) == both["shards"].counts["padding"] > 0


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (3, 2), (0, 10**6)])
def test_a_range_beyond_the_mixture_has_no_layout(dataset, first, last):
    with pytest.raises(IndexError, match=f"sequences {first} to {last} of {len(dataset)}"):
        dataset.layout(first, last)


def test_a_view_knows_what_stands_before_every_sequence(both, monkeypatch):
    monkeypatch.setattr(view_files, "BLOCK", 7)
    order = view_files.ViewOrder(both["view"].folder, len(both["view"].counts["components"]))
    for k in range(len(order.components)):
        expected = np.bincount(order.components[:k], minlength=len(both["view"].counts["components"]))
        assert order.before(k).tolist() == expected.tolist()
        assert order.ordinal(k) == order.before(k)[order.components[k]]


def turns(dataset: MixtureDataset, ranks: int, workers: int, start: int) -> list[int]:
    """Sequences in the order in which all ranks together consume them, the workers of a rank taking turns."""
    queues = [[list(dataset.share(r, ranks, w, workers, start)) for w in range(workers)] for r in range(ranks)]
    order, turn = [], 0
    while any(queue for rank in queues for queue in rank):
        order += [rank[turn % workers].pop(0) for rank in queues if rank[turn % workers]]
        turn += 1
    return order


@pytest.fixture(scope="module")
def shards(both) -> MixtureDataset:
    return MixtureDataset(both["shards"].folder)


@settings(max_examples=60)
@given(st.data())
def test_another_world_size_goes_on_with_exactly_the_rest(shards, data):
    worlds = st.tuples(st.integers(1, 8), st.integers(1, 3))
    total, seen, start = len(shards), [], 0
    while start < total:  # as often as the run is stopped
        ranks, workers = data.draw(worlds)
        order = turns(shards, ranks, workers, start)
        assert order == list(range(start, total))
        consumed = data.draw(st.integers(1, total - start))
        seen += order[:consumed]
        start += consumed
    assert seen == list(range(total))


@pytest.mark.parametrize(
    "wrong",
    [{"rank": 2, "ranks": 2}, {"rank": -1}, {"worker": 1}, {"start": -1}, {"start": 10**6}, {"ranks": 0}],
)
def test_a_share_that_is_none_is_refused(dataset, wrong):
    with pytest.raises(ValueError, match=r"ranks and workers count from 0, start is at most the number of sequences"):
        dataset.share(**wrong)
    assert list(dataset.share(start=len(dataset))) == []


def test_reading_goes_on_at_any_sequence_as_if_it_had_not_stopped(dataset):
    whole = [row.tolist() for row in dataset.read()]
    assert len(whole) == len(dataset)
    for k in range(0, len(dataset) + 1, 7):
        assert [row.tolist() for row in dataset.read(start=k)] == whole[k:]
    order = np.random.default_rng(0).permutation(len(dataset))
    assert [dataset[k].tolist() for k in order] == [whole[k] for k in order]


@pytest.mark.parametrize("mask", [False, True])
def test_an_example_is_the_sequence_shifted_by_one(dataset, mask):
    masked = padded = 0
    for k in range(len(dataset)):
        tokens, ends = dataset[k].astype(int).tolist(), dataset.span_ends(k).tolist()
        found = dataset.example(k, mask_document_ends=mask)
        assert found.input.tolist() == tokens[:-1]
        assert (found.input.dtype, found.labels.dtype) == (np.int64, np.int64)
        padding = 0
        if dataset.component(k) == PARALLEL:
            while tokens[LENGTH - 1 - padding] == PAD:
                padding += 1
        starts = {end for end in ends if end < LENGTH}  # where a document, or padding, begins
        expected = [
            IGNORE if place >= LENGTH - padding or (mask and place in starts) else tokens[place]
            for place in range(1, LENGTH)
        ]
        assert found.labels.tolist() == expected
        assert ends[-1] == LENGTH
        assert found.ends.tolist() == sorted({min(end, LENGTH - 1) for end in ends})
        masked += len(starts)
        padded += padding
        assert all(tokens[end - 1] == END for end in ends[:-1])
    assert masked > 20 and padded > 20


def test_the_pad_token_in_a_text_is_not_taken_for_padding(tmp_path):
    pool = write_pool(tmp_path, {"go->rust": [40, 20], "rust->go": [63, 61]})
    path = pool.folder / "tokens" / "00000.bin"
    tokens = np.fromfile(path, "<u2")
    tokens[:-1] = PAD  # as where the end token also pads, and texts are short
    tokens.tofile(path)
    manifest = json.loads((pool.folder / "manifest.json").read_text())
    next(f for f in manifest["files"] if f["path"] == "tokens/00000.bin")["checksum"] = checksum(path)
    (pool.folder / "manifest.json").write_text(json.dumps(manifest))
    made = make(pool.layout, output="shards", sequence_length=LENGTH)
    dataset = MixtureDataset(made.folder)
    ignored = sum(int((dataset.example(k).labels == IGNORE).sum()) for k in range(len(dataset)))
    assert ignored == made.counts["padding"] == 64 * len(dataset) - made.counts["tokens"]


def test_a_mixture_says_what_a_trainer_must_know(both):
    for made in both.values():
        dataset, counts = MixtureDataset(str(made.folder)), made.counts
        assert (dataset.sequence_length, dataset.vocab_size, len(dataset)) == (LENGTH, 500, counts["sequences"])
        assert (dataset.end_id, dataset.pad_id) == (END, PAD)
        assert dataset.components == tuple(counts["components"])
        counted = {c: sum(dataset.component(k) == c for k in range(len(dataset))) for c in dataset.components}
        assert counted == {c: part["sequences"] for c, part in counts["components"].items()}
        assert json.loads((made.folder / "manifest.json").read_text()) == dataset.manifest
