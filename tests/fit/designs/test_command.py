"""`glotmix fit design` and `plot`: a table in, a list of runs and figures out."""

import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from fit.commands import design, plot
from fit.estimate.estimate import fit
from fit.points import places, points
from fit.record import save


@pytest.fixture(scope="module")
def app():
    made = typer.Typer()
    for command in (design, plot):
        command.register(made)
    return made


def call(app, *words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    rng = np.random.default_rng(0)
    rows = []
    for rung, n in (("0.1M", 1e5), ("0.4M", 4e5)):
        for mixture in range(8):
            share = float(rng.uniform(0.05, 0.95))
            for d in (1e6, 4e6):
                row = {"run_id": f"{rung}-{mixture}", "rung": rung, "n_parameters": n, "tokens": d, "annealed": True}
                row |= {"p_go": share, "p_rust": 1 - share}
                for name, own in (("go", share), ("rust", 1 - share)):
                    loss = 1 + 30 / n**0.3 + 120 / (d * (own + 0.1 * (1 - own))) ** 0.33
                    row[f"loss_{name}"] = loss * float(np.exp(0.002 * rng.normal()))
                rows.append(row)
    path = tmp_path_factory.mktemp("table") / "runs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_runs_are_proposed_on_the_rungs_of_the_table(app, table, tmp_path):
    out = tmp_path / "next.jsonl"
    budget = 6 * 4e5 * 4e6 * 3
    result = call(app, "design", table, "--k", 4, "--budget", budget, "--out", out, "--json")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    shown = json.loads(result.output)["proposed runs"]["rows"]
    assert 1 <= len(lines) <= 4 and len(shown) == len(lines)
    sizes = {"0.1M": 1e5, "0.4M": 4e5}
    assert sum(6 * sizes[line["rung"]] * line["tokens"][-1] for line in lines) <= budget
    assert all(abs(sum(line["proportions"].values()) - 1) < 1e-9 for line in lines)
    so_far = [row["all so far, %"] for row in shown]
    assert so_far == sorted(so_far) and so_far[0] > 0


def test_a_first_swarm_needs_no_table(app, tmp_path):
    out = tmp_path / "first.jsonl"
    words = ("--components", "go,rust", "--sizes", "0.1M=1e5,0.4M=4e5", "--tokens", "1e6,4e6")
    result = call(app, "design", "--new", *words, "--out", out, "--peak", "1e12")
    assert result.exit_code == 0, result.output
    assert len(out.read_text().splitlines()) == 2 * 9
    assert "gpu hours" in result.output


@pytest.mark.parametrize(
    "words, message",
    [
        ((), "give a runs table"),
        (("--new",), "--new needs --components, --sizes, --tokens"),
        (("{table}", "--budget", "-1"), "--budget -1"),
        (("{table}", "--sizes", "x"), "is not understood"),
        (("{table}", "--goal", "java=1"), "java"),
        (("{table}", "--law", "cubic"), "there is no such law"),
    ],
)
def test_what_cannot_be_is_refused(app, table, words, message):
    result = call(app, "design", *(word.format(table=table) for word in words))
    assert result.exit_code == 2
    assert message in result.output.replace("\n", " ")


def test_figures_are_drawn_from_a_file_of_a_fit(app, tmp_path):
    n, d = (x.ravel() for x in np.meshgrid([1e7, 4e7, 1e8], [1e9, 4e9, 1e10]))
    save(tmp_path / "fit.json", fit(points(places(n, d), 1.8 + 480 / n**0.35 + 2100 / d**0.37), "chinchilla"))
    result = call(app, "plot", tmp_path / "fit.json", "--out", tmp_path / "figures")
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {"curves.svg", "isoloss.svg"}
    assert call(app, "plot", tmp_path / "fit.json", "--format", "gif").exit_code == 2
    assert call(app, "plot", tmp_path / "fit.json", "--allocation", tmp_path / "none").exit_code == 2
