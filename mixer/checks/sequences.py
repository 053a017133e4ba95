"""One pass over the sequences of a mixture, a bounded block at a time, through all checks that need them."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from contracts.manifest import Manifest
from mixer.checks.block import DOCUMENT, Block, block_of
from mixer.checks.findings import Findings, Unreadable
from mixer.checks.index import ShardFiles
from mixer.checks.order import component_faults
from mixer.checks.pool import names_of
from mixer.checks.pool_index import PoolIndex
from mixer.checks.spans import check_documents, check_sequences
from mixer.checks.split import HeldOut
from mixer.checks.streams import NEVER, Held, Streams
from mixer.checks.text import Sample
from mixer.checks.tokens import SpanReader, check_special, check_tokens, pool_tokens
from mixer.config import MixConfig
from mixer.dataset import MixtureDataset
from mixer.layout import Layout
from mixer.lineage import lineage_of
from mixer.streams.view_files import PADDING

BLOCK_TOKENS = 1 << 22
"""Tokens that are read at once: 8 to 16 MB, four times that with what they are compared with."""

RENEW = 4
"""Blocks after which files are mapped anew, so that their pages do not add up."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture and the stages it was made from.

    Attributes:
        folder: the mixture.
        manifest: its manifest.
        config: its configuration.
        layout: folders of the run.
        pool: folder of the tokens stage.
        stages: manifests of the earlier stages by name.
    """

    folder: Path
    manifest: Manifest
    config: MixConfig
    layout: Layout
    pool: Path
    stages: dict[str, Manifest]

    @property
    def unseen(self) -> tuple[str, ...]:
        """Directions that must not enter training."""
        return tuple(self.stages["split"].configuration.get("unseen_directions", ()))


class Pass:
    """The checks of a pass and what they remember from block to block.

    Args:
        mixture: what is read.
        order: component number of every sequence.
        index: facts of the pool's documents; a file is put beside it.
        held_out: what must not be trained on.
        kinds: what each id may be, see `mixer.checks.tokens`.
        sample: documents to draw.
    """

    def __init__(
        self, mixture: Mixture, order: np.ndarray, index: PoolIndex, held_out: HeldOut, kinds: np.ndarray, sample: int
    ) -> None:
        self.counts, facts = mixture.manifest.counts, mixture.stages["tokenizer"].counts
        self.mixture, self.order, self.index, self.held_out, self.kinds = mixture, order, index, held_out, kinds
        self.length, self.end_id, self.pad_id = mixture.config.sequence_length, facts["end_id"], facts["pad_id"]
        self.names = names_of(mixture.manifest, mixture.stages["tokens"])
        self.numbers = {name: number for number, name in enumerate(self.names.mixture)}
        seen = np.memmap(index.folder / "seen.bin", np.int32, "w+", shape=(max(len(index), 1),))
        seen[:] = NEVER
        self.streams = Streams(self.counts["components"], self.length, seen)
        self.sample = Sample(sample)
        self.shards: ShardFiles | None = None

    def run(self, findings: Findings) -> dict[str, Held]:
        """Read all sequences; gives what they hold.

        Raises:
            Unreadable: a fault leaves nothing to go on with.
        """
        if self.counts["output"] == "shards":
            with findings.reading("index", PADDING):
                self.shards = ShardFiles(self.mixture.folder, self.length, self.counts["sequences_per_shard"])
        with findings.reading("tokens", str(self.mixture.folder)):
            dataset = MixtureDataset(self.mixture.folder)
        for number, (first, last) in enumerate(self._ranges()):
            if number % RENEW == RENEW - 1:
                dataset, self.index = copy.copy(dataset), PoolIndex(self.index.folder, DOCUMENT)
            block = self._lineage(first, last, findings)
            self._check(block, findings)
            self._check_tokens(block, dataset, findings)
        if self.shards:
            with findings.reading("index", "the last shard"):
                self.shards.finish(findings)
        self.streams.finish(findings)
        return self.streams.held

    def _ranges(self) -> Iterator[tuple[int, int]]:
        """Blocks of sequences, each inside one shard."""
        total, size = len(self.order), self.counts["sequences_per_shard"]
        step = max(1, BLOCK_TOKENS // self.length)
        for shard in range(0, total, size):
            stop = min(shard + size, total)
            for first in range(shard, stop, step):
                yield first, min(first + step, stop)

    def _lineage(self, first: int, last: int, findings: Findings) -> Block:
        """The lineage of some sequences, which tiles them."""
        with findings.reading("lineage", f"sequences {first} to {last - 1}"):
            rows = lineage_of(self.mixture.folder, self.mixture.manifest, first, last)
            block = block_of(rows, first, last, self.numbers, self.index)
        if not check_sequences(block, self.length, findings):
            raise Unreadable
        return block

    def _check(self, block: Block, findings: Findings) -> None:
        order = np.asarray(self.order[block.first : block.last])
        findings.note("order", component_faults(block, order, self.names.mixture))
        # a name that nobody knows is told once, and the rest checked by the order's
        block = replace(block, component=np.where(block.component < 0, order[block.sequence], block.component))
        check_documents(block, self.names, findings)
        self.held_out.check(block, findings)
        self.streams.read(block, findings)
        self.sample.draw(block)
        if self.shards:
            with findings.reading("index", f"sequences {block.first} to {block.last - 1}"):
                self.shards.check(block, findings)

    def _check_tokens(self, block: Block, dataset: MixtureDataset, findings: Findings) -> None:
        found = np.empty((block.last - block.first, self.length), dataset.dtype)
        with findings.reading("tokens", f"sequences {block.first} to {block.last - 1}"):
            for row in range(len(found)):
                found[row] = dataset[block.first + row]
        with SpanReader(self.mixture.pool, dataset.dtype) as pool:
            expected = pool_tokens(block, found, self.pad_id, pool, findings)
        same = check_tokens(block, found, expected, findings)
        check_special(block, found, same, self.kinds, self.end_id, findings)
