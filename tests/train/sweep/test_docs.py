"""The page on sweeps is true: its files are sweeps, its list is a list, its table of designs counts right."""

import re
from pathlib import Path

import pytest

from contracts.config import read_yaml, validate
from train.sweep.config import SweepConfig
from train.sweep.wanted import parse_list, wanted_runs

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = (REPOSITORY / "docs" / "sweeps.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", blocks("yml"))
def test_every_file_shown_is_a_sweep_with_runs(text, tmp_path):
    (tmp_path / "sweep.yaml").write_text(text)
    assert wanted_runs(validate(SweepConfig, read_yaml(tmp_path / "sweep.yaml"), "docs/sweeps.md"))


def test_the_example_is_a_sweep():
    config = validate(SweepConfig, read_yaml(REPOSITORY / "examples" / "sweep.yaml"), "examples/sweep.yaml")
    assert len(wanted_runs(config)) == 9
    assert (REPOSITORY / "examples" / config.corpus).is_file()


def test_the_list_shown_is_a_list_of_runs():
    (text,) = blocks("json")
    assert [run.rung for run in parse_list(text.splitlines(), "docs")] == ["0.1B", "73M"]


def test_every_option_is_named():
    for name in SweepConfig.model_fields:
        assert re.search(rf"`{name}`|^{name}:", PAGE, re.MULTILINE), name
