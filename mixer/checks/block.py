"""The lineage of some sequences as arrays, with what the pool says of each document, and how faults in it are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from contracts.languages import is_parallel
from mixer.checks.findings import Findings
from mixer.checks.pool_index import PoolIndex

DOCUMENT: Any = np.dtype(
    [
        ("file", "<i4"),
        ("start", "<i8"),
        ("tokens", "<i4"),
        ("bytes", "<i8"),
        ("component", "<i2"),
        ("plain", "?"),
        ("held", "?"),
    ]
)
"""Facts of a document of the pool: where its tokens lie, its size, the number of its own component, whether it was
left as it is (not rearranged to fill in the middle), and whether it is held out."""

PADDING = -2
"""Row of padding, which is no document."""


@dataclass(frozen=True, slots=True)
class Block:
    """The lineage of some sequences as arrays with one entry a span.

    Attributes:
        first: first sequence.
        last: sequence after the last one.
        sequence: number of the sequence, from `first`.
        component: number of the component; -1 for one that the mixture does not have.
        ordinal: number of the sequence inside its component.
        epoch: how often the document was seen before.
        start: first token of the span in its sequence.
        end: token after it.
        token_start: first token of the span in its document.
        ends: the span holds the document's last token.
        row: the document in the index; PADDING, or UNKNOWN of `mixer.checks.pool_index`.
        facts: of the document; zeros without one.
        ids: of the document, bytes.
    """

    first: int
    last: int
    sequence: np.ndarray
    component: np.ndarray
    ordinal: np.ndarray
    epoch: np.ndarray
    start: np.ndarray
    end: np.ndarray
    token_start: np.ndarray
    ends: np.ndarray
    row: np.ndarray
    facts: np.ndarray
    ids: np.ndarray

    def __len__(self) -> int:
        return len(self.sequence)

    @property
    def length(self) -> np.ndarray:
        """Tokens of each span."""
        tokens: np.ndarray = self.end - self.start
        return tokens

    @property
    def finishes(self) -> np.ndarray:
        """Whether each span holds its document's last token: by the pool, for a strange document by the lineage."""
        last = self.token_start + self.length == self.facts["tokens"]
        return np.where(self.row >= 0, last, self.ends)

    def only(self, chosen: np.ndarray) -> "Block":
        """The chosen spans, given as a mask or by their numbers."""
        return replace(self, **{name: getattr(self, name)[chosen] for name in Block.__slots__[2:]})

    def place(self, span: int) -> str:
        """Where a span stands, in words."""
        return f"sequence {self.first + int(self.sequence[span])}, token {int(self.start[span])}"

    def name(self, span: int) -> str:
        """The id of a span's document."""
        return str(self.ids[span].decode())


@dataclass(frozen=True, slots=True)
class Names:
    """Numbers of components.

    Attributes:
        mixture: components of the mixture, by number.
        pool: components of the pool, by number.
        fits: bool (mixture, pool): a document of the one may stand in a sequence of the other.
    """

    mixture: tuple[str, ...]
    pool: tuple[str, ...]
    fits: np.ndarray

    @property
    def parallel(self) -> np.ndarray:
        """Whether each component of the mixture holds translation pairs: bool."""
        return np.array([is_parallel(name) for name in self.mixture], bool)


def block_of(lineage: pl.DataFrame, first: int, last: int, numbers: Mapping[str, int], index: PoolIndex) -> Block:
    """Lineage rows as arrays, with the facts of their documents.

    Args:
        lineage: rows of the table, by sequence and place.
        first: first sequence.
        last: sequence after the last one.
        numbers: of the mixture's components.
        index: facts of the pool's documents.
    """
    ids = np.array(lineage["document_id"].to_list(), np.bytes_)
    padding = ids == b""
    row = np.where(padding, PADDING, index.rows(ids))
    facts = np.zeros(len(ids), DOCUMENT)
    facts[row >= 0] = index.facts[row[row >= 0]]
    component = lineage["component"].replace_strict(numbers, default=-1, return_dtype=pl.Int64)
    wide = {name: lineage[name].cast(pl.Int64).to_numpy() for name in ("ordinal", "epoch", "start", "end")}
    return Block(
        first=first,
        last=last,
        sequence=lineage["sequence"].to_numpy() - first,
        component=component.to_numpy(),
        token_start=lineage["token_start"].cast(pl.Int64).to_numpy(),
        ends=lineage["ends_document"].to_numpy(),
        row=row,
        facts=facts,
        ids=ids,
        **wide,
    )


def report(
    findings: Findings, check: str, block: Block, wrong: np.ndarray, words: Callable[[int], str] | str
) -> np.ndarray:
    """Note the spans that a mask marks as faults, and give the mask back.

    Args:
        findings: what has been found.
        check: the check.
        block: the spans.
        wrong: bool, one entry a span.
        words: what is wrong with a span, after its place.
    """
    spans = np.flatnonzero(wrong)
    named = spans[: max(findings.room(check), 0)].tolist()
    for span in named:
        findings.fault(check, f"{block.place(span)}: {words if isinstance(words, str) else words(span)}")
    findings.more(check, len(spans) - len(named))
    return wrong
