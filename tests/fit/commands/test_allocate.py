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
from fit.commands.allocate_tables import allocation_tables
from fit.estimate.estimate import fit
from fit.estimate.fitted import Fit
from fit.points import places, points
from fit.record import save
from fit.select.average import average
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
    epochs = float(command.split("mix.max_epochs=")[1].split()[0])
    assert 0 <= epochs - made.weights["java"] * 4 < 0.01


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
        (["--n", "1e8", "--tokens", "1e9", "--unique", "java=-1"], 2, "--unique: java has -1.0 unique tokens"),
        (["--n", "1e8", "--tokens", "1e9", "--unique", "java=nan"], 2, "--unique: java has nan unique tokens"),
        (["--n", "1e8", "--tokens", "1e9", "--unique", "jav=1"], 2, "--unique jav: the fit has no such component"),
        (["--n", "1e8", "--tokens", "1e300"], 2, "--tokens 1e+300: give a number up to 1e+21"),
        (["--n", "1e13", "--tokens", "1e9"], 2, "or insist with --reach"),
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


@pytest.mark.parametrize("law", ["chinchilla", "chinchilla-tied", "farseer"])
def test_a_law_that_is_blind_to_mixtures_is_refused_though_its_table_has_some(tmp_path, law):
    save(tmp_path / "fit.json", fit(measured(), law, starts=4))
    code, text = run(tmp_path / "fit.json", "--n", 1e8, "--tokens", 1e9, "--out", tmp_path / "a.json")
    said = " ".join(text.split())
    assert code == 1 and f"{law}: this law knows no mixtures" in said
    assert "multilingual" in said and "glotmix fit RUNS --law transfer" in said
    assert not (tmp_path / "a.json").exists()


def test_an_average_is_refused_where_no_law_with_a_weight_knows_mixtures(tmp_path):
    members = {law: fit(measured(), law, starts=4) for law in ("chinchilla", "chinchilla-tied")}
    save(tmp_path / "blind.json", average(members, np.full(2, 0.01)))
    code, text = run(tmp_path / "blind.json", "--n", 1e8, "--tokens", 1e9)
    assert code == 1 and "chinchilla, chinchilla-tied: these laws know no mixtures" in " ".join(text.split())
    mixed = {"chinchilla": members["chinchilla"], "transfer": fitted()}
    save(tmp_path / "mixed.json", average(mixed, np.full(2, 0.01)))
    code, text = run(tmp_path / "mixed.json", "--n", 1e8, "--tokens", 1e9, "--starts", 4, "--json")
    assert code == 0, text
    warnings = [row["warning"] for row in json.loads(text)["warnings"]["rows"]]
    assert any(line.startswith("chinchilla knows no mixtures") for line in warnings)
    save(tmp_path / "unweighted.json", average(mixed, np.full(2, 0.01), {"chinchilla": 1.0, "transfer": 0.0}))
    assert run(tmp_path / "unweighted.json", "--n", 1e8, "--tokens", 1e9)[0] == 1


@pytest.mark.parametrize("law", ["transfer", "repetition"])
def test_a_component_with_no_unique_tokens_gets_nothing(tmp_path, law):
    save(tmp_path / "fit.json", fit(measured(), law, starts=4))
    words = ("--n", 1e8, "--tokens", 1e9, "--unique", "python=1e9,java=0", "--weights", "python=1", "--starts", 4)
    code, text = run(tmp_path / "fit.json", *words, "--out", tmp_path / "a.json")
    assert code == 0, text
    made = Allocation.model_validate_json((tmp_path / "a.json").read_text())
    assert made.weights == {"python": 1, "java": 0}
    assert not [price for price in made.prices if price.constraint.endswith("java")]


def test_huge_numbers_of_tokens_are_told_in_few_digits():
    made = Allocation(weights={"python": 0.25, "java": 0.75}, n_parameters=1e8, tokens=1e300)
    tokens = [row["tokens"] for row in allocation_tables(made)[0].rows]
    assert tokens == [2.5e299, 7.5e299] and all(isinstance(value, float) for value in tokens)
    small = allocation_tables(made.model_copy(update={"tokens": 1e9}))[0].rows
    assert [repr(row["tokens"]) for row in small] == ["250000000", "750000000"]
