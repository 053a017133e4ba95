"""No command writes over what it reads, nor replaces what is no file."""

import os

import numpy as np
import pytest
from typer.testing import CliRunner

from fit.commands.app import fit_app
from fit.estimate.estimate import fit
from fit.points import places, points
from fit.record import save


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A table, a fit of it under names that outputs may have, and a pipe."""
    rng = np.random.default_rng(0)
    shares, n, d = rng.dirichlet([1, 1], 30), 10 ** rng.uniform(7, 9, 30), 10 ** rng.uniform(8, 10, 30)
    loss = 1 + 50 / n**0.3 + 300 / (d * (0.1 + shares[:, 0])) ** 0.3
    rows = [",".join(map(repr, map(float, row))) for row in np.column_stack([n, d, shares, loss])]
    (tmp_path / "t.csv").write_text("N,D,p_a,p_b,loss_a\n" + "\n".join(rows) + "\n")
    save(tmp_path / "f.json", fit(points(places(n, d, shares, ("a", "b")), loss, ("a",)), "chinchilla", starts=4))
    (tmp_path / "f.svg").write_bytes((tmp_path / "f.json").read_bytes())
    (tmp_path / "pool.json").write_text('{"a": 1e9, "b": 1e9}')
    (tmp_path / "link.csv").symlink_to("t.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


SIZE = ("--n", "1e8", "--tokens", "1e9")
READ, NO_FILE = "which is read", "a pipe; give the name of a file"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("t.csv", "--law", "chinchilla", "--out", "t.csv"), READ),
        (("t.csv", "--law", "chinchilla", "--out", "./link.csv"), READ),
        (("link.csv", "--law", "chinchilla", "--out", "t.csv"), READ),
        (("t.csv", "--law", "chinchilla", "--out", "pipe.csv"), NO_FILE),
        (("predict", "f.json", "t.csv", "--out", "t.csv"), READ),
        (("predict", "f.json", "t.csv", "--out", "link.csv"), READ),
        (("predict", "f.json", "t.csv", "--out", "pipe.csv"), NO_FILE),
        (("allocate", "f.json", *SIZE, "--out", "f.json"), READ),
        (("allocate", "f.json", *SIZE, "--pool", "pool.json", "--out", "pool.json"), READ),
        (("allocate", "f.json", *SIZE, "--out", "pipe.csv"), NO_FILE),
        (("design", "t.csv", "--sizes", "s=1e8", "--out", "t.csv"), READ),
        (("design", "t.csv", "--sizes", "s=1e8", "--shapes", "pool.json", "--out", "pool.json"), READ),
        (("design", "t.csv", "--sizes", "s=1e8", "--out", "pipe.csv"), NO_FILE),
        (("plot", "f.svg", "--out", "."), READ),
        (("plot", "f.json", "t.csv", "--out", "t.csv"), "is no folder"),
    ],
)
def test_an_output_that_would_destroy_something_is_refused_before_any_work(folder, words, message):
    before = {path.name: path.lstat() for path in folder.iterdir()}
    result = CliRunner().invoke(fit_app, [*words, "--json"])
    assert result.exit_code == 2, result.output
    assert message in result.stderr.replace("\n", " ") and result.stdout == ""
    after = {path.name: path.lstat() for path in folder.iterdir()}
    assert {n: (s.st_ino, s.st_size, s.st_mode) for n, s in before.items()} == {
        n: (s.st_ino, s.st_size, s.st_mode) for n, s in after.items()
    }


def test_a_file_in_the_way_of_a_table_of_the_paper_is_told(folder):
    result = CliRunner().invoke(fit_app, ["paper", "--table", "table-3", "--csv", "t.csv"])
    assert result.exit_code == 1 and "t.csv" in result.stderr
    assert (folder / "t.csv").read_text().startswith("N,D,")


def test_an_older_output_may_be_written_again(folder):
    for _ in range(2):
        result = CliRunner().invoke(fit_app, ["predict", "f.json", "t.csv", "--out", "p.csv", "--json"])
        assert result.exit_code == 0, result.output
    assert (folder / "p.csv").read_text().startswith("line,")
