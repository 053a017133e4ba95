"""Reading a mixture in shuffled order from the page cache, beside datatrove's reader of the same shards.

    python benchmarks/reading.py MIXTURE [--tokens 50000000]

Tokens/s of one process: sequences with `MixtureDataset[k]` (each summed, so that every token is touched), examples
with labels and document ends, and the peers: a bare numpy memory map, the least that any reader has to do, and
datatrove's DatatroveFolderDataset where torch is installed. Then 8 ranks x 2 workers are checked to read disjointly
and completely, and a resumed stream to equal the uninterrupted one.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from mixer.dataset import MixtureDataset


def main() -> None:
    """Measure and check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mixture", type=Path)
    parser.add_argument("--tokens", type=int, default=50_000_000, help="tokens to read with each reader")
    arguments = parser.parse_args()
    dataset = MixtureDataset(arguments.mixture)
    count = max(1, arguments.tokens // dataset.sequence_length)
    order = np.concatenate(
        [np.random.default_rng(e).permutation(len(dataset)) for e in range(-(-count // len(dataset)))]
    )[:count].tolist()
    kind = dataset.manifest["counts"]["output"]
    print(f"{kind}: {len(dataset):,} sequences of {dataset.sequence_length:,}; {count:,} read in random order")
    for k in order:
        dataset[k].sum()  # into the page cache
    rates = {
        "MixtureDataset[k]": rate(order, dataset.sequence_length, lambda k: dataset[k].sum()),
        "MixtureDataset.example(k)": rate(
            order, dataset.sequence_length, lambda k: dataset.example(k, True).labels.sum()
        ),
    }
    if kind == "shards":
        rates |= peers(arguments.mixture, dataset, order)
    own = rates["MixtureDataset[k]"]
    for name, found in rates.items():
        print(f"{name:28} {found / 1e6:10.1f} M tokens/s   {own / found:6.2f} x as fast is MixtureDataset[k]")
    check(dataset)


def rate(order: list[int], length: int, read: Callable[[int], object]) -> float:
    """Tokens a second."""
    started = time.perf_counter()
    for k in order:
        read(k)
    return len(order) * length / (time.perf_counter() - started)


def peers(folder: Path, dataset: MixtureDataset, order: list[int]) -> dict[str, float]:
    """Other readers of the same shards."""
    length, size = dataset.sequence_length, dataset.sequences_per_shard
    shards = [np.memmap(p, dataset.dtype, "r").reshape(-1, length) for p in sorted(folder.glob("*.ds"))]
    found = {"bare numpy.memmap": rate(order, length, lambda k: shards[k // size][k % size].sum())}
    try:
        from datatrove.utils.dataset import DatatroveFolderDataset
    except ImportError:
        return found
    theirs = DatatroveFolderDataset(
        str(folder), seq_len=length - 1, filename_pattern="*.ds", recursive=False, token_size=dataset.dtype.itemsize
    )
    assert np.array_equal(theirs[order[0]]["input_ids"].numpy(), dataset[order[0]])
    part = order[: max(1, len(order) // 10)]
    found["datatrove's folder dataset"] = rate(part, length, lambda k: theirs[k]["input_ids"].sum())
    return found


def check(dataset: MixtureDataset) -> None:
    """8 ranks x 2 workers read everything once; a stream resumed anywhere goes on as it would have."""
    shares = [dataset.share(r, 8, w, 2) for r in range(8) for w in range(2)]
    seen = np.bincount(np.concatenate([np.array(s, np.int64) for s in shares]), minlength=len(dataset))
    assert (seen == 1).all()
    random = np.random.default_rng(0)
    for start in random.integers(0, len(dataset), 20).tolist():
        resumed = dataset.read(rank=3, ranks=8, start=start)
        for k in dataset.share(3, 8, start=start)[:5]:
            assert np.array_equal(next(resumed), dataset[k])
        assert sorted(k for r in range(5) for k in dataset.share(r, 5, start=start)) == list(
            range(start, len(dataset))
        )
    print("8 ranks x 2 workers: disjoint and complete; resumed at 20 places with 5 ranks: exactly the rest")


if __name__ == "__main__":
    main()
