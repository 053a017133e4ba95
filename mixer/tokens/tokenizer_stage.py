"""The tokenizer stage: trains on the training side, or takes the user's file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.errors import StageError
from contracts.files import atomic_path, checksum
from contracts.tables import files_of
from mixer.config import TokenizerConfig
from mixer.split.choose import draw
from mixer.tokens.tokenizer import Encoder, byte_exact, load_json, tokenizer_hash
from mixer.tokens.tokenizer_train import train
from pipelines.executor import Observer, Phase
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read
from pipelines.positions import blocks, fetch
from pipelines.stage import Outcome, StageContext, StageResult, require, run_stage

NAME = "tokenizer"
FILE = "tokenizer.json"


def fill(available: dict[str, int], budget: int) -> dict[str, int]:
    """Deal a budget evenly; what one cannot use goes to the others.

    Args:
        available: how much each has.
        budget: what to deal.
    """
    dealt = dict.fromkeys(available, 0)
    left = sorted(available, key=lambda k: (available[k], k))
    for index, name in enumerate(left):
        dealt[name] = min(available[name], budget // (len(left) - index))
        budget -= dealt[name]
    return dealt


class TrainTokenizer(PipelineStep):
    """One task; memory: the pieces of `train_bytes` of text (below 2 GB at 64 MB)."""

    type = "glotmix"
    name = "train tokenizer"

    def __init__(self, corpus: Path, split: Path, output: Path, config: TokenizerConfig) -> None:
        super().__init__()
        self.corpus, self.split, self.output, self.config = corpus, split, output, config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write tokenizer.json."""
        chosen = self._choose()
        if not chosen.height:
            raise StageError("no training document to train a tokenizer on; lower split.validation_share")
        text = train(self._texts(chosen), self.config.vocab_size, _special(self.config))
        with atomic_path(self.output) as path:
            path.write_text(text, encoding="utf-8")
        yield from ()

    def _choose(self) -> pl.DataFrame:
        """Positions and sizes of the training texts, the same bytes for each language, in random order."""
        frames = []
        for file in files_of(self.split / "split"):
            frame = read(file).with_row_index("row")
            frame = frame.with_columns(pl.lit(int(file.stem), pl.Int64).alias("file"), pl.col("row").cast(pl.Int64))
            frames.append(frame.filter(pl.col("split") == "train").select("id", "language", "bytes", "file", "row"))
        every = pl.concat(frames)
        totals = dict(every.group_by("language").agg(pl.col("bytes").sum()).iter_rows())
        quota = fill(totals, self.config.train_bytes)
        place = [draw(self.config.seed, i) for i in every["id"].to_list()]
        every = every.with_columns(pl.Series("place", place, dtype=pl.UInt64)).sort("place", "id")
        before = pl.col("bytes").cum_sum().over("language") - pl.col("bytes")
        return every.filter(before < pl.col("language").replace_strict(quota, return_dtype=pl.Int64)).sort(
            "file", "row"
        )

    def _texts(self, chosen: pl.DataFrame) -> Iterator[list[str]]:
        positions = chosen.select("file", "row").to_numpy()
        for part in blocks(chosen["bytes"].to_numpy(), 8_000_000):
            yield fetch(self.corpus / "documents", positions[part].astype(np.int64), ["content"])[
                "content"
            ].to_pylist()


def _special(config: TokenizerConfig) -> list[str]:
    return list(dict.fromkeys((config.end_token, config.pad_token, *config.fim.tokens.values())))


def tokenizer(
    config: TokenizerConfig,
    base: Path,
    corpus: Path,
    split: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Put tokenizer.json in `folder`.

    Raises:
        ConfigError: the user's tokenizer cannot be used.
        StageError: the split is not finished.
    """
    special = _special(config)
    semantic = config.model_dump(mode="json", exclude={"path", "fast", "fim"}) | {"special_tokens": special}
    if config.path is None:
        inputs = {"split": require(split, "split", "glotmix run CONFIG").identity}
    else:
        given = load_json(base / config.path)
        Encoder(given, config.end_token, config.pad_token, fim=config.fim.tokens)
        inputs = {"tokenizer.path": checksum(base / config.path)}  # by no stage's name: it is not one's identity
        semantic = {k: semantic[k] for k in ("end_token", "pad_token")}

    def body(context: StageContext) -> Outcome:
        target = context.folder / FILE
        if config.path is None:
            context.run(Phase("train", [TrainTokenizer(corpus, split, target, config)], 1))
        else:
            with atomic_path(target) as path:
                path.write_text(given, encoding="utf-8")
        text = target.read_text(encoding="utf-8")
        encoder = Encoder(text, config.end_token, config.pad_token)
        counts = {
            "hash": tokenizer_hash(text),
            "vocab_size": encoder.vocab_size,
            "end_id": encoder.end_id,
            "pad_id": encoder.pad_id,
            "bytes_per_token": encoder.dtype.itemsize,
            "byte_exact": byte_exact(text),
        }
        return Outcome([target], counts)

    return run_stage(NAME, folder, semantic, inputs, body, executor, force=force, check=check, observe=observe)
