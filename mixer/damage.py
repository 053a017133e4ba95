"""Files that cannot be read, as a message with a cure instead of a library's own error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from contracts.errors import StageError


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn what libraries say of damaged files of a mixture into a StageError.

    Raises:
        StageError: something could not be read; says how to find the damage.
    """
    try:
        yield
    except (ValueError, IndexError, KeyError, FileNotFoundError, pl.exceptions.PolarsError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StageError(
            f"{folder}: cannot be read ({what}). To find the damage: glotmix mix verify {folder}"
        ) from error
