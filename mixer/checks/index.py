"""Checks of what stands beside the tokens of shards: the ends of spans, the padding of sequences, rows of lineage."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from mixer.checks.block import PADDING as NO_DOCUMENT
from mixer.checks.block import Block
from mixer.checks.findings import Findings
from mixer.streams.view_files import PADDING

CHECK = "index"

END_BYTES = 8
"""Bytes of an end in `.index`."""


class ShardFiles:
    """Reads the files beside the tokens along with the lineage.

    Args:
        folder: the mixture.
        length: tokens in a sequence.
        size: sequences in a shard.
    """

    def __init__(self, folder: Path, length: int, size: int) -> None:
        self.folder, self.length, self.size = folder, length, size
        self.padding = np.load(folder / PADDING, mmap_mode="r", allow_pickle=False)
        self.shard = self.rows = 0

    def check(self, block: Block, findings: Findings) -> None:
        """Compare the ends and the padding of these sequences, which are of one shard, with the lineage."""
        if block.first // self.size != self.shard:
            self.finish(findings)
            self.shard, self.rows = block.first // self.size, 0
        path = self.folder / f"{self.shard:05d}.ds.index"
        expected = (block.sequence + block.first - self.shard * self.size) * self.length + block.end
        found = np.fromfile(path, "<u8", len(expected), offset=self.rows * END_BYTES).astype(np.int64)
        findings.read(CHECK, len(expected))
        short = found[: len(expected)] != expected[: len(found)]
        for i in np.flatnonzero(short).tolist():
            findings.fault(
                CHECK,
                f"{path}: end number {self.rows + i} is {found[i]}, expected {expected[i]}, where the span at "
                f"{block.place(i)} ends",
            )
        if len(found) < len(expected):
            findings.fault(CHECK, f"{path}: {self.rows + len(found)} ends, expected more: {block.place(len(found))}")
        self.rows += len(block)
        self._check_padding(block, findings)

    def _check_padding(self, block: Block, findings: Findings) -> None:
        expected = np.zeros(block.last - block.first, np.int64)
        padded = block.row == NO_DOCUMENT
        expected[block.sequence[padded]] = block.length[padded]
        found = self.padding[block.first : block.last]
        if len(found) < len(expected):
            findings.fault(CHECK, f"{self.folder / PADDING}: {len(self.padding)} sequences, expected more")
            return
        for k in np.flatnonzero(found != expected).tolist():
            findings.fault(
                CHECK,
                f"{self.folder / PADDING}: sequence {block.first + k} has {found[k]} tokens of padding, expected "
                f"{expected[k]}",
            )

    def finish(self, findings: Findings) -> None:
        """Compare the numbers of ends and of lineage rows with what was read of the shard."""
        path = self.folder / f"{self.shard:05d}.ds.index"
        ends = path.stat().st_size / END_BYTES
        if ends > self.rows:
            findings.fault(CHECK, f"{path}: {ends:g} ends, expected {self.rows}")
        lineage = self.folder / "lineage" / f"{self.shard:05d}.parquet"
        rows = pq.read_metadata(lineage).num_rows
        if rows != self.rows:
            findings.fault("lineage", f"{lineage}: {rows} rows, expected {self.rows} of the shard's sequences")
