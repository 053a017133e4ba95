"""A whole run with one worker and with two: time, throughput and memory of every stage, and equal bytes.

    python benchmarks/pipeline.py [--corpus FOLDER | --config RUN.yaml] [--workers 1 2] [--keep FOLDER]

MB is 10^6 bytes of what a stage reads: source bytes for corpus, documents for pairs, parallel and split, training text
for the tokenizer, documents and parallel documents for tokens, shard bytes for mix. Memory is the largest resident set
of any process of the stage, its driver left out.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

SAMPLE = Path(__file__).parent.parent / "examples" / "demo.yaml"
STAGES = ("corpus", "pairs", "parallel", "split", "tokenizer", "validation", "tokens", "mix")


def main() -> None:
    """Run, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="folder of source trees, read with the default configuration")
    parser.add_argument("--exclude", nargs="*", default=[], help="glob patterns to leave out of --corpus")
    parser.add_argument("--config", type=Path, default=SAMPLE, help="a configuration of your own")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--keep", type=Path, help="keep the results here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = (arguments.keep or Path(temporary)).resolve()
        root.mkdir(parents=True, exist_ok=True)
        config = arguments.config.resolve()
        if arguments.corpus:
            config = root / "run.yaml"
            source = {"type": "directory", "name": "corpus", "path": str(arguments.corpus.resolve())}
            data = {"corpus": {"sources": [{**source, "exclude": arguments.exclude}]}}
            config.write_text(yaml.safe_dump(data))
        measured = {n: run(config, root / f"workers-{n}", n) for n in arguments.workers}
        for workers, rows in measured.items():
            show(workers, rows)
        compare([root / f"workers-{n}" for n in arguments.workers])


def run(config: Path, output: Path, workers: int) -> list[dict[str, Any]]:
    """One fresh run; a row a stage."""
    shutil.rmtree(output, ignore_errors=True)
    started = time.monotonic()
    options = ["--set", f"output={output}", "--set", f"executor.workers={workers}"]
    command = [sys.executable, "-m", "glotmix", "run", str(config), *options, "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    whole = time.monotonic() - started
    rows = [row(stage, find(output, stage)) for stage in STAGES]
    total = {"stage": "all", "seconds": whole, "megabytes": rows[0]["megabytes"], "peak": max(r["peak"] for r in rows)}
    return [*rows, total]


def find(output: Path, stage: str) -> tuple[Path, dict[str, Any]]:
    """A stage's folder and manifest; tokens and mix have one folder deeper."""
    path = next(iter([*(output / stage).glob("manifest.json"), *(output / stage).glob("*/manifest.json")]))
    return path.parent, json.loads(path.read_text())


def row(stage: str, found: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    """Seconds, megabytes read and peak of one stage."""
    folder, manifest = found
    counts = manifest["counts"]
    root = folder.parent if stage not in ("tokens", "mix") else folder.parent.parent
    corpus = json.loads((root / "corpus" / "manifest.json").read_text())["counts"]
    documents = corpus["documents"]["bytes"]
    read = {
        "corpus": documents + sum(v["bytes"] or 0 for v in corpus["rejected"]["by_reason"].values()),
        "tokenizer": min(documents, manifest["configuration"].get("train_bytes", 0)),
        "validation": total(counts.get("validation", {})),
        "tokens": total({c: v for c, v in counts.get("train", {}).items() if "->" not in c}),
        "mix": sum(f["bytes"] for f in manifest["files"] if f["path"].endswith(".ds")),
    }.get(stage, documents)
    facts = manifest["run"]
    return {"stage": stage, "seconds": facts["seconds"], "megabytes": read / 1e6, "peak": facts["peak_bytes"]}


def total(components: dict[str, Any]) -> int:
    """Bytes of all components."""
    return sum(v["bytes"] for v in components.values())


def show(workers: int, rows: list[dict[str, Any]]) -> None:
    """Print one run."""
    print(f"\n{workers} worker(s)\n{'stage':10} {'seconds':>9} {'MB':>9} {'MB/s':>8} {'peak MB':>8}")
    for r in rows:
        rate = r["megabytes"] / r["seconds"]
        print(f"{r['stage']:10} {r['seconds']:9.1f} {r['megabytes']:9.1f} {rate:8.2f} {r['peak'] / 1e6:8.0f}")


def compare(outputs: list[Path]) -> None:
    """Say whether all runs gave the same bytes: the identities cover the checksum of every file."""
    identities = [[find(output, stage)[1]["identity"] for stage in STAGES] for output in outputs]
    if len(identities) > 1:
        same = all(i == identities[0] for i in identities)
        print(f"\nbytes of the {len(outputs)} runs: {'identical' if same else 'DIFFERENT'}")
        if not same:
            sys.exit(1)


if __name__ == "__main__":
    main()
