"""Estimates of tokens beside counts: makes and checks the figures of pairing/parallel/tokens.py.

    python benchmarks/pairing_tokens.py CORPUS [--measure OTHER] [--tokenizer tokenizer.json ...] [--files 1500]

CORPUS is the folder of a finished corpus in all seven languages: tokenizers of every size of the table are trained on
150 files of each language. Counted are the files of OTHER, a corpus of other sources; without it, files of CORPUS that
no tokenizer was trained on. Tokenizers that are given are measured too. Prints for each vocabulary by how much the
estimate must be raised to be too low for one file in twenty; and, with the factor of the table, the share of files for
which it is too low and the estimate over the count at the 5th, 50th and 95th percentile. At the end, the shares of a
byte and a code token that a fit to the counts of 16,384 entries gives, and their ratio.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from tokenizers import Tokenizer

from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from mixer.tokens.tokenizer_train import train
from pairing.parallel.tokens import BYTE_SHARE, FACTORS, TOKEN_SHARE, counter, estimate, factor
from parsers.tokens import token_counts
from pipelines.frames import scan

TRAINED = 150
"""Files of each language that tokenizers are trained on."""

FITTED = 400
"""Files of each language that the shares are fitted on."""

LONGEST = 60_000
"""Bytes of a file; longer ones are seldom programs."""

LOW = 0.05
"""Share of files for which an estimate may be too low."""

SPECIAL = ("<|end|>", "<|pad|>")


def main() -> None:
    """Train, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--measure", type=Path)
    parser.add_argument("--tokenizer", type=Path, nargs="*", default=[])
    parser.add_argument("--files", type=int, default=1500, help="files to count, as many of each language")
    options = parser.parse_args()
    each = options.files // len(LANGUAGE_NAMES)
    learnt = files(options.corpus, 0, TRAINED)
    counted = files(options.measure, 0, each) if options.measure else files(options.corpus, TRAINED, each)
    print(f"{len(learnt):,} files to learn from, {len(counted):,} counted")
    print("entries  needed factor  too low    5 %   50 %   95 %")
    made = {}
    for size in FACTORS:
        made[size] = Tokenizer.from_str(train([learnt], size, SPECIAL))
        show(size, counter_of(made[size]), counted)
    for path in options.tokenizer:
        show(Tokenizer.from_file(str(path)).get_vocab_size(), counter(path, 0), counted)
    fit(files(options.corpus, TRAINED, FITTED), counter_of(made[16_384]))


def files(corpus: Path, first: int, count: int) -> list[str]:
    """Texts of a corpus: of each language `count` files from number `first` on, in the order of their ids (hashes)."""
    rows = scan(files_of(corpus / "documents")).filter(pl.col("bytes") < LONGEST)
    found = []
    for language in LANGUAGE_NAMES:
        chosen = rows.filter(pl.col("language") == language).sort("id").slice(first, count)
        found += chosen.select("content").collect()["content"].to_list()
    return found


def counter_of(tokenizer: Tokenizer) -> Callable[[str], int]:
    """Counts the tokens of a text."""
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def show(size: int, count: Callable[[str], int], texts: list[str]) -> None:
    """One line about a vocabulary."""
    counts = np.array([count(text) for text in texts])
    plain = np.array([estimate(text, 1.0) for text in texts])
    ratio = np.array([estimate(text, factor(size)) for text in texts]) / counts
    needed = np.quantile(counts / plain, 1 - LOW)
    low, middle, high = np.quantile(ratio, (0.05, 0.5, 0.95))
    print(f"{size:7,}  {needed:13.2f}  {np.mean(ratio < 1):7.1%}  {low:5.2f}  {middle:5.2f}  {high:5.2f}")


def fit(texts: list[str], count: Callable[[str], int]) -> None:
    """The shares that give the counts with the least relative error."""
    raw = [text.encode() for text in texts]
    facts = np.array([[len(text) for text in raw], token_counts(raw)], float).T
    counts = np.array([count(text) for text in texts], float)
    (byte, token), *_ = np.linalg.lstsq(facts / counts[:, None], np.ones(len(counts)), rcond=None)
    print(f"fit: {byte:.3f} a byte, {token:.3f} a code token, ratio {token / byte:.2f}", end="")
    print(f" (the table has {TOKEN_SHARE / BYTE_SHARE:.2f})")


if __name__ == "__main__":
    main()
