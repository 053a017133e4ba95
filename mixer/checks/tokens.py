"""Checks of the tokens themselves: those of the pool, padding, document ends, no special id where none belongs.

Pure functions, but for reading the pool.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from mixer.checks.block import PADDING, Block, report
from mixer.checks.findings import Findings
from mixer.checks.pool_index import UNKNOWN
from mixer.streams.token_files import TokenFiles

EQUAL, SPECIAL = "tokens", "special ids"

ORDINARY, SENTINEL, FORBIDDEN, BEYOND = 0, 1, 2, 3
"""What an id may be: text, a token for filling in the middle, one that never stands inside a document, none at all."""

TWO_BYTES = 1 << 16
"""Ids that two bytes can hold."""


def kinds_of(tokenizer: str, vocab_size: int, end_id: int, pad_id: int, sentinels: Iterable[int]) -> np.ndarray:
    """What each id may be: uint8, an entry for every id that two bytes can hold, and one beyond the vocabulary.

    Args:
        tokenizer: the tokenizer.json.
        vocab_size: one above the largest id.
        end_id: id that ends a document.
        pad_id: id that fills a sequence.
        sentinels: ids for filling in the middle.
    """
    kinds = np.full(max(vocab_size + 1, TWO_BYTES), BEYOND, np.uint8)
    kinds[:vocab_size] = ORDINARY
    special = [token["id"] for token in json.loads(tokenizer).get("added_tokens") or () if token.get("special")]
    kinds[[*special, end_id, pad_id]] = FORBIDDEN
    kinds[list(sentinels)] = SENTINEL
    return kinds


class SpanReader:
    """Reads spans of token files, best in the order of files. Not mapped: scattered pages would fill the memory.

    Args:
        pool: folder of the tokens stage.
        dtype: type of a token.
    """

    def __init__(self, pool: Path, dtype: np.dtype[Any]) -> None:
        self.files = TokenFiles(pool, dtype)
        self._number, self._handle = -1, -1

    def __enter__(self) -> "SpanReader":
        return self

    def __exit__(self, *error: object) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._number = self._handle = -1

    def read(self, file: int, start: int, count: int) -> np.ndarray:
        """`count` tokens of a file from `start` on.

        Raises:
            OSError: there is no such file.
            ValueError: it is shorter than that.
        """
        if file != self._number:
            self.__exit__()
            self._handle = os.open(self.files.path(file), os.O_RDONLY)
            self._number = file
        width = self.files.dtype.itemsize
        data = os.pread(self._handle, count * width, start * width)
        if len(data) != count * width:
            raise ValueError(f"{self.files.path(file)}: ends before token {start + count}")
        return np.frombuffer(data, self.files.dtype)


def pool_tokens(block: Block, found: np.ndarray, pad_id: int, pool: SpanReader, findings: Findings) -> np.ndarray:
    """What the sequences of a block should hold by lineage and pool, in the shape of `found`.

    Where the pool says nothing (an unknown document) or cannot be read, that is what was found.
    """
    expected = np.full_like(found, pad_id)
    real = np.flatnonzero(block.row >= 0)
    facts = block.facts[real]
    first = facts["start"] + block.token_start[real]
    by_file = np.lexsort((first, facts["file"]))
    span = real[by_file]
    for i, file, position, row, begin, end in zip(
        span.tolist(),
        facts["file"][by_file].tolist(),
        first[by_file].tolist(),
        block.sequence[span].tolist(),
        block.start[span].tolist(),
        block.end[span].tolist(),
        strict=True,
    ):
        try:
            expected[row, begin:end] = pool.read(file, position, end - begin)
        except (ValueError, OSError) as error:
            findings.fault(EQUAL, f"{block.place(i)}: the pool's tokens cannot be read ({error})")
            expected[row, begin:end] = found[row, begin:end]
    for i in np.flatnonzero(block.row == UNKNOWN).tolist():
        place = block.sequence[i], slice(block.start[i], block.end[i])
        expected[place] = found[place]
    return expected


def check_tokens(block: Block, found: np.ndarray, expected: np.ndarray, findings: Findings) -> np.ndarray:
    """The tokens of the mixture are those of the pool, and padding is padding; differences are told span by span.

    Returns:
        bool, in the shape of the tokens: which are the same.
    """
    findings.read(EQUAL, found.size)
    same: np.ndarray = found == expected
    if same.all():
        return same
    places = np.flatnonzero(~same)
    begins = block.sequence * found.shape[1] + block.start
    owners = np.searchsorted(begins, places, side="right") - 1
    spans, first, counts = np.unique(owners, return_index=True, return_counts=True)
    for span, place, count in zip(spans.tolist(), places[first].tolist(), counts.tolist(), strict=True):
        row, token = divmod(place, found.shape[1])
        source = f"document {block.name(span)}" if block.row[span] >= 0 else "padding"
        findings.fault(
            EQUAL,
            f"sequence {block.first + row}, token {token}: {found[row, token]}, expected {expected[row, token]} "
            f"({source}; {count} tokens of the span differ)",
        )
    return same


def check_special(
    block: Block, found: np.ndarray, same: np.ndarray, kinds: np.ndarray, end_id: int, findings: Findings
) -> None:
    """Documents end with the end id, and hold no special id but sentinels where they were rearranged.

    Args:
        block: the spans.
        found: tokens, (sequences, length).
        same: where these are those of the pool: what is not was told already.
        kinds: see `kinds_of`.
        end_id: id that ends a document.
        findings: what has been found.
    """
    findings.read(SPECIAL, found.size)
    tokens, same = found.reshape(-1), same.reshape(-1)
    kind = kinds[tokens if int(tokens.max(initial=0)) < len(kinds) else np.minimum(tokens, len(kinds) - 1)]
    places = np.flatnonzero(kind)
    places = places[same[places]]
    kind = kind[places]
    begins = block.sequence * found.shape[1] + block.start
    final, finishes = begins + block.length - 1, block.finishes
    span = np.searchsorted(begins, places, side="right") - 1
    # whether padding is padding and an end the end id is told elsewhere
    allowed = (block.row[span] == PADDING) | (finishes[span] & (places == final[span]))
    allowed |= (kind == SENTINEL) & (block.row[span] >= 0) & ~block.facts["plain"][span]
    for place, i, what in zip(
        places[~allowed].tolist(), span[~allowed].tolist(), kind[~allowed].tolist(), strict=True
    ):
        row, token = divmod(place, found.shape[1])
        findings.fault(
            SPECIAL,
            f"sequence {block.first + row}, token {token}: {'no id' if what == BEYOND else 'special id'} "
            f"{tokens[place]} inside document {block.name(i)}, expected text",
        )
    last = np.where(finishes, tokens[final], end_id)
    report(
        findings,
        SPECIAL,
        block,
        (last != end_id) & same[final],
        lambda i: f"the last token of document {block.name(i)} is {last[i]}, expected the end id {end_id}",
    )
