"""litdata's chunks for its TokensLoader, through its own cache writer."""

from pathlib import Path

import numpy as np
from litdata.streaming import Cache, TokensLoader

from mixer.exports.source import Source

CHUNK_BYTES = 64_000_000
"""A chunk at most (about): the size in litdata's own examples."""


def write(source: Source, folder: Path) -> None:
    """Chunks of whole sequences, and index.json, in which litdata writes the time. Memory: about three chunks.

    Args:
        source: the mixture.
        folder: where they go.
    """
    length, width = source.mixture.sequence_length, source.mixture.dtype.itemsize
    # in whole sequences: the reader drops what is left at the end of a chunk
    chunk = max(1, CHUNK_BYTES // (length * width)) * length
    cache = Cache(str(folder), chunk_size=chunk, item_loader=TokensLoader(block_size=length))
    for number, tokens in enumerate(source.tokens()):
        cache[number] = np.asarray(tokens)
    cache.done()
    cache.merge(1)
