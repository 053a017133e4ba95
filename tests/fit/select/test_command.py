"""`glotmix fit compare`: a table in, scores and advice out."""

import json

import polars as pl
import pytest
import typer
from select_worlds import NAMES, ladder, line
from typer.testing import CliRunner

from fit.commands import compare


@pytest.fixture
def app():
    made = typer.Typer()

    @made.callback()
    def group() -> None:
        """A group, as glotmix fit is."""

    compare.register(made)
    return made


def table(data, path):
    inputs = data.inputs
    columns = {"size": inputs.n, "tokens": inputs.d, "run": data.runs}
    columns |= {f"p_{name}": inputs.shares[:, index] for index, name in enumerate(inputs.components)}
    columns |= {f"loss_{name}": data.losses[:, index] for index, name in enumerate(data.targets)}
    pl.DataFrame(columns).write_csv(path)
    return [str(path), "--n", "size", "--d", "tokens", "--run", "run"]


def test_a_table_is_compared(app, tmp_path):
    arguments = table(ladder(mixtures=6), tmp_path / "runs.csv")
    options = ["--laws", "transfer", "--splits", "largest-n", "--starts", "2", "--by-target", "--json"]
    result = CliRunner().invoke(app, ["compare", *arguments, *options])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    rows = found["held-out error"]["rows"]
    assert rows[0]["model"] == "transfer"
    assert rows[0]["MRE %"] < 2
    assert {*NAMES} <= set(found["held-out error by target"]["rows"][0])
    assert found["advice"]["rows"][0]["advice"].startswith("largest-n: transfer is best")
    assert found["splits"]["rows"][0]["runs apart"] is True


def test_a_split_that_is_not_possible_stands_in_the_table(app, tmp_path):
    arguments = [*table(line(), tmp_path / "runs.csv"), "--weights", "none"]
    result = CliRunner().invoke(app, ["compare", *arguments, "--laws", "chinchilla", "--starts", "2"])
    assert result.exit_code == 0, result.output
    assert "not possible: " in result.stdout
    assert "largest-n: " in result.stdout
    assert "chinchilla" in result.stdout
    assert "No law beats" not in result.stdout  # mixture-blind is the same law here


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--laws", "einstein"], "Allowed are chinchilla"), (["--splits", "random"], "Allowed are largest-n")],
)
def test_what_is_not_known_is_refused_with_what_is_allowed(app, tmp_path, options, told):
    arguments = [*table(line(), tmp_path / "runs.csv"), "--weights", "none"]
    result = CliRunner().invoke(app, ["compare", *arguments, *options])
    assert result.exit_code == 2
    assert told in result.output.replace("\n", " ")
