"""The stage `parallel`: pairs in, the tables unit_pairs, unpaired_units, parallel and refused out.

positions -> align -> directions -> parallel documents -> groups
"""

from collections.abc import Callable
from importlib.resources import files as resources
from pathlib import Path

import pyarrow.parquet as pq

from contracts.files import checksum
from contracts.manifest import Manifest
from pairing.align.shipped import COEFFICIENTS
from pairing.config import ParallelConfig
from pairing.parallel.counts import parallel_counts
from pairing.parallel.phases import write_parallel
from pairing.parallel.tokens import counter
from pipelines.executor import Observer
from pipelines.executor_config import ExecutorConfig
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME = "parallel"
MODEL = "model/pairing.align"
"""Input: data of a package that decides which functions correspond."""


def parallel(
    config: ParallelConfig,
    base: Path,
    corpus: Path,
    pairs: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Make pairs of functions and parallel documents in `folder`.

    Args:
        config: what to write.
        base: folder that the path of a tokenizer starts from.
        corpus: folder of a finished corpus.
        pairs: folder of the finished pairs of that corpus.
        folder: output; gets unit_pairs/, unpaired_units/, parallel/, refused/ and manifest.json.
        executor: where tasks run.
        force: redo parallel documents that do not match.
        check: make nothing: parallel documents that are not finished or do not match are an error.
        observe: told about progress.

    Raises:
        StageError: corpus or pairs are not finished, the pairs are those of another corpus, or tasks failed.
        ConfigError: the tokenizer cannot be used.
    """
    tokenizer = counting(config, base)
    earlier = {
        "corpus": require(corpus, "corpus", "glotmix corpus CONFIG"),
        "pairs": require(pairs, "pairs", "glotmix pairs CONFIG"),
    }
    require_chain(earlier, "glotmix run CONFIG --force")
    inputs = {name: manifest.identity for name, manifest in earlier.items()}
    inputs[MODEL] = checksum(Path(str(resources("pairing.align") / COEFFICIENTS)))
    if tokenizer is not None:
        inputs["counting/tokenizer.json"] = checksum(tokenizer)  # no stage: `tokenizer` is the name of one
    asked = resolved(config, earlier["pairs"])
    semantic = asked.model_dump(mode="json", exclude={"tokenizer"})
    body = _body(asked, corpus, pairs / "pairs", tokenizer)
    return run_stage(NAME, folder, semantic, inputs, body, executor, force=force, check=check, observe=observe)


def counting(config: ParallelConfig, base: Path) -> Path | None:
    """The tokenizer that counts, once it is known to work; None: tokens are estimated.

    Raises:
        ConfigError: it cannot be used.
    """
    if config.tokenizer is None:
        return None
    counter(base / config.tokenizer, config.vocab_size)
    return base / config.tokenizer


def resolved(config: ParallelConfig, pairs: Manifest) -> ParallelConfig:
    """The options with what they leave to those of the pairs."""
    if config.require_licence is not None:
        return config
    return config.model_copy(update={"require_licence": bool(pairs.configuration.get("require_licence"))})


def _body(
    config: ParallelConfig, corpus: Path, pairs: Path, tokenizer: Path | None
) -> Callable[[StageContext], Outcome]:
    def body(context: StageContext) -> Outcome:
        made, offered = write_parallel(context, config, corpus, pairs, tokenizer)
        counts = {
            "unit_pairs": sum(pq.read_metadata(path).num_rows for path in made["unit_pairs"]),
            **parallel_counts(made["parallel"], made["refused"], offered, config),
        }
        return Outcome([path for paths in made.values() for path in paths], counts)

    return body
