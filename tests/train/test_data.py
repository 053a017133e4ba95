import pickle

import numpy as np
import pytest

from mixer.dataset import IGNORE, MixtureDataset

torch = pytest.importorskip("torch")
from train.data import Examples, loader


@pytest.fixture(scope="module")
def mixture(demo_run):
    return MixtureDataset(demo_run.output / "mix" / "default")


@pytest.fixture(scope="module")
def examples(mixture):
    return Examples(mixture)


def batches(given):
    return [(batch["input_ids"].tolist(), batch["labels"].tolist()) for batch in given]


def rows(given):
    return [row for batch in given for row in batch["input_ids"].tolist()]


def test_an_example_is_the_sequence_and_the_tokens_after(mixture, examples):
    for number in range(0, len(mixture), 5):
        tokens, example = mixture[number].tolist(), examples[number]
        assert example["input_ids"].dtype == example["labels"].dtype == torch.int64
        assert example["input_ids"].tolist() == tokens[:-1]
        learnt = example["labels"] != IGNORE
        assert example["labels"][learnt].tolist() == np.array(tokens[1:])[learnt.numpy()].tolist()
    assert len(examples) == len(mixture)


def test_first_tokens_of_documents_are_masked_when_asked(mixture, examples):
    masked = Examples(mixture, mask_document_ends=True)
    differing = 0
    for number in range(len(mixture)):
        plain, other = examples[number]["labels"], masked[number]["labels"]
        changed = torch.nonzero(plain != other).flatten()
        assert set((changed + 1).tolist()) <= set(mixture.span_ends(number).tolist())
        assert (other[changed] == IGNORE).all()
        differing += len(changed)
    assert differing > 0


@pytest.mark.parametrize(("ranks", "micro_batch", "start"), [(1, 4, 0), (2, 3, 0), (3, 2, 7), (8, 1, 5)])
def test_ranks_share_the_sequences_from_the_start_on(mixture, examples, ranks, micro_batch, start):
    for rank in range(ranks):
        expected = [mixture[k][:-1].tolist() for k in range(start + rank, len(mixture), ranks)]
        assert rows(loader(examples, micro_batch, rank=rank, ranks=ranks, start=start)) == expected


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_change_nothing(examples, workers):
    alone = batches(loader(examples, 3, rank=1, ranks=2, start=4))
    assert len(alone) > workers
    assert batches(loader(examples, 3, rank=1, ranks=2, start=4, workers=workers)) == alone


def test_resuming_after_any_step_goes_on_as_if_nothing_had_happened(examples):
    ranks, micro_batch = 2, 2
    whole = [batches(loader(examples, micro_batch, rank=rank, ranks=ranks)) for rank in range(ranks)]
    for step in range(len(whole[0])):
        for rank in range(ranks):
            resumed = loader(examples, micro_batch, rank=rank, ranks=ranks, start=step * micro_batch * ranks)
            assert batches(resumed) == whole[rank][step:]


@pytest.mark.parametrize("ranks", [1, 2, 3, 5])
@pytest.mark.parametrize("start", [0, 1, 6])
def test_even_ranks_have_the_same_number_of_whole_batches_and_leave_out_less_than_one_of_each(examples, ranks, start):
    micro_batch = 4
    shared = [list(loader(examples, micro_batch, rank=r, ranks=ranks, start=start, even=True)) for r in range(ranks)]
    assert len({len(given) for given in shared}) == 1
    assert {len(batch["labels"]) for given in shared for batch in given} <= {micro_batch}
    read = len(shared[0]) * micro_batch * ranks
    assert 0 <= len(examples) - start - read < micro_batch * ranks


def test_iterating_leaves_the_random_state_of_torch_alone(examples):
    before = torch.get_rng_state()
    for workers in (0, 1):
        assert len(list(loader(examples, 8, workers=workers))) > 0
    assert torch.equal(torch.get_rng_state(), before)


def test_the_tensors_are_nobody_elses(mixture, examples):
    first = examples[0]
    first["input_ids"].zero_(), first["labels"].zero_()
    assert examples[0]["input_ids"].tolist() == mixture[0][:-1].tolist()


def test_examples_travel_to_spawned_workers(examples):
    assert pickle.loads(pickle.dumps(examples))[1]["labels"].tolist() == examples[1]["labels"].tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"micro_batch": 0}, "micro_batch is 0"),
        ({"micro_batch": 1, "rank": 2, "ranks": 2}, "rank 2 of 2"),
        ({"micro_batch": 1, "start": -1}, "start -1"),
    ],
)
def test_impossible_numbers_are_named(examples, options, message):
    with pytest.raises(ValueError, match=message):
        loader(examples, **options)
