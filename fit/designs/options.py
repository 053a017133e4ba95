"""What `glotmix fit design` is told on its command line, and the sizes that a runs table names."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from contracts.errors import ConfigError
from fit.amounts import amount
from fit.points import Points


def parse_sizes(text: str | None) -> dict[str, float]:
    """0.1M=101808,0.2M=213568 as names to parameters.

    Raises:
        ConfigError: it is written otherwise.
    """
    found = _pairs(text, "--sizes", "0.1M=101808,0.2M=213568, the names of `glotmix models`")
    if any(value < 1 for value in found.values()):
        raise ConfigError(f"--sizes {text}: a size has at least one parameter")
    return found


def parse_weights(text: str | None) -> dict[str, float]:
    """python=2,go=1 as targets to weights.

    Raises:
        ConfigError: it is written otherwise.
    """
    return _pairs(text, "--goal", "python=2,go=1")


def parse_tokens(text: str | None) -> tuple[int, ...]:
    """1e6,4e6 as ascending numbers.

    Raises:
        ConfigError: it is written otherwise.
    """
    if text is None:
        return ()
    wrong = ConfigError(f"--tokens {text}: give numbers of tokens, ascending, such as 1M,4M")
    try:
        found = tuple(int(amount("--tokens", part.strip()) or 0) for part in text.split(","))
    except (ConfigError, ValueError, OverflowError) as error:
        raise wrong from error
    if min(found) < 1 or any(b <= a for a, b in pairwise(found)):
        raise wrong
    return found


def _pairs(text: str | None, option: str, example: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in (text or "").split(",") if text else []:
        name, _, number = part.strip().rpartition("=")
        try:
            value = amount(option, number) or 0.0
        except ConfigError:
            value = float("nan")
        if not name or not np.isfinite(value) or name in found:
            raise ConfigError(f"{option} {text}: {part!r} is not understood; give {example}")
        found[name] = value
    return found


def rungs_of(path: Path, points: Points) -> dict[str, float]:
    """Names of the sizes in a table of ours, to parameters.

    Raises:
        ConfigError: the table names no sizes.
    """
    from fit.table.files import open_table

    table = open_table(path)
    if not {"rung", "n_parameters"} <= set(table.names):
        sizes = ",".join(f"NAME={value:.0f}" for value in np.unique(points.inputs.n)[:3])
        raise ConfigError(f"--sizes: the table has no column rung; name the sizes that can be trained, as {sizes}")
    columns = table.read(["n_parameters"], ["rung"])
    pairs = zip(columns.texts["rung"], columns.numbers["n_parameters"], strict=True)
    found = {str(rung): float(n) for rung, n in pairs if rung is not None and np.isfinite(n)}
    return dict(sorted(found.items(), key=lambda item: item[1]))
