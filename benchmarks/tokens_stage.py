"""The tokens stage of a finished run against the bare encoder on the same texts, one worker, in one run.

    python benchmarks/tokens_stage.py OUTPUT [--form concat] [--fast off auto] [--rounds 1]

OUTPUT is the output folder of a finished run. For each encoder (off: tokenizers; auto: gigatoken, where it is
installed) the texts that enter training are encoded in this process and nothing else (reading them is not timed), and
then the real stage runs into a temporary folder, from the tables to the checksums of its files. MB is 10^6 bytes of
text; memory is the largest resident set of the worker. Rounds alternate, and the median counts.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update({"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"})

from contracts import manifest as manifests
from mixer.config import TokenizerConfig
from mixer.layout import Layout
from mixer.tokens.fast_encoder import installed
from mixer.tokens.pool import tokens
from mixer.tokens.texts import Selection, sources_of, texts, write_held
from mixer.tokens.tokenizer import plain_json
from mixer.tokens.tokenizer_stage import FILE
from pipelines.executor_config import ExecutorConfig

ENCODERS = {"off": "tokenizers", "auto": "gigatoken"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--form", default="concat")
    parser.add_argument("--fast", nargs="+", choices=list(ENCODERS), default=list(ENCODERS))
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    layout = Layout(arguments.output.resolve())
    print(f"{'encoder':12} {'bare MB/s':>10} {'stage MB/s':>11} {'share':>7} {'stage s':>8} {'MB':>8} {'peak MB':>8}")
    for fast in arguments.fast:
        if fast == "auto" and not installed():
            print("gigatoken    not installed")
            continue
        bare_rates, runs = [], []
        for _ in range(arguments.rounds):
            bare_rates.append(bare(layout, arguments.form, ENCODERS[fast]))
            runs.append(stage(layout, arguments.form, fast))
        show(ENCODERS[fast], bare_rates, runs)


def bare(layout: Layout, form: str, name: str) -> float:
    """MB/s of the encoder alone."""
    manifest = manifests.read(layout.tokenizer)
    assert manifest is not None
    special = [manifest.configuration[option] for option in ("end_token", "pad_token")]
    encode = load(name, plain_json((layout.tokenizer / FILE).read_text(encoding="utf-8"), special))
    size, seconds = 0, 0.0
    with tempfile.TemporaryDirectory() as temporary:
        held = Path(temporary) / "held.npy"
        write_held(layout.split, held)
        wanted = Selection("train", layout.split, held, (form,))
        for source in sources_of(layout.corpus, layout.parallel):
            batch: list[str] = []
            pending = 0
            for text in texts(source, wanted):
                batch.append("".join(map(str, text.pieces)))
                pending += text.bytes
                if pending >= 1_000_000:
                    seconds += timed(encode, batch)
                    size, pending, batch = size + pending, 0, []
            seconds += timed(encode, batch)
            size += pending
    return size / 1e6 / seconds


def load(name: str, plain: str) -> Callable[[list[str]], Any]:
    """The encoder as its library has it."""
    if name == "tokenizers":
        from tokenizers import Tokenizer

        return Tokenizer.from_str(plain).encode_batch_fast
    import gigatoken

    tokenizer = gigatoken.Tokenizer.from_json(plain)
    return lambda batch: [tokenizer.encode(text) for text in batch]


def timed(encode: Callable[[list[str]], Any], batch: list[str]) -> float:
    started = time.perf_counter()
    encode(batch)
    return time.perf_counter() - started


def stage(layout: Layout, form: str, fast: Any) -> dict[str, float]:
    """Seconds, megabytes and peak of the stage."""
    manifest = manifests.read(layout.tokenizer)
    assert manifest is not None
    options = {option: manifest.configuration[option] for option in ("end_token", "pad_token")}
    config = TokenizerConfig(fast=fast, **options)
    folders = (layout.corpus, layout.parallel, layout.split, layout.tokenizer)
    with tempfile.TemporaryDirectory() as temporary:
        made = tokens(config, form, *folders, Path(temporary) / "tokens", ExecutorConfig(workers=1)).manifest
    size = sum(row["bytes"] for name, row in made.counts["train"].items() if "->" not in name)
    return {"seconds": made.run["seconds"], "megabytes": size / 1e6, "peak": made.run["peak_bytes"] / 1e6}


def show(name: str, rates: list[float], runs: list[dict[str, float]]) -> None:
    """A line of the table; medians of the rounds."""
    seconds, rate = statistics.median(r["seconds"] for r in runs), statistics.median(rates)
    size, peak = runs[0]["megabytes"], max(r["peak"] for r in runs)
    own = size / seconds
    print(f"{name:12} {rate:10.2f} {own:11.2f} {own / rate:7.0%} {seconds:8.1f} {size:8.1f} {peak:8.0f}", flush=True)


if __name__ == "__main__":
    main()
