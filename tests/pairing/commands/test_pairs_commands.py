"""The commands of `glotmix pairs` on a small finished run."""

import csv
import json
import shutil

import polars as pl
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
        (["--review", "x", "--min-precision", "0.5"], 2, "leave out --functions, --min-precision, --curve"),
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


def test_a_gold_says_in_which_columns_its_ids_were_found(small_run, gold):
    rows = json.loads(call("evaluate", small_run.root, "--gold", gold, "--json").stdout)["ids of the gold"]["rows"]
    counts = {r["found as"]: r["ids"] for r in rows}
    assert counts == {
        "id": 0, "source_id": 0, "repo/path": 12, "of rejected files": 0, "not in the corpus": 0, "all": 12
    }  # fmt: skip


@pytest.mark.parametrize("more", [[], ["--functions"]])
def test_a_gold_of_another_corpus_is_refused_with_what_was_looked_for(small_run, tmp_path, more):
    (tmp_path / "gold.csv").write_text("group,id,language\ng,x/a.py,python\ng,x/a.go,go\n")
    (tmp_path / "gold_functions.csv").write_text(
        "id_a,start_line_a,end_line_a,id_b,start_line_b,end_line_b,language_a,language_b\n"
        "x/a.py,1,2,x/a.go,3,5,python,go\n"
    )
    message = call("evaluate", small_run.root, "--gold", tmp_path, *more, code=2).stderr.replace("\n", " ")
    assert "0 of 2 ids of the gold are in" in message
    assert "looked for x/a.go and the others in id, source_id, repo/path of 12 documents" in message
    assert "repo/path r/src/heap.python" in message


def test_a_threshold_is_proposed_only_where_the_pairs_do_not_reach_the_precision_by_themselves(small_run, gold):
    below = call("evaluate", small_run.root, "--gold", gold, "--min-precision", 0.9).stdout
    assert "the pairs reach it as they are" in below
    assert "--min-score" not in below
    assert "--min-score" in call("evaluate", small_run.root, "--gold", gold, "--min-precision", 0.95).stdout


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


def test_statements_of_close_functions_stand_side_by_side(small_run):
    words = ("sample", small_run.root, "-n", 13, "--width", 120)
    text = call(*words, "--statements").stdout
    assert (
        sum("return x" in line and line.count("return x") == line.count(" = ") == 2 for line in text.splitlines())
        == 12
    )
    assert text.count("statements aligned in close functions: 2") == 12
    assert text.count("statements aligned in close functions: 0") == 1  # the loose one
    plain = call(*words).stdout
    assert " = " not in plain
    assert "statements" not in plain
    assert "leave one of them out" in call(*words, "--statements", "--json", code=2).stderr.replace("\n", " ")


def test_verdicts_of_people_come_back_as_a_precision(small_run, tmp_path):
    path = tmp_path / "review.csv"
    call("sample", small_run.root, "-n", 10, "--seed", 5, "--review", path)
    rows = list(csv.DictReader(path.open()))
    for row, verdict in zip(rows, ["right"] * 6 + ["partial", "wrong", "unsure", ""], strict=True):
        row["verdict"] = verdict
    rows.append({"pair_id": "gone", "id_a": "", "id_b": "", "verdict": "right"})
    with path.open("w") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    found = json.loads(call("evaluate", small_run.root, "--review", path, "--json").stdout)["review"]
    kinds = ("right", "partial", "wrong", "unsure", "open", "precision", "or partial")
    assert {k: found["rows"][0][k] for k in kinds} == {
        "right": 6, "partial": 1, "wrong": 1, "unsure": 1, "open": 1, "precision": 0.75, "or partial": 0.875
    }  # fmt: skip
    assert "1 reviewed pairs are predicted no more" in found["title"]
    assert sum(r["right"] for r in found["rows"][1:]) == 6


# thresholds of a run


def test_a_threshold_on_the_command_line_unsets_the_other():
    assert assignments(0.98, None) == ["pairs.min_precision=0.98", "pairs.min_score=null"]
    assert assignments(None, 0.5) == ["pairs.min_score=0.5", "pairs.min_precision=null"]
    assert assignments(None, None) == []


def test_both_thresholds_at_once_are_refused(tmp_path):
    result = call("run", tmp_path / "x.yaml", "--min-precision", 0.9, "--min-score", 0.5, code=2)
    assert "both set the threshold" in result.stderr


@pytest.mark.parametrize(("word", "meant"), [("sumary", "summary"), ("evalaute", "evaluate"), ("smaple", "sample")])
def test_a_misspelt_command_is_no_configuration(word, meant):
    assert f"Did you mean {meant}?" in call(word, "out", code=2).stderr


@pytest.mark.parametrize("word", ["summary.yaml", "nothing", "sumary"])
def test_what_looks_like_a_configuration_is_one(word, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if word == "sumary":
        (tmp_path / word).write_text("output: x\n")
    assert "No such command" not in call(word, code=2).stderr


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


def test_an_export_says_what_it_leaves_out_for_licences(small_run, tmp_path):
    shutil.copytree(small_run.root, tmp_path / "out")
    path = tmp_path / "out" / "pairs" / "pairs" / "00000.parquet"
    new = pl.when(language_a="java").then(pl.lit("GPL-2.0")).otherwise("licence_a")
    pl.read_parquet(path).with_columns(licence_a=new).write_parquet(path)
    told = call("export", tmp_path / "out", tmp_path / "x").stdout
    assert "5 rows of pairs and 5 rows of functions are left out for their licences" in " ".join(told.split())
    assert "licences" not in call("export", tmp_path / "out", tmp_path / "y", "--keep-refused").stdout


def test_a_split_of_other_pairs_is_refused(small_run, tmp_path):
    shutil.copytree(small_run.root, tmp_path / "out")
    path = tmp_path / "out" / "split" / "manifest.json"
    made = json.loads(path.read_text())
    made["inputs"]["pairs"] = "0" * 64
    path.write_text(json.dumps(made))
    assert "was made from another pairs stage" in call("export", tmp_path / "out", tmp_path / "x", code=1).stderr


# summary


def test_a_finished_run_is_summed_up_from_its_folder(demo_run):
    shown = json.loads(call("summary", demo_run.output, "--json").stdout)
    assert shown == json.loads(call("summary", demo_run.config, "--json").stdout)
    assert shown["translation pairs"]["rows"][-1]["pairs"] > 100
    assert "--set goes with a configuration" in call("summary", demo_run.output, "--set", "a=1", code=2).stderr
    assert "no such file or folder" in call("summary", demo_run.output / "x", code=2).stderr
    assert "give the configuration whose output it is" in call(demo_run.output, code=2).stderr


def test_parallel_documents_are_counted_by_direction_and_every_table_adds_up():
    counts = {"concat/file/python->go": 3, "concat/file/go->python": 2, "prompt/file/java->go": 4}
    parallel = {name: {"documents": n, "bytes": 10 * n} for name, n in counts.items()}
    items = {"file": {"offered": 9, "written": 6, "refused": {"too_long": 2, "contaminated": 1}}}
    text = {"configuration": {}, "configuration_hash": "", "inputs": {}, "files": [], "identity": ""}
    made = {"unit_pairs": 0, "parallel": parallel, "items": items}
    shown = {s.name: s.rows for s in summaries(Manifest(**text, stage="parallel", counts=made))}
    forms = {r["form"]: r["documents"] for r in shown["parallel documents"]}
    assert forms == {"concat/file": 5, "prompt/file": 4}
    assert shown["parallel documents by direction, concat/file"] == [
        {"from": "python", "python": 0, "go": 3, "all": 3},
        {"from": "go", "python": 2, "go": 0, "all": 2},
        {"from": "all", "python": 2, "go": 3, "all": 5},
    ]
    assert shown["became parallel documents"] == [{"level": "file", "offered": 9, "written": 6, "refused": 3}]
    assert sum(r["refused"] for r in shown["refused"]) == 3
