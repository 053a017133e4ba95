"""What a 0.2 M model learns from a mixture: its shares, and what translation pairs teach.

    python benchmarks/learning.py CONFIG --shares python go [--tokens 500000] [--seeds 0 1 2]
    python benchmarks/learning.py CONFIG --pairs [--tokens 2000000] [--seeds 0 1 2]

--shares trains on two components, 0.9 to 0.1 and 0.1 to 0.9, and prints the validation loss of each under both
mixtures.
--pairs trains on translation pairs, half of the tokens (--share), and the languages alone, the other half. The pairs
are concatenated, or (the control) each program of them stands by itself; tokens are equal. Prints the loss of held-out
target programs given their sources. Choose a corpus whose pairs fit into --length, such as function_corpus.py makes.

CONFIG is a configuration of glotmix; its stages are done as far as they are missing. Runs and views go to --work.
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from contracts.config import read_yaml, validate
from contracts.languages import LANGUAGE_NAMES
from train.config import TrainConfig
from train.trainer import train


def glotmix(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "glotmix", *arguments], check=True, stdout=subprocess.DEVNULL)


def view(options: argparse.Namespace, name: str, form: str, proportions: dict[str, float]) -> Path:
    """A mixture of the pool; its folder."""
    row = {
        "name": name,
        "proportions": proportions,
        "tokens": options.tokens + 2 * options.batch_tokens,
        "max_epochs": options.max_epochs,
        "sequence_length": options.length,
        "parallel": "pooled",
    }
    path = options.work / f"{name}.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    chosen = ["--set", f"mix.parallel_form={form}"]
    glotmix("run", str(options.config), "--until", "tokens", *chosen)
    glotmix("mix", "views", str(options.config), str(path), "--force", *chosen)
    root: Path = options.config.resolve().parent / Path(str(read_yaml(options.config).get("output", "glotmix-out")))
    return root / "mix" / name


def run(options: argparse.Namespace, mixture: Path, seed: int) -> dict[str, Any]:
    """The last point of a run on a mixture."""
    output = options.work / f"{mixture.name}-seed{seed}"
    data = {
        "output": str(output.resolve()),
        "mixture": str(mixture.resolve()),
        "points": [options.tokens],
        "batch_tokens": options.batch_tokens,
        "seed": seed,
        "model": {"rung": options.rung},
        "schedule": {"learning_rate": options.rate},
        "evaluation": {"form": "concat"},
        "checkpoints": {"export": "none", "every": 10**9},
    }
    train(validate(TrainConfig, data, "benchmark"), Path("/"))
    point = max((output / "points").glob("*/point.json"))
    row: dict[str, Any] = json.loads(point.read_text(encoding="utf-8"))["row"]
    return row


def shares(options: argparse.Namespace) -> None:
    first, second = options.shares
    mixtures = {
        share: view(options, f"learning-{first}-{share}", "concat", {first: share, second: round(1 - share, 3)})
        for share in (0.9, 0.1)
    }
    print(f"{'seed':>4}  {'loss of':>10}  {'share 0.9':>9}  {'share 0.1':>9}  {'difference':>10}")
    for seed in options.seeds:
        rows = {share: run(options, mixture, seed) for share, mixture in mixtures.items()}
        for name, much, little in ((first, 0.9, 0.1), (second, 0.1, 0.9)):
            low, high = rows[much][f"loss_{name}"], rows[little][f"loss_{name}"]
            print(f"{seed:4d}  {name:>10}  {low:9.3f}  {high:9.3f}  {high - low:10.3f}", flush=True)


def pairs(options: argparse.Namespace) -> None:
    rest = round((1 - options.share) / len(LANGUAGE_NAMES), 6)
    proportions = dict.fromkeys(LANGUAGE_NAMES, rest) | {"parallel": 1 - rest * len(LANGUAGE_NAMES)}
    mixtures = {form: view(options, f"learning-{form}", form, proportions) for form in ("concat", "shuffled")}
    print(f"{'seed':>4}  {'concatenated':>12}  {'control':>8}  {'gain':>6}  {'tokens':>10} {'(control)':>10}")
    gains = []
    for seed in options.seeds:
        rows = {form: run(options, mixture, seed) for form, mixture in mixtures.items()}
        paired, control = rows["concat"]["loss_parallel"], rows["shuffled"]["loss_parallel"]
        gains.append(control - paired)
        tokens = f"{rows['concat']['tokens']:10,} {rows['shuffled']['tokens']:10,}"
        print(f"{seed:4d}  {paired:12.3f}  {control:8.3f}  {gains[-1]:6.3f}  {tokens}", flush=True)
    spread = statistics.stdev(gains) if len(gains) > 1 else float("nan")
    size = f"{options.rung}, {options.tokens:,} tokens"
    print(f"{size} in steps of {options.batch_tokens:,}, sequences of {options.length}")
    print(f"mean gain {statistics.mean(gains):.3f} nats per target token, standard deviation {spread:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--shares", nargs=2, metavar=("FIRST", "SECOND"))
    what.add_argument("--pairs", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("learning-out"))
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--rung", default="0.2M")
    parser.add_argument("--tokens", type=int, default=1_000_000)
    parser.add_argument("--batch-tokens", type=int, default=4096)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--rate", type=float, default=None)
    parser.add_argument("--max-epochs", type=float, default=20)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    (pairs if options.pairs else shares)(options)


if __name__ == "__main__":
    main()
