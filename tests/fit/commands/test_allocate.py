import json
import shlex
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from contracts.allocation import Allocation
from fit.commands.allocate import register
from fit.estimate.estimate import fit
from fit.estimate.fitted import Fit
from fit.points import places, points
from fit.record import save
from fit.uncertainty.bootstrap import bootstrap

app = typer.Typer()
app.callback()(lambda: None)
register(app)


def measured():
    rng = np.random.default_rng(0)
    shares, n, d = rng.dirichlet([1, 1], 40), 10 ** rng.uniform(7, 9, 40), 10 ** rng.uniform(8.5, 10.5, 40)
    seen = np.stack([shares[:, 0] + 0.2 * shares[:, 1], 0.1 * shares[:, 0] + shares[:, 1]], axis=1) * d[:, None]
    losses = 1 + 50 / n[:, None] ** 0.3 + np.array([200.0, 500.0]) / seen**0.3
    losses *= np.exp(0.003 * rng.standard_normal(losses.shape))
    return points(places(n, d, shares, ("python", "java")), losses, ("python", "java"))


@cache
def fitted() -> Fit:
    return fit(measured(), "transfer", starts=4)


@pytest.fixture
def path(tmp_path) -> Path:
    drawn = bootstrap(fitted(), measured(), count=6)
    save(tmp_path / "fit.json", fitted(), {"bootstrap": drawn.record()})
    return tmp_path / "fit.json"


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["allocate", *map(str, words)])
    return result.exit_code, result.output


def test_the_command_writes_an_allocation_and_says_how_to_mix_it(path, tmp_path):
    out = tmp_path / "allocation.json"
    pool = tmp_path / "unique.json"
    pool.write_text(json.dumps({"python": 2e9, "java": 1e9}))
    code, text = run(path, "--size", "100M", "--tokens", "4B", "--pool", pool, "--starts", 4, "--out", out)
    assert code == 0, text
    made = Allocation.model_validate_json(out.read_text())
    assert (made.n_parameters, made.tokens, made.law, made.draws) == (1e8, 4e9, "transfer", 6)
    assert made.bounds["java"].max_epochs == 4
    interval = made.baselines[0].gain.interval
    assert f"Beats uniform by {100 * made.baselines[0].gain.value:.3g} % [{100 * interval.low:.3g}, " in text
    command = next(line for line in text.splitlines() if line.startswith("Next: "))
    assert f"mix.allocation={out}" in shlex.split(command) and "mix.tokens=4000000000" in command
    assert f"mix.max_epochs={made.weights['java'] * 4:.6g}"[:20] in command


def test_json_has_every_table(path):
    words = ("--flops", 1e19, "--path", "--min", "python=0.5", "--starts", 4, "--draws", 3, "--json")
    code, text = run(path, *words)
    assert code == 0, text
    found = json.loads(text)
    assert {"allocation", "losses", "baselines", "prices", "path", "certificate"} <= set(found)
    assert {row["constraint"] for row in found["prices"]["rows"]} == {"flops", "min python"}
    assert [row["component"] for row in found["allocation"]["rows"]] == ["python", "java"]


def test_a_table_of_a_fit_without_draws_says_that_there_are_no_intervals(path):
    code, text = run(path, "--n", 1e8, "--tokens", 1e9, "--draws", 0, "--starts", 4)
    assert code == 0 and "no intervals" in text


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--n", "1e8"], 2, "give --n and --tokens"),
        (["--n", "1e8", "--tokens", "1e9", "--objective", "best"], 2, "--objective best: allowed are"),
        (["--n", "1e8", "--tokens", "1e9", "--objective", "weighted"], 2, "give --weights"),
        (["--n", "1e8", "--tokens", "1e9", "--units", "bits"], 2, "--units bits: allowed are log and absolute"),
        (["--n", "1e8", "--tokens", "1e9", "--pool", "p", "--unique", "go=1"], 2, "give one of them"),
        (["--n", "1e8", "--tokens", "1e9", "--max-epochs", "4"], 2, "give --pool or --unique"),
        (["--n", "1e8", "--tokens", "1e9", "--weights", "java=1"], 1, "the optimum is a vertex"),
        (["--n", "1e8", "--tokens", "1e9", "--min", "python=.6,java=.6"], 1, "the least shares sum to 1.2"),
        (
            ["--n", "1e8", "--tokens", "9e9", "--unique", "python=1e9,java=1e9"],
            1,
            "The largest D that is possible is 8e+",
        ),
    ],
)
def test_what_cannot_be_done_is_an_error_with_a_way_out(path, words, code, message):
    found, text = run(path, *words, "--starts", 4)
    assert found == code and message in " ".join(text.split()), text


def test_a_fit_that_is_not_there_is_named(tmp_path):
    code, text = run(tmp_path / "fit.json", "--n", 1e8, "--tokens", 1e9)
    assert code == 2 and "there is no such file" in " ".join(text.split())
