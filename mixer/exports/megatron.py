"""Megatron's .bin and .idx, through datatrove's writer: a sequence of the mixture is a document of one sequence."""

from array import array
from pathlib import Path

from datatrove.pipeline.tokens.megatron_tokenizer import MegatronTokenizedFile

from mixer.exports.source import Source

NAME = "tokens"
"""The prefix that trainers are given: NAME.bin and NAME.idx."""

SMALL_VOCABULARY = 65_500
"""Below it tokens are uint16, else int32: the rule of megatron-core, whose tools refuse to join files of two types."""


def write(source: Source, folder: Path) -> None:
    """One pair of files. Memory: a sequence, and about 64 bytes a sequence for the index.

    Args:
        source: the mixture.
        folder: where they go.
    """
    size = 2 if source.mixture.vocab_size < SMALL_VOCABULARY else 4
    file = MegatronTokenizedFile(str(folder), NAME, token_size=size)
    # arrays in place of the writer's lists, which take 36 bytes for every number
    file.sequence_lengths, file.document_indices = array("q"), array("q", [0])
    for tokens in source.tokens():
        file.write(tokens)
    file.close()
