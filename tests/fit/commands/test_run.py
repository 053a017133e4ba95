import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from fit.commands.app import fit_app
from fit.estimate.fitted import Fit
from fit.record import load, load_bootstrap
from fit.select.average import Average

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "runs"
TRUTH = {"E": 1.8, "A": 480.0, "B": 2100.0, "alpha": 0.35, "beta": 0.37}


def call(*arguments: object, code: int = 0):
    result = CliRunner().invoke(fit_app, [str(a) for a in arguments])
    assert result.exit_code == code, result.output
    return result


def data(*arguments: object) -> dict:
    return json.loads(call(*arguments, "--json").stdout)


def loss(n, d):
    return TRUTH["E"] + TRUTH["A"] / n ** TRUTH["alpha"] + TRUTH["B"] / d ** TRUTH["beta"]


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    """Forty exact runs."""
    path = tmp_path_factory.mktemp("runs") / "t.csv"
    n, d = (values.ravel() for values in np.meshgrid(np.geomspace(5e7, 5e9, 8), np.geomspace(1e9, 3e11, 5)))
    rows = [f"{a!r},{b!r},{6 * a * b!r},{loss(a, b)!r}" for a, b in zip(n.tolist(), d.tolist(), strict=True)]
    path.write_text("size,tokens seen,C,final\n" + "\n".join(rows) + "\n")
    return path


MAPPED = ("--n", "size", "--d", "tokens seen", "--loss-column", "final")


@pytest.mark.parametrize("kind", ["huber:1e-3", "l1"])
def test_a_law_is_found_again_and_written_by_its_own_symbols(table, tmp_path, kind):
    out = tmp_path / "fit.json"
    found = data(table, *MAPPED, "--law", "chinchilla", "--loss", kind, "--out", out)
    rows = {row["parameter"]: row["value"] for row in found["parameters"]["rows"]}
    written = json.loads(out.read_text())["parameters"]
    assert rows == written
    assert set(written) == {"E", "A", "B", "alpha", "beta"}
    assert {name: pytest.approx(value, rel=1e-5) for name, value in TRUTH.items()} == written


def test_operations_stand_in_for_tokens(table):
    mapped = ("--n", "size", "--flops", "C", "--loss-column", "final")
    rows = data(table, *mapped, "--law", "chinchilla")["parameters"]["rows"]
    assert {row["parameter"]: row["value"] for row in rows}["beta"] == pytest.approx(TRUTH["beta"], rel=1e-5)


def test_the_tables_tell_quality_warnings_and_what_was_left_out(table, tmp_path):
    found = data(table, *MAPPED, "--law", "chinchilla", "--where", "size<1e9", "--d-min", "2e9")
    assert found["read"]["rows"][0]["rows"] == 40
    reasons = {row["reason"]: row["rows"] for row in found["left out"]["rows"]}
    assert reasons == {"not size<1e9": 15, "fewer than 2e+09 tokens": 5}
    (quality,) = found["quality"]["rows"]
    assert quality["points"] == found["read"]["rows"][0]["points"] == 20
    assert 0 < quality["reached %"] <= 100
    text = call(table, *MAPPED, "--law", "chinchilla").stdout
    assert all(word in text for word in ("Parameters: chinchilla", "E + A / N^alpha", "reached %", "condition"))


def test_a_bootstrap_gives_intervals_that_are_written_and_read_again(table, tmp_path):
    noisy = tmp_path / "noisy.csv"
    rng = np.random.default_rng(0)
    lines = table.read_text().splitlines()
    rows = [line.rpartition(",") for line in lines[1:]]
    noise = np.exp(0.003 * rng.standard_normal(len(rows)))
    body = [f"{a},{float(c) * float(e)!r}" for (a, _, c), e in zip(rows, noise, strict=True)]
    noisy.write_text("\n".join([lines[0], *body]) + "\n")
    out = tmp_path / "fit.json"
    found = data(noisy, *MAPPED, "--law", "chinchilla", "--bootstrap", 20, "--out", out)
    for row in found["parameters"]["rows"]:
        assert row["low"] < row["value"] < row["high"]
        assert row["bootstrap 2.5 %"] < row["97.5 %"]
    drawn = load_bootstrap(out)
    assert drawn.count == 20
    assert drawn.fit.names == ("final",)
    assert set(json.loads(out.read_text())["noise"]["final"]) == {"sigma", "quantile", "stretch", "centre"}
    assert load_bootstrap(_plain(noisy, tmp_path)) is None


def _plain(path: Path, folder: Path) -> Path:
    call(path, *MAPPED, "--law", "chinchilla", "--out", folder / "plain.json")
    return folder / "plain.json"


def test_weights_by_compute_move_a_fit_that_is_not_exact(table, tmp_path):
    bent = tmp_path / "bent.csv"
    rows = [line.split(",") for line in table.read_text().splitlines()]
    for row in rows[1:]:
        row[3] = repr(float(row[3]) + 1e9 / float(row[1]))
    bent.write_text("\n".join(map(",".join, rows)))
    found = [
        {
            row["parameter"]: row["value"]
            for row in data(bent, *MAPPED, "--law", "chinchilla", *more)["parameters"]["rows"]
        }
        for more in ((), ("--weight-by-compute", "0.5"))
    ]
    assert abs(found[1]["beta"] - TRUTH["beta"]) < abs(found[0]["beta"] - TRUTH["beta"])


def test_a_cut_chosen_by_roll_out_is_told_and_written(table, tmp_path):
    bent = tmp_path / "bent.csv"
    rows = [line.split(",") for line in table.read_text().splitlines()]
    for row in rows[1:]:
        row[3] = repr(float(row[3]) * (1.2 if float(row[1]) < 2e9 else 1))  # the start of training
    bent.write_text("\n".join(map(",".join, rows)))
    out = tmp_path / "fit.json"
    found = data(bent, *MAPPED, "--law", "chinchilla", "--d-min", "auto", "--out", out)
    (row,) = found["least tokens"]["rows"]
    assert row["D"] > 2e9 and "falls from" in row["why"]
    assert json.loads(out.read_text())["reading"]["d_min"] == {"final": row["D"]}
    assert json.loads(out.read_text())["parameters"]["beta"] == pytest.approx(TRUTH["beta"], rel=1e-4)


def test_many_targets_of_an_own_table_stand_side_by_side(tmp_path):
    out = tmp_path / "fit.json"
    text = call(EXAMPLE, "--law", "multilingual", "--targets", "python,java", "--starts", 6, "--out", out).stdout
    assert "python" in text and "java" in text and "alpha" in text
    fitted = load(out)
    assert isinstance(fitted, Fit)
    assert fitted.names == ("python", "java")
    record = json.loads(out.read_text())
    assert set(record["parameters"]) == {"python", "java"}
    assert record["reading"]["losses"] == {"python": "loss_python", "java": "loss_java"}
    assert record["reading"]["options"] == {"targets": ["python", "java"]}


def test_an_average_is_fitted_written_and_read_again(table, tmp_path):
    out = tmp_path / "fit.json"
    found = data(table, *MAPPED, "--law", "average", "--starts", 6, "--out", out)
    assert sum(row["weight"] for row in found["average"]["rows"]) == pytest.approx(1)
    fitted = load(out)
    assert isinstance(fitted, Average)
    assert fitted.names == ("final",)
    assert "deviations times" in call(table, *MAPPED, "--law", "average", "--starts", 6).stdout


def test_an_average_weighs_and_cuts_once_as_its_options_say(tmp_path):
    def fitted(*options):
        out = tmp_path / "fit.json"
        call(EXAMPLE, "--targets", "python", "--law", "average", "--starts", 2, "--out", out, *options)
        return json.loads(out.read_text())["members"][0]["parameters"]

    plain = fitted()
    assert fitted("--weight-by-compute", 0.5) == plain  # what an average over mixtures does anyway
    assert fitted("--d-min", "auto") == plain
    assert fitted("--weight-by-compute", 0) != plain


def test_numbers_for_all_rows_have_suffixes(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("D,loss\n" + "\n".join(f"{d},{1.5 + 500 / d**0.3}" for d in (1e9, 2e9, 4e9, 8e9, 2e10, 6e10)))
    fitted = [data(path, "--n", n, "--law", "chinchilla")["parameters"]["rows"] for n in ("1.3B", "1.3e9", "1300M")]
    assert fitted[0] == fitted[1] == fitted[2]


def test_a_law_that_does_not_suit_the_points_says_so(table, tmp_path):
    out = tmp_path / "fit.json"
    found = call(table, *MAPPED, "--law", "transfer", "--starts", 4, "--out", out)
    assert "transfer does not suit these points: the mixture does not vary" in " ".join(found.stdout.split())
    assert "fit allocate" not in found.stdout
    sound = call(table, *MAPPED, "--law", "chinchilla", "--out", out)
    assert "does not suit" not in sound.stdout


def test_without_a_law_those_that_suit_are_listed(table):
    result = call(table, *MAPPED, "--json", code=2)
    rows = {row["law"]: row for row in json.loads(result.stdout)["laws"]["rows"]}
    assert rows["chinchilla"]["suits"] and rows["chinchilla"]["parameters"] == 5
    assert not rows["transfer"]["suits"] and rows["transfer"]["why not"] == "the mixture does not vary"
    assert "--law: name one" in result.stderr
    rows = {row["law"]: row for row in json.loads(call(EXAMPLE, "--json", code=2).stdout)["laws"]["rows"]}
    assert rows["transfer"]["suits"] and not rows["chinchilla"]["suits"]


def test_repetition_suits_a_table_with_unique_tokens(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{n},{d},1e9,{loss(n, d)}" for n in (1e7, 1e8, 1e9) for d in (5e8, 1e9, 4e9, 1e10)]
    path.write_text("N,D,U,loss\n" + "\n".join(rows))
    listed = json.loads(call(path, "--unique", "U", "--json", code=2).stdout)["laws"]["rows"]
    assert {row["law"]: row["suits"] for row in listed}["repetition"]
    listed = json.loads(call(path, "--json", code=2).stdout)["laws"]["rows"]
    assert {row["law"]: row["why not"] for row in listed}["repetition"] == "nothing is read more than once"
    out = tmp_path / "fit.json"
    call(path, "--unique", "U", "--law", "repetition", "--starts", 6, "--out", out)
    (row,) = data("predict", out, path)["errors"]["rows"]
    assert row["losses"] == 12 and row["mean relative error %"] < 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--law", "bogus"), "--law bogus: there is no such law. Allowed are chinchilla"),
        (("--law", "chinchilla", "--loss", "l2"), "--loss l2: allowed are huber:DELTA"),
        (("--law", "chinchilla", "--overestimate", "-1"), "--overestimate -1"),
        (("--law", "chinchilla", "--d-min", "some"), "--d-min some: give a number of tokens"),
        (("--law", "chinchilla", "--weight-by-compute", "99"), "--weight-by-compute 99"),
        (("--law", "chinchilla", "--seed", "-1"), "--seed -1"),
        (("--law", "average", "--bootstrap", "5"), "--bootstrap goes with one law"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_with_an_empty_stdout(table, options, message):
    result = call(table, *MAPPED, *options, "--json", code=2)
    assert message in result.stderr
    assert result.stdout == ""


def test_too_few_points_name_what_is_needed(table):
    result = call(table, *MAPPED, "--law", "chinchilla", "--where", "size<6e7", "--where", "tokens seen<2e9", code=1)
    assert "it needs at least" in result.stderr


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "other"}', '{"format": "glotmix fit 1"}'])
def test_a_file_that_is_no_fit_is_refused(tmp_path, content):
    from contracts.errors import ConfigError

    path = tmp_path / "fit.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match="fit"):
        load(path)
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "absent.json")
