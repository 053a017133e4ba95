"""Files of JSON lines for people."""

import json
import re
import tracemalloc

import orjson
import pytest

from contracts.errors import ConfigError, GlotmixError
from mixer import json_lines as module
from mixer.inspect import inspect_path

ROWS = [
    {"rung": "50M", "tokens": [1, 2], "shares": {"go": 0.5}, "hours": None, "done": True},
    {"rung": "0.1B", "tokens": [3], "shares": {"go": 0.25}, "seed": 7},
    {"rung": "0.2B", "tokens": [3, 4], "name": "größer\nals"},
]


def test_a_path_that_is_not_there_is_told_with_what_stands_beside_it(tmp_path):
    (tmp_path / "run" / "corpus" / "documents").mkdir(parents=True)
    (tmp_path / "run" / "notes.txt").touch()
    told = re.escape(f"no such file or folder; {tmp_path / 'run'} is there, and holds corpus/, notes.txt")
    for name in ("pears", "pears/pairs/00000.parquet"):
        with pytest.raises(ConfigError, match=told):
            inspect_path(tmp_path / "run" / name, 5, None, [])


def test_a_folder_without_a_table_is_told_with_what_it_holds(tmp_path):
    for number in range(12):
        (tmp_path / f"{number:02d}").mkdir()
    with pytest.raises(GlotmixError, match=r"nor a folder of Parquet files; it holds 00/, 01/, .* 09/, \.\.\.$"):
        inspect_path(tmp_path, 5, None, [])


@pytest.fixture
def table(tmp_path):
    """A file with empty lines and without a last line break."""
    path = tmp_path / "list.jsonl"
    path.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    return path


def test_rows_have_the_columns_of_all_lines(table):
    (shown,) = inspect_path(table, 2, None, [])
    assert (shown.title, shown.name) == ("list.jsonl: 3 rows", "list.jsonl")
    assert [list(row) for row in shown.rows] == [["rung", "tokens", "shares", "hours", "done", "seed", "name"]] * 2
    assert {key: value for key, value in shown.rows[1].items() if value is not None} == ROWS[1]


@pytest.mark.parametrize(
    ("where", "rungs"),
    [
        (["rung=0.*"], ["0.1B", "0.2B"]),
        (["rung=0?1B"], ["0.1B"]),
        (["rung=0"], []),
        (["rung=0.*", "seed=7"], ["0.1B"]),
        (["seed="], ["50M", "0.2B"]),
        (["done=true"], ["50M"]),
        (["tokens=[[]3*"], []),
        (["tokens=[3*"], ["0.1B", "0.2B"]),
        (['shares=*"go": 0.25*'], ["0.1B"]),
        (["name=größer*als"], ["0.2B"]),
    ],
)
def test_conditions_hold_for_whole_values(table, where, rungs):
    (shown,) = inspect_path(table, 9, ["rung"], where)
    assert shown.rows == [{"rung": rung} for rung in rungs]
    assert shown.title == f"list.jsonl: {len(rungs)} matching rows"


@pytest.mark.parametrize(("columns", "where"), [(["rung", "colour"], []), (None, ["colour=red"])])
def test_an_unknown_column_is_refused_with_those_that_are_there(table, columns, where):
    with pytest.raises(GlotmixError, match=r"no column colour; there are rung, tokens, shares, hours, done, seed"):
        inspect_path(table, 1, columns, where)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            b'{"rung": "0.1',
            r"line 6: not JSON \(Unterminated string starting at, character 10\); was the file cut off",
        ),
        (b"[1, 2]", "line 6: not a JSON object but list"),
        (b'{"rung": "\xff"}', r"line 6: not JSON \('utf-8' codec"),
        (b"[" * 200_000, "line 6: not JSON"),
        (b'{"a": 1} {"a": 2}', r"line 6: not JSON \(Extra data, character 10"),
    ],
)
def test_a_broken_line_is_named(table, line, message):
    table.write_bytes(table.read_bytes() + b"\n" + line + b"\n")
    with pytest.raises(GlotmixError, match=f"{re.escape(str(table))}, {message}"):
        inspect_path(table, 1, None, [])


def test_a_file_without_rows_has_none(tmp_path):
    (tmp_path / "empty.jsonl").write_text("\n")
    (shown,) = inspect_path(tmp_path / "empty.jsonl", 5, ["rung"], ["rung=*"])
    assert shown.rows == []


def test_what_json_can_spell_and_other_programs_cannot_read_is_printable(tmp_path):
    (tmp_path / "odd.jsonl").write_text('{"half": "a\\ud800", "large": 36893488147419103232, "loss": NaN}\n')
    (shown,) = inspect_path(tmp_path / "odd.jsonl", 5, None, ["large=3689*"])
    assert orjson.loads(orjson.dumps(shown.rows)) == [{"half": "a?", "large": "36893488147419103232", "loss": None}]


def test_memory_does_not_grow_with_the_file_and_a_line_without_end_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "large.jsonl"
    path.write_text(f'{{"text": "{"x" * 10_000}"}}\n' * 2000)
    tracemalloc.start()
    try:
        (shown,) = inspect_path(path, 3, None, [])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert shown.title == "large.jsonl: 2,000 rows"
    assert peak < 1_000_000, "the file has 20 MB"
    monkeypatch.setattr(module, "LONGEST", 5_000)
    with pytest.raises(GlotmixError, match="line 1: longer than 5,000 bytes"):
        inspect_path(path, 3, None, [])
