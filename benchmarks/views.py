"""A sweep of views over one pool: how long planning and indexing take, and how much disk they need.

    python benchmarks/views.py RUN [--mixtures 1000] [--tokens 50000000] [--length 1024] [--form concat]

RUN is the output folder of a run whose tokens stage is finished; views are written into a temporary folder beside it
and removed. Shares are drawn from Dirichlet distributions of several concentrations; every mixture has another seed of
shares and the same seed of documents. One view in a hundred is read at random places and held against the shards of
the same mixture.
"""

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from contracts import manifest as manifests
from contracts.languages import in_order
from mixer.config import MixConfig
from mixer.dataset import MixtureDataset
from mixer.layout import Layout
from mixer.mix import mix
from mixer.view import views
from pipelines.executor_config import ExecutorConfig


def main() -> None:
    """Write, measure, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("--mixtures", type=int, default=1000)
    parser.add_argument("--tokens", type=int, default=50_000_000)
    parser.add_argument("--length", type=int, default=1024)
    parser.add_argument("--max-epochs", type=float, default=100.0)
    parser.add_argument("--form", default="concat")
    arguments = parser.parse_args()
    source = Layout(arguments.run.resolve())
    with tempfile.TemporaryDirectory(dir=source.root.parent) as temporary:
        layout = Layout(Path(temporary))
        for name in ("corpus", "pairs", "parallel", "split", "tokenizer", "validation", "tokens"):
            (layout.root / name).symlink_to(source.root / name)
        configs = list(draw(arguments, layout))
        started = time.perf_counter()
        done = list(views(configs, layout.root, layout.tokens(arguments.form), layout, ExecutorConfig(workers=1)))
        seconds = time.perf_counter() - started
        size = {name: disk(layout.root / name) for name in ("mix", "streams")}
        sequences = sum(result.manifest.counts["sequences"] for result in done)
        worst = max(part["prefix_deviation"] for r in done for part in r.manifest.counts["components"].values())
        print(f"{len(done)} views of {arguments.tokens:,} tokens, {sequences:,} sequences of {arguments.length:,}")
        print(f"{seconds:.1f} s in one process, {1000 * seconds / len(done):.0f} ms a view")
        print(f"disk: {size['mix'] / 1e6:.1f} MB of views, {size['streams'] / 1e6:.1f} MB of streams they share")
        print(f"worst prefix deviation: {worst:.3f} sequences")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
        compare(configs[:: max(1, len(configs) // 10)], layout, arguments.form)


def draw(arguments: argparse.Namespace, layout: Layout) -> list[MixConfig]:
    """Random mixtures of all components of the pool."""
    pool = manifests.read(layout.tokens(arguments.form))
    if pool is None:
        raise SystemExit(
            f"{layout.tokens(arguments.form)}: no finished tokens stage; glotmix run CONFIG --until tokens"
        )
    names = [c for c in in_order(pool.counts["train"]) if "->" not in c]
    random = np.random.default_rng(0)
    found = []
    for number in range(arguments.mixtures):
        shares = random.dirichlet(np.full(len(names), (0.3, 1.0, 5.0)[number % 3])).round(4)
        shares[shares.argmax()] += 1 - shares.sum()
        found.append(
            MixConfig(
                name=f"m{number:04d}",
                output="view",
                proportions={c: float(s) for c, s in zip(names, shares, strict=True)},
                tokens=arguments.tokens,
                sequence_length=arguments.length,
                max_epochs=arguments.max_epochs,
                parallel_form=arguments.form,
            )
        )
    return found


def disk(folder: Path) -> int:
    """Bytes of all files below a folder, in blocks of 4 kB as file systems count them."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*") if path.is_file())


def compare(configs: list[MixConfig], layout: Layout, form: str) -> None:
    """Read some views at random places and hold them against shards."""
    random, checked = np.random.default_rng(1), 0
    for config in configs:
        folder = layout.root / "shards"
        twin = config.model_copy(update={"output": "shards"})
        mix(twin, layout.root, layout.tokens(form), layout.tokenizer, folder, ExecutorConfig(workers=1))
        view, shards = MixtureDataset(layout.mix(config.name)), MixtureDataset(folder)
        assert len(view) == len(shards)
        for k in random.integers(0, len(view), 500).tolist():
            assert np.array_equal(view[k], shards[k]), (config.name, k)
            assert np.array_equal(view.span_ends(k), shards.span_ends(k)), (config.name, k)
            checked += 1
        shutil.rmtree(folder)
    print(f"{checked:,} sequences of {len(configs)} views equal those of the same mixtures as shards")


if __name__ == "__main__":
    main()
