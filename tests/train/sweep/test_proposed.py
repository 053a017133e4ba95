"""What the fitter proposes is a list that sweeps take."""

import pytest

from contracts.errors import ConfigError
from fit.designs.candidates import Candidate
from fit.designs.first import first_runs
from fit.designs.lines import line_of, read_shapes, write_lines
from train.sweep.wanted import parse_list, read_lines

NAMES = ("python", "go", "parallel")
SHAPE = {"layers": 2, "hidden": 64, "heads": 1, "intermediate": 192}


def listed(path, lines):
    write_lines(path, lines)
    return parse_list(read_lines(path), path.name)


def test_a_first_swarm_is_read_as_runs(tmp_path):
    runs = first_runs(NAMES, {"0.1M": 101_808.0, "0.2M": 213_568.0}, (1_000_000, 4_000_000))
    wanted = listed(tmp_path / "list.jsonl", [line_of(run, NAMES, i, seed=3) for i, run in enumerate(runs, 1)])
    assert len(wanted) == len(runs) == 2 * 12
    for run, row in zip(runs, wanted, strict=True):
        assert (row.rung, row.tokens, row.seed) == (run.rung, run.tokens, 3)
        shares = dict(zip(NAMES, run.shares, strict=True))
        assert row.proportions == {name: share for name, share in shares.items() if share > 0}
        assert sum(row.proportions.values()) == pytest.approx(1, abs=1e-9)


def test_a_size_of_your_own_carries_its_shape(tmp_path):
    run = Candidate("73k", 73_000.0, (500_000,), (0.5, 0.5, 0.0), "optimum")
    row = listed(tmp_path / "list.jsonl", [line_of(run, NAMES, 1, more={"shape": SHAPE})])[0]
    assert row.shape is not None and row.shape.hidden == 64
    assert read_shapes(tmp_path / "list.jsonl") == {"73k": SHAPE}


def test_a_run_without_a_mixture_takes_that_of_the_corpus(tmp_path):
    row = listed(tmp_path / "list.jsonl", [line_of(Candidate("0.1M", 1e5, (10,), ()), (), 1)])[0]
    assert row.proportions == "base"


def test_the_reader_still_refuses_what_is_no_run(tmp_path):
    with pytest.raises(ConfigError):
        listed(tmp_path / "list.jsonl", [{"rung": "0.1M", "tokens": [4, 2], "proportions": {"go": 1.0}}])
