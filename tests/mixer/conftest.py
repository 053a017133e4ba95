"""Mixtures made out of the shared demo run, in folders of their own."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from mixer.config import MixConfig
from mixer.layout import Layout
from mixer.mix import mix
from mixer.view import views
from pipelines.executor_config import ExecutorConfig

ONE = ExecutorConfig(workers=1)


@pytest.fixture(scope="session")
def demo(demo_run) -> Layout:
    """The folders of the demo run."""
    return Layout(demo_run.output)


def table(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "*.parquet")


@dataclass(frozen=True)
class Made:
    """A mixture of its own with the demo run's stages beside it."""

    folder: Path
    config: MixConfig
    counts: dict


@pytest.fixture(scope="session")
def mixture_of(demo, tmp_path_factory):
    """Makes a mixture (or a view) of the demo run's tokens; its output folder is `folder.parent.parent`."""

    def make(**options) -> Made:
        root = tmp_path_factory.mktemp("mixture")
        for stage in ("corpus", "pairs", "split", "tokenizer", "validation", "tokens"):
            (root / stage).symlink_to(demo.root / stage)
        config, layout = MixConfig(name="own", **options), Layout(root)
        pool, folder = layout.tokens(config.parallel_form), layout.mix("own")
        if config.output == "view":
            (result,) = views([config], root, pool, layout, ONE)
        else:
            result = mix(config, root, pool, layout.tokenizer, folder, ONE)
        return Made(folder, config, result.manifest.counts)

    return make


@pytest.fixture(scope="session")
def repeated(mixture_of) -> Made:
    """Two languages and pairs; go is seen almost three times."""
    shares = {"go": 0.5, "python": 0.2, "parallel": 0.3}
    return mixture_of(proportions=shares, max_epochs=3, sequence_length=1_100, shard_tokens=9_900)
