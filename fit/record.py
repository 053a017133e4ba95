"""fit.json: what `glotmix fit` writes, and the commands after it read."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracts.errors import ConfigError
from contracts.files import write_json
from contracts.manifest import VERSION
from fit.estimate.fitted import FORMAT, Fit, restore
from fit.estimate.stored import StoredHead, check

if TYPE_CHECKING:
    from fit.select.average import Average
    from fit.uncertainty.bootstrap import Bootstrap

AVERAGE = "glotmix average 1"
"""Format of an average of fits."""
MAX_BYTES = 1 << 30
"""Of a file at most: a thousand draws of a large law for many targets have a tenth of that."""


def save(path: Path, fitted: "Fit | Average", more: dict[str, Any] | None = None) -> None:
    """Write a fit, or an average of fits.

    Args:
        path: the file.
        fitted: what to write.
        more: further entries, such as how the table was read.
    """
    write_json(path, fitted.record() | {"glotmix": VERSION} | (more or {}))


def read_record(path: Path) -> dict[str, Any]:
    """The entries of the file.

    Raises:
        ConfigError: there is no such file, or it is not JSON.
    """
    made = "Make one with: glotmix fit RUNS --law chinchilla --out fit.json"
    if not path.is_file():
        raise ConfigError(f"{path}: there is no such file. {made}")
    if path.stat().st_size > MAX_BYTES:
        raise ConfigError(f"{path}: {path.stat().st_size:,} bytes, which no fit has. {made}")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not a fit ({error}). {made}") from error
    if not isinstance(record, dict):
        raise ConfigError(f"{path}: not a fit but a JSON {type(record).__name__}. {made}")
    return record


def load(path: Path) -> "Fit | Average":
    """A fit, or an average of fits.

    Raises:
        ConfigError: there is none.
    """
    return from_record(read_record(path), str(path))


def from_record(record: dict[str, Any], where: str) -> "Fit | Average":
    """The same out of the entries of the file.

    Raises:
        ConfigError: they are not those of a fit; names the key.
    """
    if record.get("format") in (FORMAT, AVERAGE):
        check(StoredHead, record, where)
    if record.get("format") == AVERAGE:
        from fit.select import average

        return average.restore(record, where)
    return restore(record, where)


def load_bootstrap(path: Path) -> "Bootstrap | None":
    """The bootstrap of a fit; None where the fit has none.

    Raises:
        ConfigError: there is no fit.
    """
    record = read_record(path)
    fitted = from_record(record, str(path))
    if "bootstrap" not in record or not isinstance(fitted, Fit):
        return None
    from fit.uncertainty import bootstrap

    return bootstrap.restore(record["bootstrap"], fitted, str(path))
