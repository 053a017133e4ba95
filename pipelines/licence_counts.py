"""How many documents have no licence, or one that cannot be read, so that nobody takes it for a known one."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from contracts.licences import is_expression
from pipelines.frames import read

NAMED: Final = 5
"""Licences that are named, those of most documents first."""

KEPT: Final = 1_000
"""Different licences that are remembered between files: hostile tables have one of their own for every document."""


def licence_counts(files: Iterable[Path]) -> dict[str, Any]:
    """Documents of which no licence is known, those whose licence is no SPDX expression, and what these say.

    Memory: the licences of one file.

    Args:
        files: of the table documents.
    """
    unknown = unread = 0
    named: Counter[str] = Counter()
    for path in files:
        found = (
            read(path, columns=["licence"]).group_by("licence").len().sort("len", "licence", descending=[True, False])
        )
        for licence, count in found.iter_rows():
            if licence is None:
                unknown += count
            elif not is_expression(licence):
                unread += count
                if licence in named or len(named) < KEPT:
                    named[licence] += count
    first = sorted(named, key=lambda licence: (-named[licence], licence))[:NAMED]
    return {"unknown": unknown, "no_spdx": unread, "no_spdx_named": first}
