"""Checks of each component as a stream: every document whole and in order, once an epoch. Pure but for a mapped array.

A document goes on where its last span ended, an epoch holds every document before the next one begins, and a
translation pair is never cut. What the spans hold is counted on the way.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from contracts.languages import is_parallel
from mixer.checks.block import PADDING, Block, report
from mixer.checks.findings import Findings

CHECK = "documents"

NEVER = -1
"""Epoch in which a document was seen last that was not seen."""


@dataclass(slots=True)
class Held:
    """What the sequences of a component hold, as far as they were read.

    Attributes:
        sequences: sequences.
        tokens: tokens, padding left out.
        padding: tokens of padding.
        documents: different documents.
        bytes: text of the documents that were read to their ends, repeats counted again.
        begun: documents begun in each epoch.
        strange: documents that the pool does not hold; their bytes are not known.
    """

    sequences: int = 0
    tokens: int = 0
    padding: int = 0
    documents: int = 0
    bytes: int = 0
    begun: Counter[int] = field(default_factory=Counter)
    strange: int = 0


@dataclass(slots=True)
class _Last:
    """The last span of a component: document, token after it, epoch, and whether more of the document must follow."""

    row: int = PADDING
    token: int = 0
    epoch: int = 0
    open: bool = False
    cut_bytes: int = 0


class Streams:
    """Reads the components of a mixture in order.

    Args:
        parts: what the manifest says about each component, in the order of their numbers.
        length: tokens in a sequence.
        seen: the epoch in which each document of the index was seen last, NEVER at first; written to.
    """

    def __init__(self, parts: Mapping[str, Mapping[str, Any]], length: int, seen: np.ndarray) -> None:
        self.names, self.parts, self.length, self.seen = list(parts), list(parts.values()), length, seen
        self.held = {name: Held() for name in parts}
        self._last = [_Last() for _ in parts]

    def read(self, block: Block, findings: Findings) -> None:
        """Check the next sequences."""
        for number, name in enumerate(self.names):
            part = block.only(block.component == number)
            if len(part):
                self._ordinals(part, number, findings)
                real = part.row != PADDING
                self.held[name].padding += int(part.length[~real].sum())
                self._documents(part.only(real), number, findings)

    def finish(self, findings: Findings) -> None:
        """Check what shows at the end: every epoch but the last held all documents."""
        for name, part, held, last in zip(self.names, self.parts, self.held.values(), self._last, strict=True):
            findings.read(CHECK, held.documents)
            held.bytes += last.cut_bytes if last.open else 0
            for epoch in range(max(held.begun, default=0)):
                if held.begun[epoch] != part["pool_documents"]:
                    findings.fault(
                        CHECK,
                        f"{name}: epoch {epoch} holds {held.begun[epoch]:,} documents, expected all "
                        f"{part['pool_documents']:,} before the next epoch",
                    )

    def _ordinals(self, block: Block, number: int, findings: Findings) -> None:
        """The sequences of a component are numbered without gaps; the epoch follows from the number."""
        held, part = self.held[self.names[number]], self.parts[number]
        ordinal = np.cumsum(np.r_[False, block.sequence[1:] != block.sequence[:-1]]) + held.sequences
        held.sequences = int(ordinal[-1]) + 1
        wrong = block.ordinal != ordinal
        report(findings, "lineage", block, wrong, lambda i: f"ordinal {block.ordinal[i]}, expected {ordinal[i]}")
        if part["pool_sequences"] is None:
            epoch = (ordinal * self.length + block.start) // max(part["pool_tokens"], 1)
        else:
            epoch = ordinal // max(part["pool_sequences"], 1)
        wrong = (block.epoch != epoch) & (block.row != PADDING)
        report(findings, "lineage", block, wrong, lambda i: f"epoch {block.epoch[i]}, expected {epoch[i]}")

    def _documents(self, block: Block, number: int, findings: Findings) -> None:
        if not len(block):
            return
        held, known, unfinished = self.held[self.names[number]], block.row >= 0, ~block.finishes
        if is_parallel(self.names[number]):
            _check_whole(block, known & ((block.token_start != 0) | unfinished), findings)
        else:
            _check_contiguous(block, self._last[number], unfinished, findings)
        begins = block.token_start == 0
        epochs, counts = np.unique(block.epoch[begins], return_counts=True)
        held.begun.update(dict(zip(epochs.tolist(), counts.tolist(), strict=True)))
        held.tokens += int(block.length.sum())
        held.bytes += int(block.facts["bytes"][known & ~unfinished].sum())
        held.strange += int(np.count_nonzero(~known))
        held.documents += self._check_once(block.only(begins & known), held.strange > 0, findings)
        self._last[number] = _last_of(block, bool(unfinished[-1]))

    def _check_once(self, block: Block, strange: bool, findings: Findings) -> int:
        """No document twice in an epoch, nor left out of the epoch before; gives how many are new.

        Where documents stand that nobody knows, one that was left out may be what stood there.
        """
        block = block.only(np.argsort(block.row, kind="stable"))
        row, epoch = block.row, block.epoch
        edges = np.flatnonzero(row[1:] != row[:-1]) + 1
        first, final = np.r_[0, edges][: len(row)], np.r_[edges, len(row)][: len(row)] - 1
        before = np.r_[NEVER, epoch[:-1]][: len(row)]
        before[first] = self.seen[row[first]]
        report(
            findings,
            CHECK,
            block,
            (epoch <= before) | ((epoch > before + 1) & (not strange)),
            lambda i: (
                f"document {block.name(i)} begins in epoch {epoch[i]}, "
                + ("where it stood before" if before[i] >= epoch[i] else f"expected epoch {before[i] + 1} first")
            ),
        )
        self.seen[row[final]] = epoch[final]
        return int(np.count_nonzero(before[first] == NEVER))


def _last_of(block: Block, unfinished: bool) -> _Last:
    """The last span of a block; the bytes of a document that is cut are in proportion to its tokens."""
    facts, after = block.facts[-1], int(block.token_start[-1] + block.length[-1])
    share = int(facts["bytes"]) * after / int(facts["tokens"]) if facts["tokens"] else 0.0
    return _Last(int(block.row[-1]), after, int(block.epoch[-1]), unfinished, round(share))


def _check_whole(block: Block, cut: np.ndarray, findings: Findings) -> None:
    report(
        findings,
        CHECK,
        block,
        cut,
        lambda i: (
            f"translation pair {block.name(i)} is cut: tokens {block.token_start[i]} to "
            f"{block.token_start[i] + block.length[i]}, expected all {block.facts['tokens'][i]}"
        ),
    )


def _check_contiguous(block: Block, last: _Last, unfinished: np.ndarray, findings: Findings) -> None:
    """A document that has not ended goes on; else the next one begins with its first token."""
    row, first = block.row, block.token_start
    after = first + block.length
    before_row, before_after = np.r_[last.row, row[:-1]], np.r_[last.token, after[:-1]]
    before_epoch, goes_on = np.r_[last.epoch, block.epoch[:-1]], np.r_[last.open, unfinished[:-1]]
    same = (row == before_row) & (first == before_after) & (block.epoch == before_epoch)
    judged = (row >= 0) & ((before_row >= 0) | ~goes_on)
    report(
        findings,
        CHECK,
        block,
        judged & np.where(goes_on, ~same, first != 0),
        lambda i: (
            f"token {first[i]} of document {block.name(i)}, expected "
            + (f"token {before_after[i]} of the document before" if goes_on[i] else "its first token")
        ),
    )
