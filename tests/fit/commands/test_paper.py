import csv
import json

import pytest
from typer.testing import CliRunner

from fit.commands.app import fit_app
from fit.commands.paper import NAMES
from fit.paper.numbers import LANGUAGES


def call(*arguments: object, code: int = 0):
    result = CliRunner().invoke(fit_app, ["paper", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def test_all_tables_are_printed_and_the_eight_inconsistencies_flagged():
    found = json.loads(call("--json").stdout)
    assert len(found) == len(NAMES)
    rows = found["inconsistencies"]["rows"]
    assert [row["no"] for row in rows] == list(range(1, 9))
    assert all(row["contradicts"] for row in rows)
    text = call("--table", "inconsistencies").stdout
    assert "characters)" not in text  # nothing is cut off


def test_tables_are_written_as_csv(tmp_path):
    call("--csv", tmp_path / "out", "--table", "table-1", "--table", "figure-2")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["figure-2.csv", "table-1.csv"]
    with open(tmp_path / "out" / "table-1.csv") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["target"] for row in rows] == list(LANGUAGES)


def test_an_unknown_table_is_refused_with_those_there_are():
    assert "--table x: allowed are figure-2, column-orders" in call("--table", "x", "--json", code=2).stderr


@pytest.mark.parametrize("name", NAMES)
def test_each_table_can_be_had_alone(name):
    (table,) = json.loads(call("--table", name, "--json").stdout).values()
    assert table["rows"]
