"""Batches of a mixture for torch: a pure function of the position, whatever the number of workers."""

import torch
from torch.utils.data import DataLoader, Dataset

from mixer.dataset import MixtureDataset


class Examples(Dataset[dict[str, torch.Tensor]]):
    """The examples of a mixture as tensors.

    Each has `input_ids` and `labels`, int64, one token shorter than a sequence. Labels are shifted already: label i is
    the token after input i, or IGNORE (-100). A transformers model takes them as `shift_labels`.

    Args:
        mixture: the mixture.
        mask_document_ends: do not train on the first token of a document given the end of the one before.
    """

    def __init__(self, mixture: MixtureDataset, mask_document_ends: bool = False) -> None:
        self.mixture, self.mask_document_ends = mixture, mask_document_ends

    def __len__(self) -> int:
        return len(self.mixture)

    def __getitem__(self, sequence: int) -> dict[str, torch.Tensor]:
        """The example of a sequence."""
        example = self.mixture.example(sequence, self.mask_document_ends)
        return {"input_ids": torch.from_numpy(example.input), "labels": torch.from_numpy(example.labels)}


def loader(
    examples: Examples,
    micro_batch: int,
    *,
    rank: int = 0,
    ranks: int = 1,
    start: int = 0,
    workers: int = 0,
    even: bool = False,
    pin_memory: bool = False,
) -> DataLoader[dict[str, torch.Tensor]]:
    """The batches of one rank: the sequences start + rank, start + rank + ranks, ... of the mixture, in order.

    To resume, give as `start` the sequences that all ranks together have consumed: steps x micro-batches a step x
    micro_batch x ranks. The batches are those of the uninterrupted run, also with another number of workers. The
    global random state of torch is left alone.

    Args:
        examples: the mixture's examples.
        micro_batch: examples in a batch.
        rank: of this process.
        ranks: how many there are.
        start: sequences consumed before, by all ranks together.
        workers: processes that read ahead; 0 reads in this one.
        even: give every rank the same number of whole batches, and leave out the fewer than ranks x micro_batch
            sequences at the end: for training to the very end, where a rank with a batch more would wait for the
            others forever.
        pin_memory: for copies to a GPU that run beside its work.

    Raises:
        ValueError: a number is out of its range.
    """
    if micro_batch < 1:
        raise ValueError(f"micro_batch is {micro_batch}; at least 1")
    numbers = examples.mixture.share(rank, ranks, start=start)
    if even:
        numbers = numbers[: (len(examples) - start) // (ranks * micro_batch) * micro_batch]
    return DataLoader(
        examples,
        batch_size=micro_batch,
        sampler=numbers,
        num_workers=workers,
        pin_memory=pin_memory,
        generator=torch.Generator(),  # else every pass draws a number from the global state
    )
