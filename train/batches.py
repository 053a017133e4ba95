"""The batches of a run: micro-batch by micro-batch, a pure function of (step, micro-batch, rank)."""

from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from mixer.dataset import MixtureDataset
from train.attention import bounds_of
from train.batch import Batch
from train.geometry import Geometry
from train.signals import ignore_signals


def batch_of(mixture: MixtureDataset, sequences: range, mask_documents: bool) -> Batch:
    """The batch of some sequences; input and labels are one token shorter than a sequence.

    Args:
        mixture: where they are read.
        sequences: their numbers.
        mask_documents: give positions and bounds of documents, and do not train on a document's first token.
    """
    examples = [mixture.example(k, mask_documents) for k in sequences]
    input_ids = torch.from_numpy(np.stack([e.input for e in examples]))
    labels = torch.from_numpy(np.stack([e.labels for e in examples]))
    if not mask_documents:
        return Batch(input_ids, labels)
    positions = torch.from_numpy(np.stack([_positions(e.ends) for e in examples]))
    return Batch(input_ids, labels, positions, bounds_of(positions))


def _positions(ends: np.ndarray) -> np.ndarray:
    """0, 1, 2, ... anew in each document."""
    starts = np.concatenate(([0], ends[:-1]))
    found: np.ndarray = np.arange(ends[-1]) - np.repeat(starts, ends - starts)
    return found


class MicroBatches(Dataset[Batch]):
    """Item i is micro-batch i % accumulation of step i // accumulation, for one rank.

    Args:
        mixture: what to train on.
        geometry: how steps are divided.
        rank: of this process.
        mask_documents: see `batch_of`.
    """

    def __init__(self, mixture: MixtureDataset, geometry: Geometry, rank: int, mask_documents: bool) -> None:
        self.mixture, self.geometry, self.rank, self.mask_documents = mixture, geometry, rank, mask_documents

    def __len__(self) -> int:
        return len(self.mixture) // self.geometry.step_sequences * self.geometry.accumulation

    def __getitem__(self, item: int) -> Batch:
        """The batch of an item."""
        step, micro = divmod(item, self.geometry.accumulation)
        return batch_of(self.mixture, self.geometry.block(step, micro, self.rank), self.mask_documents)


def steps(batches: MicroBatches, start: int, stop: int, *, read_ahead: int, pin: bool) -> Iterator[list[Batch]]:
    """The micro-batches of each step from `start` to `stop` - 1.

    Args:
        batches: of one rank.
        start: first step.
        stop: step after the last.
        read_ahead: processes that read ahead; 0: this one reads.
        pin: put them in page-locked memory, for copies to a GPU that run beside its work.
    """
    many = batches.geometry.accumulation
    items = DataLoader(
        batches,
        batch_size=None,
        sampler=range(start * many, stop * many),
        num_workers=read_ahead,
        pin_memory=pin,
        worker_init_fn=ignore_signals,
        generator=torch.Generator(),  # else every pass draws a number from the global state
    )
    found: list[Batch] = []
    for item in items:
        found.append(item)
        if len(found) == many:
            yield found
            found = []
