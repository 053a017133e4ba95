"""The format of the gold: what is read, and what every fault says."""

import json

import pytest
import zstandard

from contracts.errors import ConfigError
from pairing.evaluate import gold as module
from pairing.evaluate.gold import read_functions, read_gold

GOLD = "group,id,language\ng,a,python\ng,b,C#\n"
FUNCTIONS = "id_a,start_line_a,end_line_a,id_b,start_line_b,end_line_b,language_a,language_b\n"


def folder(tmp_path, **files):
    for name, text in {"gold": GOLD, **files}.items():
        suffix = "" if name.startswith("files") else ".csv"
        (tmp_path / (name.replace("_json", ".jsonl") + suffix)).write_text(text, encoding="utf-8")
    return tmp_path


def test_three_columns_are_enough_and_other_names_of_languages_are_understood(tmp_path):
    found = read_gold(folder(tmp_path))
    assert found.members.rows() == [("g", "a", "python", "", "gold"), ("g", "b", "csharp", "", "gold")]
    assert found.files is None
    assert found.ignored.height == 0
    assert found.ids().to_list() == ["a", "b"]


def test_files_give_source_and_pool_and_may_be_packed(tmp_path):
    rows = [
        {"id": i, "language": x, "source": "s", "content": "x" * 5000}
        for i, x in (("a", "python"), ("b", "csharp"), ("c", "go"))
    ]
    text = "\n".join(map(json.dumps, rows)).encode()
    folder(tmp_path)
    (tmp_path / "files.jsonl.zst").write_bytes(zstandard.compress(text))
    found = read_gold(tmp_path)
    assert found.files.rows()[2] == ("c", "go", "s", "s")
    assert found.members["source"].to_list() == ["s", "s"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"gold": "group,id\ng,a\n"}, r"gold.csv, line 1: lacks the column language"),
        ({"gold": ""}, r"gold.csv, line 1: lacks the column group; .* there are none"),
        ({"gold": "group,id,id,language\n"}, r"line 1: the column id stands there twice"),
        ({"gold": GOLD + "g,c\n"}, r"gold.csv, line 4: 2 values for 3 columns"),
        ({"gold": GOLD + "\ng,,go\n"}, r"gold.csv, line 5: id is empty"),
        ({"gold": GOLD + "g,c,cobol\n"}, r"gold.csv, line 4: language 'cobol'; allowed are python, java"),
        ({"gold": GOLD + "g,a,python\n"}, r"gold.csv, line 4: id a stands in group g twice"),
        ({"gold": GOLD + "h,a,go\n"}, r"gold.csv, line 4: language go, but id a was python before"),
        ({"gold": "group,id,language\ng,a,go\ng,b,go\n"}, r"no group holds documents in two languages"),
        ({"ignore_pairs": "id_a,id_b\na,a\n"}, r"ignore_pairs.csv, line 2: id_a and id_b are the same"),
        ({"ignore_pairs": "id_a,id_b\nb,a\n"}, r"ignore_pairs.csv, line 2: b and a stand in group g"),
        ({"files_json": '{"id": "a", "language": "python"}\n'}, r"gold.csv, line 3: id b is not in .*files.jsonl"),
        ({"files_json": '{"id": "a"}\n'}, r"files.jsonl, line 1: language is missing"),
        ({"files_json": "[1]\n"}, r"files.jsonl, line 1: not a JSON object"),
        ({"files_json": "{\n"}, r"files.jsonl, line 1: not JSON"),
    ],
)
def test_a_fault_names_file_line_and_column(tmp_path, files, message):
    with pytest.raises(ConfigError, match=message):
        read_gold(folder(tmp_path, **files))


def test_a_folder_without_gold_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gold.csv: no such file; it needs the columns group, id, language"):
        read_gold(tmp_path)
    with pytest.raises(ConfigError, match="no such folder"):
        read_gold(tmp_path / "absent")


def test_text_that_is_no_utf8_is_named(tmp_path):
    (tmp_path / "gold.csv").write_bytes(b"group,id,language\n\xff,a,go\n")
    with pytest.raises(ConfigError, match="cannot be read as CSV in UTF-8"):
        read_gold(tmp_path)


def test_a_gold_of_too_many_pairs_is_refused_before_they_are_made(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_PAIRS", 10)
    rows = "".join(f"g,x{n},{'go' if n % 2 else 'java'}\n" for n in range(9))
    with pytest.raises(ConfigError, match="means 40 pairs, allowed are 10; group g has 9 documents"):
        read_gold(folder(tmp_path, gold="group,id,language\n" + rows))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,0,5,b,1,2,go,java", "line 2: start_line_a is '0'"),
        ("a,x,5,b,1,2,go,java", "line 2: start_line_a is 'x'"),
        ("a,6,5,b,1,2,go,java", "line 2: end_line_a is before start_line_a"),
        ("a,1,5,b,1,2,go,perl", "line 2: language_b 'perl'"),
        ("", "holds no pair of functions"),
    ],
)
def test_a_fault_in_the_functions_names_line_and_column(tmp_path, row, message):
    (tmp_path / "gold_functions.csv").write_text(FUNCTIONS + row + "\n")
    with pytest.raises(ConfigError, match=message):
        read_functions(tmp_path)
