"""The commands of `glotmix pairs` on a small finished run."""

import csv
import json
import shutil

import pytest
from typer.testing import CliRunner

import glotmix
from contracts.manifest import Manifest
from pairing.commands.run import assignments
from report.terminal import summaries

GROUPS = [(p, f"r/src/{p}.{x}", x) for p in ("heap", "roman", "sieve", "queue") for x in ("python", "java", "go")]


def call(*words, code=0, **environment):
    result = CliRunner().invoke(glotmix.app, ["pairs", *map(str, words)], env=environment or None)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def gold(tmp_path):
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "gold.csv").write_text("group,id,language\n" + "".join(",".join(row) + "\n" for row in GROUPS))
    return folder


# evaluate


@pytest.mark.parametrize("what", ["", "pairs", "pairs/pairs", "pairs/pairs/00000.parquet"])
def test_a_run_its_pairs_and_their_table_are_scored_alike(small_run, gold, what):
    found = json.loads(call("evaluate", small_run.root / what, "--gold", gold, "--json").stdout)
    micro = found["pairs of documents"]["rows"][0]
    assert (micro["predicted"], micro["right"], micro["gold"]) == (13, 12, 12)
    assert (micro["precision"], micro["recall"]) == (round(12 / 13, 4), 1.0)
    assert {r["languages"]: r["right"] for r in found["by language pair"]["rows"]} == {
        "java-go": 4, "python-go": 4, "python-java": 4
    }  # fmt: skip
    counts = {r["truth"]: r["pairs"] for r in found["predictions"]["rows"]}
    assert sum(n for name, n in counts.items() if name != "all") == counts["all"] == 13
    kinds = {r["kind"]: r["predicted"] for r in found["by kind as mined"]["rows"]}
    assert sum(kinds.values()) == 13
    chosen = found["threshold for precision"]["rows"][0]
    assert (chosen["precision"], chosen["recall"]) == (1.0, 1.0)


def test_the_curve_is_written_and_drawn_the_same_every_time(small_run, gold, tmp_path):
    for number in "12":
        files = [tmp_path / f"{number}.{kind}" for kind in ("csv", "svg", "png")]
        call("evaluate", small_run.root, "--gold", gold, "--curve", files[0], "--plot", files[1])
        call("evaluate", small_run.root, "--gold", gold, "--plot", files[2])
    rows = list(csv.DictReader((tmp_path / "1.csv").open()))
    assert [(r["pairs"], r["right"]) for r in rows[:2]] == [("13", "12"), ("12", "12")]
    for kind in ("csv", "svg", "png"):
        assert (tmp_path / f"1.{kind}").read_bytes() == (tmp_path / f"2.{kind}").read_bytes()


def test_functions_are_scored_by_their_own_gold(small_run, gold):
    head = "id_a,start_line_a,end_line_a,id_b,start_line_b,end_line_b,language_a,language_b\n"
    right = "r/src/heap.python,1,2,r/src/heap.go,3,5,python,go\n"
    wrong = "r/src/roman.python,5,6,r/src/roman.go,3,5,python,go\n"
    (gold / "gold_functions.csv").write_text(head + right + wrong)
    found = json.loads(call("evaluate", small_run.root, "--gold", gold, "--functions", "--json").stdout)
    micro = found["pairs of functions"]["rows"][0]
    assert (micro["predicted"], micro["right"], micro["gold"]) == (2, 1, 2)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "give either --gold FOLDER or --review FILE"),
        (["--gold", "{gold}", "--review", "x"], 2, "give either"),
        (["--gold", "nowhere"], 2, "no such folder"),
        (["--gold", "{gold}", "--plot", "x.pdf"], 2, "allowed are names in .svg and .png"),
        (["--gold", "{gold}", "--curve", "{gold}/gold.csv"], 2, "which is read"),
        (["--gold", "{gold}", "--documents", "x"], 2, "--documents goes with a table"),
        (["--gold", "{gold}", "--functions"], 2, "gold_functions.csv: no such file"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(small_run, gold, words, code, message):
    result = call("evaluate", small_run.root, *(w.format(gold=gold) for w in words), code=code)
    assert message in result.stderr.replace("\n", " ")
    assert result.stdout == ""


def test_a_folder_without_pairs_names_the_command(tmp_path, gold):
    (tmp_path / "empty").mkdir()
    assert "Run: glotmix pairs" in call("evaluate", tmp_path / "empty", "--gold", gold, code=1).stderr
    assert "no such file or folder" in call("evaluate", tmp_path / "absent", "--gold", gold, code=2).stderr


# sample and review


def test_a_sample_shows_texts_evidence_and_aligned_functions(small_run):
    text = call("sample", small_run.root, "-n", 13, "--width", 120).stdout
    assert "\x1b" not in text
    assert "1 of 13: " in text
    assert "licence MIT" in text
    assert "functions: 1 aligned, 1 only in python, 0 only in go" in text
    beside = next(line for line in text.splitlines() if "def heap" in line and "func heap" in line)
    assert beside.count("[1]") == 2
    assert any("[-]" in line and "def helper" in line for line in text.splitlines())


def test_a_sample_can_be_filtered_and_says_what_there_is_when_nothing_is_left(small_run):
    rows = json.loads(call("sample", small_run.root, "--languages", "go-python", "--kind", "close", "--json").stdout)
    assert {(r["languages"], r["kind"]) for r in rows["sample"]["rows"]} == {("python-go", "close")}
    assert len(json.loads(call("sample", small_run.root, "--max-score", 0.4, "--json").stdout)["sample"]["rows"]) == 1
    assert "there are 13 pairs, of java-go, python-go, python-java" in call(
        "sample", small_run.root, "--min-score", 0.99, code=1
    ).stderr.replace("\n", " ")
    assert "give A-B" in call("sample", small_run.root, "--languages", "go", code=2).stderr
    assert "allowed are close, loose, none" in call("sample", small_run.root, "--kind", "x", code=2).stderr


def test_a_sample_is_cut_to_its_lines_and_says_how_many_are_left(small_run):
    text = call("sample", small_run.root, "-n", 1, "--lines", 2).stdout
    assert "more rows; --lines 0 shows all" in text


def test_verdicts_of_people_come_back_as_a_precision(small_run, tmp_path):
    path = tmp_path / "review.csv"
    call("sample", small_run.root, "-n", 10, "--seed", 5, "--review", path)
    rows = list(csv.DictReader(path.open()))
    for row, verdict in zip(rows, ["right"] * 7 + ["wrong", "unsure", ""], strict=True):
        row["verdict"] = verdict
    rows.append({"pair_id": "gone", "id_a": "", "id_b": "", "verdict": "right"})
    with path.open("w") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    found = json.loads(call("evaluate", small_run.root, "--review", path, "--json").stdout)["review"]
    assert {k: found["rows"][0][k] for k in ("right", "wrong", "unsure", "open", "precision")} == {
        "right": 7, "wrong": 1, "unsure": 1, "open": 1, "precision": 0.875
    }  # fmt: skip
    assert "1 reviewed pairs are predicted no more" in found["title"]
    assert sum(r["right"] for r in found["rows"][1:]) == 7


# thresholds of a run


def test_a_threshold_on_the_command_line_unsets_the_other():
    assert assignments(0.98, None) == ["pairs.min_precision=0.98", "pairs.min_score=null"]
    assert assignments(None, 0.5) == ["pairs.min_score=0.5", "pairs.min_precision=null"]
    assert assignments(None, None) == []


def test_both_thresholds_at_once_are_refused(tmp_path):
    result = call("run", tmp_path / "x.yaml", "--min-precision", 0.9, "--min-score", 0.5, code=2)
    assert "both set the threshold" in result.stderr


# export


def test_an_export_counts_every_row_once_and_refuses_a_full_folder(small_run, tmp_path):
    rows = json.loads(call("export", small_run.root, tmp_path / "x", "--json").stdout)
    found = {r["table"]: r for r in next(iter(rows.values()))["rows"]}
    assert found["pairs"] == {"table": "pairs", "train": 10, "validation": 3, "all": 13}
    assert found["concat"]["all"] == 26
    assert "not an empty folder" in call("export", small_run.root, tmp_path / "x", code=1).stderr
    assert "would no longer match" in call(
        "export", small_run.root, small_run.root / "pairs" / "x", code=1
    ).stderr.replace("\n", " ")
    assert (
        "allowed: parquet, datasets" in call("export", small_run.root, tmp_path / "y", "--format", "z", code=2).stderr
    )
    assert (
        "there are pairs, functions, concat"
        in call("export", small_run.root, tmp_path / "y", "--only", "z", code=2).stderr
    )
    assert not (tmp_path / "y").exists()


def test_a_split_of_other_pairs_is_refused(small_run, tmp_path):
    shutil.copytree(small_run.root, tmp_path / "out")
    path = tmp_path / "out" / "split" / "manifest.json"
    made = json.loads(path.read_text())
    made["inputs"]["pairs"] = "0" * 64
    path.write_text(json.dumps(made))
    assert "was made from another pairs stage" in call("export", tmp_path / "out", tmp_path / "x", code=1).stderr


# summary


def test_parallel_documents_are_counted_by_direction_and_every_table_adds_up():
    counts = {"concat/file/python->go": 3, "concat/file/go->python": 2, "prompt/file/java->go": 4}
    parallel = {name: {"documents": n, "bytes": 10 * n} for name, n in counts.items()}
    items = {"file": {"offered": 9, "written": 6, "refused": {"too_long": 2, "contaminated": 1}}}
    facts = {"by_languages": {}, "pairs": 0, "unit_pairs": 0, "licence_unknown": 0, "given_not_in_corpus": 0}
    text = {"stage": "pairs", "configuration": {}, "configuration_hash": "", "inputs": {}, "files": [], "identity": ""}
    shown = {
        s.name: s.rows for s in summaries(Manifest(**text, counts={**facts, "parallel": parallel, "items": items}))
    }
    forms = {r["form"]: r["documents"] for r in shown["parallel documents"]}
    assert forms == {"concat/file": 5, "prompt/file": 4}
    assert shown["parallel documents by direction, concat/file"] == [
        {"from": "python", "python": 0, "go": 3, "all": 3},
        {"from": "go", "python": 2, "go": 0, "all": 2},
        {"from": "all", "python": 2, "go": 3, "all": 5},
    ]
    assert shown["became parallel documents"] == [{"level": "file", "offered": 9, "written": 6, "refused": 3}]
    assert sum(r["refused"] for r in shown["refused"]) == 3
