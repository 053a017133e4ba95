"""How many tokens there are of each component: from a tokenised pool's manifest, or from a table."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import manifest
from contracts.errors import ConfigError, GlotmixError, StageError
from contracts.manifest import MANIFEST, Manifest

STAGE = "tokens"
"""The stage that makes the pool."""
WAYS = (
    "give the output folder of a run, the folder of its tokens, or a JSON or CSV file with component and unique_tokens"
)


@dataclass(frozen=True, slots=True)
class Pool:
    """Tokens by component."""

    unique: dict[str, float]
    """Each program counted once."""
    held: dict[str, float]
    """Each document counted, which natural proportions go by."""
    identity: str = ""
    """Of the manifest; empty for a table."""


def read_pool(path: Path) -> Pool:
    """What a pool holds.

    Args:
        path: output folder of a run, folder of its tokens, a manifest, or a JSON or CSV file.

    Raises:
        ConfigError: there is no such path, or it holds no numbers of tokens.
        StageError: the tokens are not finished.
    """
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise ConfigError(f"--pool {path}: there is no such file or folder; {WAYS}")
    if path.name == MANIFEST:
        return _of_folder(path.parent)
    try:
        if path.suffix == ".json":
            return _of_mapping(json.loads(path.read_text(encoding="utf-8")), path)
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows = {row["component"]: row for row in csv.DictReader(file)}
            return _of_mapping(rows, path)
    except (ValueError, KeyError, TypeError, RecursionError, OSError, csv.Error) as error:
        raise ConfigError(f"--pool {path}: cannot be read ({type(error).__name__}: {error}); {WAYS}") from error
    raise ConfigError(f"--pool {path}: allowed are .json and .csv; {WAYS}")


def _of_folder(folder: Path) -> Pool:
    found = _manifest(folder)
    if found is None:
        forms = sorted(one for one in (folder / STAGE).glob("*") if (one / MANIFEST).is_file())
        if len(forms) > 1:
            listed = ", ".join(str(one) for one in forms)
            raise ConfigError(f"--pool {folder}: its tokens are there in several forms; give one of {listed}")
        if not forms:
            raise StageError(f"--pool {folder}: holds no finished tokens; glotmix run CONFIG makes them, or {WAYS}")
        found = _manifest(forms[0])
        assert found is not None
    if found.stage != STAGE:
        raise ConfigError(f"--pool {folder}: is the result of the stage {found.stage}, not {STAGE}; {WAYS}")
    try:
        train = found.counts["train"]
        unique = {name: float(part["unique_tokens"]) for name, part in train.items()}
        held = {name: float(part["tokens"]) for name, part in train.items()}
    except (KeyError, TypeError) as error:
        raise ConfigError(f"--pool {folder}: its manifest does not tell unique tokens ({error}); {WAYS}") from error
    return Pool(unique, held, found.identity)


def _manifest(folder: Path) -> Manifest | None:
    try:
        return manifest.read(folder)
    except GlotmixError as error:
        raise ConfigError(f"--pool {folder}: {error}") from error


def _of_mapping(data: Any, path: Path) -> Pool:
    """Numbers by component, or rows with `unique_tokens` and perhaps `tokens`."""
    if not isinstance(data, dict) or not data:
        raise ConfigError(f"--pool {path}: expected an object of components; {WAYS}")
    rows = {name: part if isinstance(part, dict) else {"unique_tokens": part} for name, part in data.items()}
    unique = {str(name): float(row["unique_tokens"]) for name, row in rows.items()}
    held = {name: float(rows[name].get("tokens") or number) for name, number in unique.items()}
    for title, numbers in (("unique tokens", unique), ("tokens", held)):
        check_numbers(f"--pool {path}:", title, numbers)
    return Pool(unique, held)


def check_numbers(where: str, title: str, numbers: dict[str, float]) -> None:
    """Refuse numbers of tokens that are none.

    Raises:
        ConfigError: one is negative, infinite or no number.
    """
    wrong = [name for name, number in numbers.items() if not 0 <= number < float("inf")]
    if wrong:
        raise ConfigError(f"{where} {wrong[0]} has {numbers[wrong[0]]} {title}; give a number from 0 on")
