"""DeepSpeed against plain torch: the same run through both engines of the trainer, in turns, in one process.

    python benchmarks/training.py MIXTURE [--rung 0.2M] [--batch-tokens 8192] [--steps 20] [--rounds 3]

Prints tokens a second of each, their ratio, and the largest difference of a loss. MIXTURE is a finished mixture, for
example demo-out/mix/default after `make demo`.
"""

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path

from contracts.config import validate
from train.config import TrainConfig
from train.trainer import train

WARMUP = 2
"""Steps left out of the timing: first calls allocate."""


def run(folder: Path, backend: str, options: argparse.Namespace) -> tuple[float, list[float]]:
    """Tokens a second after the first steps, and all losses."""
    data = {
        "output": str(folder),
        "mixture": str(options.mixture.resolve()),
        "points": [options.steps * options.batch_tokens],
        "batch_tokens": options.batch_tokens,
        "mask_documents": options.mask_documents,
        "model": {"rung": options.rung},
        "schedule": {"kind": "cosine"},
        "engine": {"backend": backend, "precision": "fp32"},
        "checkpoints": {"export": "none", "every": 10**9},
        "launch": {"device": "cpu"},
    }
    train(validate(TrainConfig, data, "benchmark"), Path("/"))
    rows = [json.loads(line) for line in (folder / "steps.jsonl").read_text().splitlines()]
    seconds = rows[-1]["seconds"] - rows[WARMUP - 1]["seconds"]
    return (len(rows) - WARMUP) * options.batch_tokens / seconds, [row["loss"] for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mixture", type=Path)
    parser.add_argument("--rung", default="0.2M")
    parser.add_argument("--batch-tokens", type=int, default=8192)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mask-documents", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    found: dict[str, list[float]] = {"torch": [], "deepspeed": []}
    losses: dict[str, list[float]] = {}
    work = Path(tempfile.mkdtemp())
    for number in range(options.rounds):
        for backend, speeds in found.items():
            speed, losses[backend] = run(work / f"{backend}-{number}", backend, options)
            speeds.append(speed)
            print(f"round {number + 1}  {backend:10s} {speed:10,.0f} tokens/s", flush=True)
    shutil.rmtree(work)
    middle = {backend: statistics.median(speeds) for backend, speeds in found.items()}
    worst = max(abs(a - b) for a, b in zip(losses["torch"], losses["deepspeed"], strict=True))
    ratio = middle["deepspeed"] / middle["torch"]
    print(f"{options.rung}, {options.steps} steps of {options.batch_tokens} tokens, one thread of a CPU, fp32")
    print(f"median tokens/s: torch {middle['torch']:,.0f}, deepspeed {middle['deepspeed']:,.0f}: ratio {ratio:.3f}")
    print(f"largest difference of a loss: {worst:.1e}")


if __name__ == "__main__":
    main()
