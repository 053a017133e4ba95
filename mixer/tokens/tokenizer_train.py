"""Trains the default tokenizer: byte-level BPE, deterministic."""

import os
from collections.abc import Iterable, Sequence

QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""The split rule published with Qwen2's tokenizer: digits one by one, runs of white space kept together, and known to
every fast encoder."""


def train(texts: Iterable[Sequence[str]], vocab_size: int, special: Sequence[str]) -> str:
    """Train a byte-level BPE; the same texts in the same order give the same file.

    Args:
        texts: batches of texts.
        vocab_size: entries of the vocabulary, special tokens included.
        special: special tokens, which get the first ids.

    Returns:
        the tokenizer.json.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return str(tokenizer.to_str(pretty=True))
