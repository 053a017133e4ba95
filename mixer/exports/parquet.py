"""Parquet, through pyarrow: a row a sequence, a file a shard."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.tables import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP_BYTES
from mixer.exports.source import Sequence, Source

OPTIONS: dict[str, Any] = {
    "compression": COMPRESSION,
    "compression_level": COMPRESSION_LEVEL,
    "use_dictionary": ["component"],  # tokens are smaller, and written faster, as they are
}


def schema(length: int, dtype: np.dtype[np.unsignedinteger]) -> pa.Schema:
    """The columns of the files, for sequences of `length` tokens."""
    return pa.schema(
        [
            pa.field("input_ids", pa.list_(pa.from_numpy_dtype(dtype), length), nullable=False),
            pa.field("ends", pa.list_(pa.int32()), nullable=False),
            pa.field("padding", pa.int32(), nullable=False),
            pa.field("component", pa.string(), nullable=False),
        ]
    )


def write(source: Source, folder: Path) -> None:
    """One file a shard. Memory: a row group, 16 MB of tokens.

    Args:
        source: the mixture.
        folder: where they go.
    """
    mixture = source.mixture
    columns = schema(mixture.sequence_length, mixture.dtype)
    fitting = max(1, ROW_GROUP_BYTES // (mixture.sequence_length * mixture.dtype.itemsize))
    sequences = source.sequences()
    for shard, first in enumerate(range(0, len(mixture), mixture.sequences_per_shard)):
        rows = min(mixture.sequences_per_shard, len(mixture) - first)
        path = folder / f"{shard:05d}.parquet"
        with pq.ParquetWriter(path, columns, **OPTIONS) as writer:
            for batch in _batches(sequences, rows, fitting, columns):
                writer.write_batch(batch, row_group_size=fitting)


def _batches(sequences: Iterator[Sequence], rows: int, size: int, columns: pa.Schema) -> Iterator[pa.RecordBatch]:
    for done in range(0, rows, size):
        part = list(islice(sequences, min(size, rows - done)))
        tokens = pa.array(np.concatenate([sequence.tokens for sequence in part]))
        bounds = np.cumsum([0, *(len(sequence.ends) for sequence in part)], dtype=np.int32)
        ends = np.concatenate([sequence.ends for sequence in part]).astype(np.int32)
        arrays = [
            pa.FixedSizeListArray.from_arrays(tokens, columns.field("input_ids").type.list_size),
            pa.ListArray.from_arrays(bounds, ends),
            pa.array([sequence.padding for sequence in part], pa.int32()),
            pa.array([sequence.component for sequence in part], pa.string()),
        ]
        yield pa.record_batch([array.cast(field.type) for array, field in zip(arrays, columns, strict=True)], columns)
