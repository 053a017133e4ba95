import csv
import json

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from fit.commands.app import fit_app
from fit.points import places
from fit.record import load

HEADER = "size,seen,final\n"


def call(*arguments: object, code: int = 0):
    result = CliRunner().invoke(fit_app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result


def data(*arguments: object) -> dict:
    return json.loads(call(*arguments, "--json").stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A fit with a bootstrap and the table it is of, some places, and a fit of mixtures."""
    found = tmp_path_factory.mktemp("predict")
    rng = np.random.default_rng(1)
    n, d = (v.ravel() for v in np.meshgrid(np.geomspace(5e7, 5e9, 6), np.geomspace(1e9, 1e11, 5)))
    loss = (1.8 + 480 / n**0.35 + 2100 / d**0.37) * np.exp(0.003 * rng.standard_normal(len(n)))
    rows = [f"{a!r},{b!r},{c!r}\n" for a, b, c in zip(n.tolist(), d.tolist(), loss.tolist(), strict=True)]
    (found / "t.csv").write_text(HEADER + "".join(rows))
    mapped = ("--n", "size", "--d", "seen", "--loss-column", "final")
    call(found / "t.csv", *mapped, "--law", "chinchilla", "--bootstrap", 30, "--out", found / "fit.json")
    shares = rng.dirichlet(np.ones(3), 40)
    head = "p_a,p_b,p_c,loss_a\n"
    body = [",".join(map(repr, [*p, float(2 + 1 / (0.1 + p[0]))])) + "\n" for p in shares.tolist()]
    (found / "m.csv").write_text(head + "".join(body))
    more = ("--n", "1e6", "--d", "1e9", "--law", "transfer", "--starts", 6)
    call(found / "m.csv", *more, "--out", found / "mix.json")
    return found


def test_columns_are_those_of_the_fit(folder):
    found = data("predict", folder / "fit.json", folder / "t.csv")
    rows = found["predictions"]["rows"]
    with open(folder / "t.csv") as handle:
        table = list(csv.DictReader(handle))
    assert [row["line"] for row in rows] == list(range(2, 32))
    assert [row["measured_final"] for row in rows] == [float(row["final"]) for row in table]
    n, d = (np.array([float(row[name]) for row in table]) for name in ("size", "seen"))
    expected = load(folder / "fit.json").predict(places(n, d))
    assert [row["predicted_final"] for row in rows] == pytest.approx(expected[:, 0].tolist(), rel=1e-12)


def test_errors_are_those_of_the_rows(folder):
    found = data("predict", folder / "fit.json", folder / "t.csv")
    rows, (errors,) = found["predictions"]["rows"], found["errors"]["rows"]
    relative = [row["predicted_final"] / row["measured_final"] - 1 for row in rows]
    assert errors["mean relative error %"] == pytest.approx(100 * np.abs(relative).mean())
    assert errors["mean signed error %"] == pytest.approx(100 * np.mean(relative))
    assert errors["largest error %"] == pytest.approx(100 * np.abs(relative).max())
    inside = [row["low_final"] <= row["measured_final"] <= row["high_final"] for row in rows]
    assert errors["inside 95 % interval"] == pytest.approx(100 * np.mean(inside))
    assert errors["rank correlation"] > 0.99
    assert np.mean(inside) > 0.8


def test_places_beyond_the_points_are_predicted_with_wider_intervals_and_told(folder, tmp_path):
    (tmp_path / "far.csv").write_text("size,seen\n5e8,1e10\n1e12,1e13\n1e6,1e10\n")
    found = data("predict", folder / "fit.json", tmp_path / "far.csv")
    near, far, _ = found["predictions"]["rows"]
    width = [row["high_final"] / row["low_final"] for row in (near, far)]
    assert 1 < width[0] < width[1]
    assert "measured_final" not in near and "errors" not in found
    notes = " ".join(row["note"] for row in found["notes"]["rows"])
    assert "1 rows lie beyond the largest N" in notes and "1 rows lie beyond the largest D" in notes
    assert "1 rows lie below the smallest N" in notes


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_predictions_are_written_whole(folder, tmp_path, kind):
    out = tmp_path / f"out.{kind}"
    text = call("predict", folder / "fit.json", folder / "t.csv", "--out", out).stdout
    assert str(out) in text.replace("\n", "")
    read = {"csv": pl.read_csv, "jsonl": pl.read_ndjson, "parquet": pl.read_parquet}[kind](out)
    assert read.height == 30
    assert {"line", "N", "D", "predicted_final", "low_final", "high_final", "measured_final"} == set(read.columns)


def test_options_given_now_beat_those_of_the_fit(folder, tmp_path):
    (tmp_path / "o.csv").write_text("params,C\n1e9,6e19\n")
    rows = data("predict", folder / "fit.json", tmp_path / "o.csv", "--n", "params", "--flops", "C")
    assert rows["predictions"]["rows"][0]["D"] == pytest.approx(1e10)


def test_a_mixture_needs_no_column_for_what_it_has_not(folder, tmp_path):
    (tmp_path / "p.csv").write_text("p_a,p_c\n0.5,0.5\n")
    (tmp_path / "q.csv").write_text("p_c,p_b,p_a\n0.5,0,0.5\n")
    first, second = (
        data("predict", folder / "mix.json", tmp_path / name)["predictions"]["rows"][0] for name in ("p.csv", "q.csv")
    )
    assert first["predicted_a"] == second["predicted_a"]
    (tmp_path / "r.csv").write_text("p_a,p_other\n0.5,0.5\n")
    assert "sum to 0.5" in call("predict", folder / "mix.json", tmp_path / "r.csv", code=1).stderr


def test_a_law_of_scale_alone_passes_over_mixtures(folder, tmp_path):
    (tmp_path / "p.csv").write_text("size,seen,p_x\n1e9,1e10,0.2\n")
    assert len(data("predict", folder / "fit.json", tmp_path / "p.csv")["predictions"]["rows"]) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("absent.json", "t.csv"), "no such file. Make one with: glotmix fit RUNS"),
        (("fit.json", "absent.csv"), "there is no such file"),
        (("fit.json", "t.csv", "--out", "x.xlsx"), ".csv, .jsonl, .parquet"),
        (("fit.json", "t.csv", "--targets", "final"), "all targets of the fit"),
        (("t.csv", "t.csv"), "not a fit"),
    ],
)
def test_what_cannot_be_predicted_is_refused(folder, arguments, message, monkeypatch):
    monkeypatch.chdir(folder)
    result = call("predict", *arguments, "--json", code=2)
    assert message in result.stderr and result.stdout == ""
