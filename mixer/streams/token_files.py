"""The pool's token files, mapped into memory: numpy only."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

MAX_MAPPED = 256
"""Files kept mapped at once: a quarter of the usual limit of 1024 open files in a process."""


class TokenFiles:
    """The token files of a pool, some of them mapped at a time (a map holds a file descriptor).

    Args:
        pool: folder of the tokens stage.
        dtype: type of a token.
        before: called before a further file is opened.
    """

    def __init__(
        self, pool: Path, dtype: np.dtype[np.unsignedinteger], before: Callable[[], None] = lambda: None
    ) -> None:
        self.pool, self.dtype, self.before = pool, dtype, before
        self._mapped: dict[int, np.ndarray] = {}

    def read(self, file: int, start: int, count: int) -> np.ndarray:
        """`count` tokens of a file from `start` on.

        Raises:
            ValueError: the file is shorter than that.
        """
        tokens = self._mapped.get(file)
        if tokens is None:
            path = self.path(file)
            self.before()
            if len(self._mapped) >= MAX_MAPPED:
                self._mapped.pop(next(iter(self._mapped)))
            # an empty file cannot be mapped, and holds nothing to read
            tokens = self._mapped[file] = np.asarray(np.memmap(path, dtype=self.dtype, mode="r"))
        found = tokens[start : start + count]
        if len(found) != count:
            raise ValueError(
                f"{self.path(file)}: ends before token {start + count}; make it again: glotmix run CONFIG"
            )
        return found

    def path(self, file: int) -> Path:
        """The file of this number."""
        return self.pool / "tokens" / f"{file:05d}.bin"
