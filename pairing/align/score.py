"""Columns and scores of the cells of many pairs. Pure functions."""

from collections.abc import Sequence

import numpy as np

from pairing.align.background import Background
from pairing.align.cells import Cells, rivals
from pairing.align.document import Described
from pairing.align.model import Model
from pairing.align.profile import profile
from pairing.align.propagate import propagated
from pairing.align.similarity import similarities

Pair = tuple[Described, Described]

COMPARED = (
    "words.cosine", "names.cosine", "calls.cosine", "numbers.cosine", "strings.cosine", "string_words.cosine",
    "comments.cosine", "flow.cosine", "signs.cosine", "head.cosine", "phrases.cosine", "letters.cosine",
    "phrases.shared", "words.shared", "words.jaccard", "names.jaccard", "members.cosine", "apart.tokens",
    "flow.jaccard",
)  # fmt: skip
"""Columns in which a cell is also compared with its best rivals."""

MIXED = {
    "words.cosine": 1.0, "names.cosine": 1.0, "phrases.cosine": 1.0, "letters.cosine": 1.0, "calls.cosine": 0.5,
    "numbers.cosine": 0.5, "strings.cosine": 0.5, "flow.cosine": 0.5, "comments.cosine": 0.5, "head.cosine": 0.5,
}  # fmt: skip
"""A rough similarity, for comparison with rivals only: names whole, what is rarer there half."""


def columns_of(pairs: Sequence[Pair], cells: Cells, background: Background) -> dict[str, np.ndarray]:
    """Every column that needs no estimate, float64 (cells,)."""
    columns = {**similarities(pairs, cells, background), **profile(pairs, cells)}
    mixed = np.sum([weight * columns[name] for name, weight in MIXED.items()], axis=0)
    against = {name: -columns[name] if name.startswith("apart.") else columns[name] for name in COMPARED}
    for name, values in {**against, "mixed": mixed}.items():
        columns[f"{name}.smaller"], columns[f"{name}.larger"] = rivals(values, cells)
    return columns


def logits_of(pairs: Sequence[Pair], cells: Cells, model: Model) -> np.ndarray:
    """Log odds that the functions of a cell correspond, float64 (cells,)."""
    columns = columns_of(pairs, cells, model.background)
    first = model.first.logits(columns)
    return model.second.logits({**columns, **propagated(first, pairs, cells)})
