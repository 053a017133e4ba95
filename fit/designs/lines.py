"""Proposed runs as the JSON lines that `glotmix sweep` takes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from contracts.errors import ConfigError
from contracts.files import atomic_path
from fit.designs.candidates import Candidate

CARRIED = ("shape", "strategy", "components")
"""What a line of an earlier list says of a size or a run, and new runs of the same kind need too."""


def line_of(
    run: Candidate, components: Sequence[str], number: int, seed: int = 0, more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One run as a line.

    Args:
        run: what to do.
        components: names of its shares; none: the mixture is what the corpus says.
        number: of the line, for the label.
        seed: of the initial weights.
        more: further keys, such as the shape of a size that is not on the ladder.
    """
    found: dict[str, Any] = {"rung": run.rung, "tokens": list(run.tokens)}
    if components:
        found["proportions"] = {name: share for name, share in zip(components, run.shares, strict=True) if share > 0}
    found["seed"] = seed
    found["mixture"] = f"design-{number:02d}-{run.label}" if run.label else f"design-{number:02d}"
    return {**found, **(more or {})}


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write the list, whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def read_shapes(path: Path) -> dict[str, dict[str, Any]]:
    """Shapes of sizes that are not on the ladder, out of an earlier list: rung to shape.

    Raises:
        ConfigError: it cannot be read, or is no list of runs.
    """
    found = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line) if line.strip() else {}
            if row.get("shape"):
                found[row["rung"]] = row["shape"]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ConfigError(f"--shapes {path}: not a list of runs ({error}); give a sweep's list.jsonl") from error
    return found
