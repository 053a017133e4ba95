"""Both stages of the command `pairs`, for tests that give options of either section."""

from pathlib import Path
from typing import NamedTuple

from pairing.config import PairsConfig, ParallelConfig
from pairing.mine import pairs
from pairing.parallel.stage import parallel
from pipelines.executor_config import ExecutorConfig
from pipelines.stage import StageResult

ONE = ExecutorConfig(workers=1)


class Made(NamedTuple):
    """What the two stages made."""

    pairs: StageResult
    parallel: StageResult


def sections(options: dict) -> tuple[PairsConfig, ParallelConfig]:
    """Options by section; require_licence is that of the pairs."""
    own = {name: value for name, value in options.items() if name in PairsConfig.model_fields}
    return PairsConfig(**own), ParallelConfig(**{k: v for k, v in options.items() if k not in own})


def both(base: Path, corpus: Path, out: Path, executor: ExecutorConfig = ONE, force=False, **options) -> Made:
    """Run both, into out/pairs and out/parallel."""
    mining, writing = sections(options)
    found = pairs(mining, base, corpus, out / "pairs", executor, force=force)
    return Made(found, parallel(writing, base, corpus, out / "pairs", out / "parallel", executor, force=force))
