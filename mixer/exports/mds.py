"""MDS shards for mosaicml-streaming, through its own writer."""

from pathlib import Path

from streaming import MDSWriter

from mixer.exports.source import Source

COLUMN = "tokens"
"""The column that LLM-Foundry's text dataset looks for."""

SHARD_BYTES = 1 << 26
"""A shard at most: the library's default."""

HASH = "xxh128"
"""Stored for each shard; readers compare it when told to (validate_hash)."""


def write(source: Source, folder: Path) -> None:
    """Shards and index.json. Memory: about three shards.

    Args:
        source: the mixture.
        folder: where they go.
    """
    mixture = source.mixture
    encoding = f"ndarray:{mixture.dtype.name}:{mixture.sequence_length}"
    with MDSWriter(out=str(folder), columns={COLUMN: encoding}, hashes=[HASH], size_limit=SHARD_BYTES) as writer:
        for tokens in source.tokens():
            writer.write({COLUMN: tokens})
