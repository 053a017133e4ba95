"""The committed runs table is one that the present code reads."""

from pathlib import Path

import polars as pl

from contracts.languages import LANGUAGE_NAMES
from contracts.runs import runs_table

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "runs"


def test_the_example_is_what_its_page_says():
    runs = pl.read_parquet(EXAMPLE / "runs.parquet")
    assert (runs.height, runs["run_id"].n_unique(), runs["rung"].n_unique()) == (189, 63, 3)
    assert runs["annealed"].all() and runs["tokenizer_hash"].n_unique() == 1
    assert set(runs_table(LANGUAGE_NAMES).names) - set(runs.columns) <= {"loss_parallel", "bpb_parallel"}
    losses = runs.select(f"loss_{name}" for name in LANGUAGE_NAMES)
    assert losses.null_count().sum_horizontal().item() == 0
    shares = runs.select(f"p_{name}" for name in LANGUAGE_NAMES).sum_horizontal()
    assert (shares - 1).abs().max() < 1e-9
