"""Small runs for tests."""

from pathlib import Path
from typing import Any

from contracts.config import validate
from train.config import TrainConfig

SHAPE = {"layers": 2, "hidden": 32, "heads": 2, "intermediate": 64}


def small(tiny_run: Any, output: Path, **changes: Any) -> TrainConfig:
    """Six steps of 8 sequences of 128 tokens, branches to 4 and 6 steps; about a second."""
    data: dict[str, Any] = {
        "output": str(output),
        "mixture": str(tiny_run.short),
        "points": [4096, 6144],
        "batch_tokens": 1024,
        "model": {"rung": "test", "shape": SHAPE},
        "schedule": {"learning_rate": 0.003, "decay_share": 0.5},
        "checkpoints": {"export": "none"},
    }
    for name, value in changes.items():
        known = data.get(name)
        data[name] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    return validate(TrainConfig, data, "test")
