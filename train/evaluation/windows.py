"""A held-out document cut into the windows in which it is scored. Pure.

A window is what the model sees at once. Windows do not depend on each other, on the batch or on what else stands in a
row, and every token that has one before it is scored in exactly one window.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mixer.dataset import IGNORE


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens that are read, and those that are scored.

    Attributes:
        inputs: int64 (n,), what the model reads.
        labels: int64 (n,), the token after each input; IGNORE where it is not scored here.
        owner: number of the component that the nats belong to.
    """

    inputs: np.ndarray
    labels: np.ndarray
    owner: int


def document_windows(tokens: np.ndarray, length: int, owner: int = 0) -> Iterator[Window]:
    """Windows that follow each other without overlap; all tokens but the document's first one are scored.

    Args:
        tokens: the document, its end token included.
        length: inputs of a window at most.
        owner: for the windows.
    """
    tokens = tokens.astype(np.int64)
    for start in range(0, len(tokens) - 1, length):
        stop = min(start + length, len(tokens) - 1)
        yield Window(tokens[start:stop], tokens[start + 1 : stop + 1], owner)


def target_windows(tokens: np.ndarray, start: int, end: int, length: int, owner: int = 0) -> Iterator[Window]:
    """Windows in which the target program of a translation is scored, given the text before it.

    One window from the text's first token on, where the target ends inside it. Further ones each score half a window
    of the target and hold as many tokens before it as fit, so at least half a window of context.

    Args:
        tokens: the whole text.
        start: first token of the target program.
        end: token after it.
        length: inputs of a window at most.
        owner: for the windows.
    """
    tokens = tokens.astype(np.int64)
    first, last, step = max(start - 1, 0), end - 1, max(1, length // 2)
    stop = min(last, max(length, first + step))
    while first < last:
        begin = max(0, stop - length)
        labels = tokens[begin + 1 : stop + 1].copy()
        labels[: first - begin] = IGNORE
        yield Window(tokens[begin:stop], labels, owner)
        first, stop = stop, min(last, stop + step)


def holds_source(end: int, source_start: int, length: int) -> bool:
    """Whether every token of a target is scored with the whole source program in view.

    Args:
        end: token after the target program.
        source_start: first token of the source program.
        length: inputs of a window at most.
    """
    return end - 1 - length <= max(source_start, 0)
