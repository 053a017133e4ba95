"""Mixtures out of the shared demo run, and out of small pools made here, in folders of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from mixer.config import MixConfig
from mixer.layout import Layout
from mixer.mix import mix
from mixer.view import views
from pipelines.executor_config import ExecutorConfig

from .pools import Pool, write_pool

ONE = ExecutorConfig(workers=1)


@pytest.fixture(scope="session")
def demo(demo_run) -> Layout:
    """The folders of the demo run."""
    return Layout(demo_run.output)


def table(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "*.parquet")


@dataclass(frozen=True)
class Made:
    """A mixture of its own with the stages it is made of beside it."""

    folder: Path
    config: MixConfig
    counts: dict


def make(layout: Layout, executor: ExecutorConfig = ONE, force: bool = False, **options) -> Made:
    """A mixture of the pool in this output folder."""
    config = MixConfig(**{"name": "own", **options})
    pool = layout.tokens(config.parallel_form, config.parallel_level)
    folder = layout.mix(config.name)
    if config.output == "view":
        (result,) = views([config], layout.root, pool, layout, executor, force=force)
    else:
        result = mix(config, layout.root, pool, layout.tokenizer, folder, executor, force=force)
    return Made(folder, config, result.manifest.counts)


@pytest.fixture(scope="session")
def mixture_of(demo, tmp_path_factory):
    """Makes a mixture (or a view) of the demo run's tokens; its output folder is `folder.parent.parent`."""

    def made(**options) -> Made:
        root = tmp_path_factory.mktemp("mixture")
        for stage in ("corpus", "pairs", "parallel", "split", "tokenizer", "validation", "tokens"):
            (root / stage).symlink_to(demo.root / stage)
        return make(Layout(root), **options)

    return made


@pytest.fixture(scope="session")
def repeated(mixture_of) -> Made:
    """Two languages and pairs; go is seen almost three times."""
    shares = {"go": 0.5, "python": 0.2, "parallel": 0.3}
    return mixture_of(proportions=shares, max_epochs=3, sequence_length=1_100, shard_tokens=9_900)


@pytest.fixture
def pool_of(tmp_path) -> Callable[..., Pool]:
    """Makes a pool in a folder of its own; see `write_pool`."""
    return lambda sizes, **options: write_pool(tmp_path, sizes, **options)
