import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import typer
import yaml
from typer.testing import CliRunner

import glotmix
from contracts.config import read_yaml, validate
from contracts.languages import LANGUAGE_NAMES
from contracts.manifest import VERSION
from glotmix import STAGES, Configuration, DefaultGroup, app

ROOT = typer.main.get_command(app)
GROUPS = {name: command for name, command in ROOT.commands.items() if hasattr(command, "commands")}
TABLES = (
    "corpus/documents", "corpus/units", "corpus/rejected", "corpus/near_duplicates", "pairs/pairs",
    "parallel/unit_pairs", "parallel/parallel", "split/split", "tokens/concat/tokenized", "mix/default/lineage",
)  # fmt: skip


def call(*arguments: object, code: int = 0):
    result = CliRunner().invoke(app, [str(a) for a in arguments], prog_name="glotmix")
    assert result.exit_code == code, result.output
    return result


def data(*arguments: object) -> dict:
    """What a command with --json prints: one document and nothing else on stdout."""
    return json.loads(call(*arguments, "--json").stdout)


@pytest.fixture
def copy(demo_run, tmp_path) -> Path:
    """A configuration that reads the demo's sources and writes to a folder of the test."""
    text = demo_run.config.read_text().replace("path: polyglot", f"path: {demo_run.sources}")
    path = tmp_path / "run.yaml"
    path.write_text(text)
    return path


# the front door


def test_version_is_printed():
    assert call("--version").stdout == f"glotmix {VERSION}\n"


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_the_front_door_loads_nothing_heavy(argument):
    code = (
        "import sys, typer; sys.argv = ['glotmix', sys.argv[1]]\n"
        "import glotmix\n"
        "try: glotmix.app()\n"
        "except SystemExit as e: assert not e.code\n"
        "heavy = {'torch', 'polars', 'pyarrow', 'numpy', 'scipy', 'datatrove', 'tokenizers', 'tree_sitter', 'ray'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, argument], capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("LOADED []\n"), done.stdout + done.stderr


def test_help_tells_the_exit_codes_and_every_command():
    text = " ".join(call("--help").stdout.split())
    assert "Exit codes: 0 done; 1 a stage failed" in text
    assert all(name in text for name in ROOT.commands)


def every_command(group=ROOT, path=()):
    for name, command in group.commands.items():
        yield (*path, name)
        if hasattr(command, "commands"):
            yield from every_command(command, (*path, name))


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_command_explains_itself(path):
    text = call(*path, "--help").stdout
    assert f"Usage: glotmix {' '.join(path)}" in text
    command = ROOT
    for name in path:
        command = command.commands[name]
    assert len(command.help or "") > 20
    assert [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)] == []


@pytest.mark.parametrize("path", [p for p in every_command() if p[-1] not in GROUPS and p != ("init",)], ids=" ".join)
def test_every_command_but_init_can_print_json(path):
    command = ROOT
    for name in path:
        command = command.commands[name]
    assert "--json" in {option for p in command.params for option in p.opts}


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"], ["run"], ["run", "a.yaml", "b.yaml"], ["run", "a.yaml", "--bogus"], ["trace", "x.ds"],
        ["trace", "x.ds", "-1"], ["inspect", "x", "-n", "0"], ["languages", "extra"], ["corpus", "--version"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_line_exits_with_2_and_prints_nothing_on_stdout(arguments):
    result = call(*arguments, code=2)
    assert result.stdout == ""
    assert "Usage" in result.stderr or "Error" in result.stderr


# groups


def test_there_are_groups():
    assert {"corpus", "pairs", "mix"} <= set(GROUPS)


def words(name: str, *arguments: str) -> list[str]:
    """The subcommand of a group and its arguments, as the group understands them."""
    context = GROUPS[name].make_context(name, list(arguments))
    return [*context._protected_args, *context.args]


@pytest.mark.parametrize("name", GROUPS)
@pytest.mark.parametrize(
    "arguments",
    [
        ["c.yaml"],
        ["c.yaml", "--force"],
        ["--force", "c.yaml"],
        ["--set", "a=b", "c.yaml"],
        ["c.yaml", "--set", "a=b", "--json"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_group_without_a_subcommand_means_its_default(name, arguments):
    group = GROUPS[name]
    assert isinstance(group, DefaultGroup)
    assert words(name, *arguments) == words(name, group.default, *arguments) == [group.default, *arguments]


@pytest.mark.parametrize(("name", "sub"), [(n, s) for n, g in GROUPS.items() for s in g.commands])
def test_every_subcommand_stays_within_reach(name, sub):
    assert words(name, sub, "c.yaml", "--json") == [sub, "c.yaml", "--json"]


@pytest.mark.parametrize("name", GROUPS)
def test_a_bare_group_and_its_help_list_the_subcommands(name):
    text = call(name, "--help").stdout
    assert all(sub in text for sub in GROUPS[name].commands)
    bare = CliRunner().invoke(app, [name])
    assert bare.exit_code == 2
    assert all(sub in bare.output for sub in GROUPS[name].commands)


@pytest.mark.parametrize("name", ["corpus", "pairs", "mix"])
def test_the_default_does_what_run_does(demo_run, name):
    short, long = (data(name, *words, demo_run.config) for words in ([], ["run"]))
    assert short == long
    assert {row["state"] for row in short["stages"]["rows"]} == {"unchanged"}


# running


def test_a_finished_run_is_found_finished_and_named_stage_by_stage(demo_run):
    found = data("run", demo_run.config)
    assert [(r["stage"], r["state"]) for r in found["stages"]["rows"]] == [(s, "unchanged") for s in STAGES]
    assert set(found) >= {
        "corpus",
        "rejected",
        "translation pairs",
        "parallel documents",
        "split",
        "tokenizer",
        "tokens to mix",
        "mixture",
    }
    text = call("run", demo_run.config).stdout
    assert f"Next: glotmix trace {demo_run.output / 'mix' / 'default' / '00000.ds'} 0" in text


def test_a_run_until_a_stage_stops_there_and_json_is_all_of_stdout(copy):
    arguments = [sys.executable, "-m", "glotmix", "run", str(copy), "--until", "corpus", "--json"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == {"corpus", "rejected", "stages"}
    assert sorted(p.name for p in (copy.parent / "out").iterdir()) == ["corpus"]
    call("run", copy, "--until", "corpus", "--set", "corpus.dedup.near=false", code=1)  # stale, and not redone
    assert (
        "dedup.near: true -> false"
        in CliRunner().invoke(app, ["corpus", str(copy), "--set", "corpus.dedup.near=false"]).stderr
    )


def test_an_unknown_stage_is_refused_with_those_there_are(demo_run):
    assert (
        "allowed are corpus, pairs, parallel, split" in call("run", demo_run.config, "--until", "bogus", code=2).stderr
    )


@pytest.mark.parametrize("name", ["corpus", "pairs", "mix"])
def test_a_summary_shows_what_a_run_showed(demo_run, name):
    shown = data(name, "summary", demo_run.config)
    done = data(name, "run", demo_run.config)
    assert shown == {key: value for key, value in done.items() if key != "stages"}


def test_a_summary_of_nothing_names_the_command_to_run(demo_run, tmp_path):
    result = call("pairs", "summary", demo_run.config, "--set", f"output={tmp_path}", "--json", code=1)
    assert result.stdout == ""
    assert "Run: glotmix run" in result.stderr


@pytest.mark.parametrize(
    ("setting", "code", "message"),
    [
        ("corpus.bogus=1", 2, "corpus.bogus: unknown key"),
        ("mix.seed", 2, "expected key=value"),
        ("mix.sequence_length=0", 2, "mix.sequence_length: Input should be"),
        ("corpus.sources=[{type: directory, name: a, path: nowhere}]", 2, "does not exist"),
        ("corpus.sources=[{type: archive, name: a, path: nowhere.zip}]", 2, "nowhere.zip"),
        ("corpus.sources=[{type: git, name: a, path: .}]", 2, "source 'a'"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_what_cannot_be_run_exits_with_its_code_and_an_empty_stdout(copy, setting, code, message, options):
    result = call("run", copy, "--set", setting, *options, code=code)
    assert result.stdout == ""
    assert message in result.stderr


def test_a_missing_configuration_names_init(tmp_path):
    assert "Write one with: glotmix init" in call("run", tmp_path / "absent.yaml", code=2).stderr


def test_an_interrupt_says_how_to_go_on(demo_run, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(glotmix, "_load", interrupt)
    assert "goes on where it stopped" in call("run", demo_run.config, code=130).stderr


# init


@pytest.mark.parametrize("sources_inside", [True, False])
def test_a_new_configuration_is_valid_and_runs(tmp_path, monkeypatch, demo_run, sources_inside):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code").mkdir()
    for file in (demo_run.sources / "python").iterdir():
        (tmp_path / "code" / file.name).write_bytes(file.read_bytes())
    source = "code" if sources_inside else "."
    assert "Next: glotmix run new.yaml" in call("init", "new.yaml", "--source", source).stdout
    config = validate(Configuration, read_yaml(tmp_path / "new.yaml"), "new.yaml")
    assert config.corpus.sources[0].path == source
    done = subprocess.run(
        [sys.executable, "-m", "glotmix", "run", "new.yaml", "--until", "corpus", "--json"],
        capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    expected = len(list((tmp_path / "code").iterdir()))
    rows = json.loads(done.stdout)["corpus"]["rows"]
    assert rows[-1]["documents"] == expected
    again = data("run", "new.yaml", "--until", "corpus")  # results in the folder that is read change nothing
    assert again["stages"]["rows"][0]["state"] == "unchanged"


def test_the_examples_in_a_new_configuration_are_valid_when_uncommented(tmp_path):
    call("init", tmp_path / "new.yaml", "--source", tmp_path)
    lines = (tmp_path / "new.yaml").read_text().splitlines()
    example = re.compile(r"  # (- type: |  +[a-z]+:( |$))")
    text = "\n".join(re.sub(r"^  # ", "  ", line) if example.match(line) else line for line in lines)
    config = validate(Configuration, yaml.safe_load(text), "uncommented")
    assert [s.type for s in config.corpus.sources] == ["directory", "git", "archive", "jsonl", "parquet"]
    assert config.corpus.sources[3].columns.content == "text"


def test_init_overwrites_only_when_told_to(tmp_path):
    path = tmp_path / "sub" / "new.yaml"
    call("init", path, "--source", tmp_path)
    path.write_text("mine")
    assert "give another name or --force" in call("init", path, "--source", tmp_path, code=2).stderr
    assert path.read_text() == "mine"
    call("init", path, "--source", tmp_path, "--force")
    assert path.read_text().startswith("# A glotmix run.")


def test_init_refuses_a_source_that_is_not_there(tmp_path):
    assert "no such directory" in call("init", tmp_path / "a.yaml", "--source", tmp_path / "absent", code=2).stderr
    assert list(tmp_path.iterdir()) == []


def test_results_inside_the_source_are_left_out_wherever_the_configuration_lies(tmp_path):
    call("init", tmp_path / "conf" / "new.yaml", "--source", tmp_path)
    config = validate(Configuration, read_yaml(tmp_path / "conf" / "new.yaml"), "new.yaml")
    assert "conf/glotmix-out" in config.corpus.sources[0].exclude
    assert "node_modules" in config.corpus.sources[0].exclude


# looking


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_inspected(demo_run, table):
    folder = demo_run.output / table
    found = data("inspect", folder, "-n", 3)[folder.name]
    files = sorted(folder.glob("*.parquet"))
    assert len(found["rows"]) == min(3, sum(pq.read_metadata(f).num_rows for f in files))
    assert all(list(row) == pq.read_schema(files[0]).names for row in found["rows"])
    assert found["title"].endswith(f"in {len(files)} file(s)")
    assert call("inspect", folder).stdout.strip()
    one = data("inspect", files[0], "-n", 1)[folder.name]
    assert one["rows"] == found["rows"][: len(one["rows"])]


def test_rows_are_taken_across_files_and_columns_in_the_order_asked_for(demo_run):
    folder = demo_run.output / "corpus" / "documents"
    rows = data("inspect", folder, "-n", 1000, "--columns", "language,id")["documents"]["rows"]
    assert len(rows) > 60
    assert list(rows[0]) == ["language", "id"]
    assert set(LANGUAGE_NAMES) == {row["language"] for row in rows}


def test_json_has_whole_texts(demo_run):
    (row,) = data("inspect", demo_run.output / "corpus" / "documents", "-n", 1)["documents"]["rows"]
    assert len(row["content"].encode()) == row["bytes"] > 160


def test_a_shard_shows_its_sequences_as_text(demo_run):
    folder = demo_run.output / "mix" / "default"
    for shard in sorted(folder.glob("*.ds")):
        rows = data("inspect", shard, "-n", 2)[shard.name]["rows"]
        assert [row["sequence"] for row in rows] == [0, 1]
        assert all(row["text"] and row["spans"] >= 1 for row in rows)
    assert "sequences of 1,024 tokens" in call("inspect", shard, "-n", 1).stdout


@pytest.mark.parametrize(
    "folder", ["corpus", "pairs", "parallel", "split", "tokenizer", "tokens/concat", "mix/default"]
)
def test_a_stages_folder_shows_its_summary(demo_run, folder):
    assert all(table["rows"] for table in data("inspect", demo_run.output / folder).values())
    assert call("inspect", demo_run.output / folder).stdout


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("", [], "neither a finished stage nor a folder of Parquet files"),
        ("corpus/manifest.json", [], "not a Parquet file, a shard"),
        ("corpus/documents", ["--columns", "id,sise"], "no column sise; there are id, source"),
    ],
)
def test_what_cannot_be_inspected_exits_with_1(demo_run, path, options, message):
    result = call("inspect", demo_run.output / path, *options, "--json", code=1)
    assert message in result.stderr
    assert result.stdout == ""


def test_a_path_that_is_not_there_says_what_stands_beside_it(demo_run):
    result = call("inspect", demo_run.output / "absent", "--json", code=2)
    assert "no such file or folder" in result.stderr and "corpus/" in result.stderr
    assert result.stdout == ""


def test_a_sequence_is_traced_to_files_whose_text_it_holds(demo_run):
    folder = demo_run.output / "mix" / "default"
    shards = sorted(folder.glob("*.ds"))
    assert len(shards) > 1
    size = json.loads((folder / "manifest.json").read_text())["counts"]["sequences_per_shard"]
    for number, shard in enumerate(shards[:2]):
        (rows,) = (table["rows"] for table in data("trace", shard, 1).values())
        (same,) = (table["rows"] for table in data("trace", folder, number * size + 1).values())
        assert rows == same
        for row in rows:
            if row["source"]:
                assert (demo_run.sources / row["repo"] / row["path"]).is_file()
                assert row["licence"] == "Apache-2.0"
    assert "sequence 1 of 00000.ds" in call("trace", shards[0], 1).stdout


def test_a_parallel_sequence_is_traced_to_both_programs(demo_run):
    folder = demo_run.output / "mix" / "default"
    lineage = pq.read_table(folder / "lineage").to_pylist()
    sequence = next(row["sequence"] for row in lineage if row["component"] == "parallel" and row["document_id"])
    (rows,) = (table["rows"] for table in data("trace", folder, sequence).values())
    documents = [row for row in rows if row["document"] != "(padding)"]
    assert len({row["repo"] for row in documents}) >= 2
    assert {row["component"] for row in rows} == {"parallel"}


@pytest.mark.parametrize(
    ("shard", "sequence", "message"),
    [
        ("mix/default/00000.ds", 10**6, "a shard of this mixture has"),
        ("mix/default", 10**6, "the mixture has sequences 0 to"),
        ("mix/default/00099.ds", 0, "neither a shard"),
        ("corpus/documents/00000.parquet", 0, "neither a shard"),
        ("mix", 0, "no manifest.json here"),
    ],
)
def test_what_cannot_be_traced_exits_with_1(demo_run, shard, sequence, message):
    result = call("trace", demo_run.output / shard, sequence, "--json", code=1)
    assert message in result.stderr
    assert result.stdout == ""


def test_the_languages_are_listed_in_order():
    rows = data("languages")["languages"]["rows"]
    assert [row["name"] for row in rows] == list(LANGUAGE_NAMES)
    assert rows[1]["extensions"] == ".java"
    assert "tree-sitter-c-sharp" in call("languages").stdout


def test_piped_output_has_one_line_a_row(demo_run):
    arguments = [sys.executable, "-m", "glotmix", "mix", "summary", str(demo_run.config)]
    started = time.monotonic()
    text = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True).stdout
    assert time.monotonic() - started < 30
    table = text[text.index("\ncomponent   target") :].splitlines()[3:]
    assert [line.split()[0] for line in table if line.strip()] == [*LANGUAGE_NAMES, "parallel"]


# results that do not belong together


@pytest.fixture
def finished(demo_run, tmp_path) -> Path:
    """A copy of the finished run and a configuration that goes on with it."""
    shutil.copytree(demo_run.output, tmp_path / "out")
    path = tmp_path / "run.yaml"
    path.write_text(demo_run.config.read_text().replace("path: polyglot", f"path: {demo_run.sources}"))
    return path


@pytest.mark.parametrize("command", ["pairs", "mix"])
def test_a_command_refuses_a_corpus_that_is_not_the_configured_one(finished, command):
    result = call(command, finished, "--set", "corpus.gates.min_bytes=500", code=1)
    assert "gates.min_bytes: 32 -> 500" in result.stderr


def test_a_command_names_the_stage_that_has_to_come_before(copy):
    assert "the corpus stage is not finished. Run: glotmix corpus CONFIG" in call("pairs", copy, code=1).stderr


def test_redoing_stages_names_the_mixtures_that_no_longer_belong_to_them(finished):
    call("mix", finished, "--set", "mix.name=second", "--set", "mix.proportions=natural")
    result = call("run", finished, "--force", "--set", "split.seed=5")
    assert "the mixture second was made from stages that are gone now" in result.stderr.replace("\n", " ")
    shard = finished.parent / "out" / "mix" / "second" / "00000.ds"
    assert "made from another" in call("inspect", shard, code=1).stderr + call("trace", shard, 0, code=1).stderr
    verified = call("verify", finished.parent / "out", "--json", code=1)
    assert any("mix/second" in row["fault"] for row in json.loads(verified.stdout)["faults"]["rows"])


def test_rows_of_a_table_are_chosen_by_pattern(demo_run):
    table = demo_run.output / "corpus" / "rejected"
    found = data("inspect", table, "--where", "path=*.min.js", "--where", "step=gate", "--columns", "reason,path")
    assert found["rejected"]["rows"] == [{"reason": "minified", "path": "carousel.min.js"}]
    assert "no column colour" in call("inspect", table, "--where", "colour=red", code=1).stderr


def test_a_home_folder_in_output_is_expanded(copy, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    call("corpus", copy, "--set", "output=~/results")
    assert (tmp_path / "home" / "results" / "corpus" / "manifest.json").exists()
    assert not (tmp_path / "~").exists()
