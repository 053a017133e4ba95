"""Encoders side by side on the same texts, one thread each: speed, and how many texts get identical ids.

    python benchmarks/encoders.py [TEXTS] [--tokenizer tokenizer.json] [--megabytes 64] [--rounds 3]

TEXTS is a folder of Parquet files with a column `content` (such as OUTPUT/corpus/documents) or any folder of files;
by default the embedded sample. Without a tokenizer one is trained on the texts. gigatoken and tiktoken take part where
they are installed. MB is 10^6 bytes of UTF-8; each round loads every encoder anew, since some remember words, and the
median counts. tiktoken merges whatever its vocabulary holds, not only the merges of the file: ids may differ.
"""

import argparse
import importlib.util
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ONE_THREAD = {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
os.environ.update(ONE_THREAD)

import pyarrow.parquet as pq  # noqa: E402

from mixer.tokens.tokenizer import UNREACHABLE, byte_alphabet, plain_json  # noqa: E402
from mixer.tokens.tokenizer_train import train  # noqa: E402

SAMPLE = Path(__file__).parent.parent / "examples"
SPECIAL = ["<|end|>", "<|pad|>"]
BATCH = 1_000_000

Encode = Callable[[list[str]], list]


def main() -> None:
    """Read, encode, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--megabytes", type=float, default=64, help="text to read at most")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    texts = list(limited(read(arguments.texts), arguments.megabytes * 1e6))
    size = sum(len(text.encode()) for text in texts)
    plain = plain_json(tokenizer_json(arguments.tokenizer, texts), SPECIAL)
    os.environ.update(ONE_THREAD)  # training took all threads
    loaders = {name: load for name, load in LOADERS.items() if importlib.util.find_spec(name)}
    seconds: dict[str, list[float]] = {name: [] for name in loaders}
    found: dict[str, list[list[int]]] = {}
    for _ in range(arguments.rounds):
        for name, load in loaders.items():
            encode, ids = load(plain)
            started = time.perf_counter()
            results = [encode(batch) for batch in batches(texts)]
            seconds[name].append(time.perf_counter() - started)
            found[name] = [ids(item) for result in results for item in result]
    show(size, seconds, found)


def read(folder: Path) -> Iterator[str]:
    """Texts of a folder, in order of the files' names."""
    tables = sorted(folder.glob("*.parquet"))
    for path in tables:
        yield from pq.read_table(path, columns=["content"])["content"].to_pylist()
    if tables:
        return
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            yield path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def limited(texts: Iterator[str], limit: float) -> Iterator[str]:
    """The first texts that together reach the limit."""
    total = 0
    for text in texts:
        if total >= limit:
            return
        total += len(text.encode())
        yield text


def batches(texts: list[str]) -> Iterator[list[str]]:
    """About a megabyte at a time."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def tokenizer_json(path: Path | None, texts: list[str]) -> str:
    """The file's text, or a tokenizer trained on these texts."""
    return path.read_text(encoding="utf-8") if path else train([texts], 16_384, SPECIAL)


def load_tokenizers(plain: str) -> tuple[Encode, Callable]:
    from tokenizers import Tokenizer

    return Tokenizer.from_str(plain).encode_batch_fast, lambda encoding: encoding.ids


def load_gigatoken(plain: str) -> tuple[Encode, Callable]:
    import gigatoken

    tokenizer = gigatoken.Tokenizer.from_json(plain)
    return lambda texts: [tokenizer.encode(text) for text in texts], lambda ids: ids.tolist()


def load_tiktoken(plain: str) -> tuple[Encode, Callable]:
    """The same vocabulary; ids grow with the order of the merges, so they serve as ranks."""
    import tiktoken

    data = json.loads(plain)
    alphabet = byte_alphabet()
    vocabulary = {token: i for token, i in data["model"]["vocab"].items() if not token.startswith(UNREACHABLE)}
    ranks = {bytes(alphabet[c] for c in token): i for token, i in vocabulary.items()}
    steps = data["pre_tokenizer"].get("pretokenizers", [data["pre_tokenizer"]])
    pattern = next(step["pattern"]["Regex"] for step in steps if step["type"] == "Split")
    encoding = tiktoken.Encoding("glotmix", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    return lambda texts: [encoding.encode_ordinary(text) for text in texts], list


LOADERS: dict[str, Callable[[str], tuple[Encode, Callable]]] = {
    "tokenizers": load_tokenizers,
    "gigatoken": load_gigatoken,
    "tiktoken": load_tiktoken,
}
"""By the name of the module: how to load an encoder, and its ids out of what it returns."""


def show(size: int, seconds: dict[str, list[float]], found: dict[str, list[list[int]]]) -> None:
    """A line an encoder; the first one is what the others are compared with."""
    reference = next(iter(seconds))
    base = statistics.median(seconds[reference])
    count = len(found[reference])
    print(f"{size / 1e6:.1f} MB in {count:,} texts, {len(seconds[reference])} rounds, one thread")
    print(f"{'encoder':12} {'MB/s':>8} {'slowest':>8} {'fastest':>8} {'ratio':>7}  texts with identical ids")
    for name, times in seconds.items():
        middle, slow, fast = (size / 1e6 / t for t in (statistics.median(times), max(times), min(times)))
        same = sum(a == b for a, b in zip(found[name], found[reference], strict=True))
        ratio = base / statistics.median(times)
        print(f"{name:12} {middle:8.2f} {slow:8.2f} {fast:8.2f} {ratio:7.2f}  {same:,} of {count:,}")


if __name__ == "__main__":
    main()
