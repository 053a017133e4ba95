"""The commands around a mixture: what they print, refuse and leave alone."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from glotmix import app


@pytest.fixture
def run_copy(demo_run, tmp_path) -> tuple[Path, Path]:
    """A configuration and a mixture of the finished run that may be spoilt; earlier stages are the run's own."""
    for path in demo_run.output.iterdir():
        if path.name != "mix":
            (tmp_path / path.name).symlink_to(path)
    shutil.copytree(demo_run.output / "mix", tmp_path / "mix")
    return demo_run.config, tmp_path


def call(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments], prog_name="glotmix")
    assert result.exit_code == code, result.output
    return result.output


def test_a_dry_run_prints_the_plan_and_writes_nothing(run_copy):
    config, output = run_copy
    before = sorted(output.rglob("*"))
    options = ("--set", f"output={output}", "--set", "mix.proportions={go: 0.5, rust: 0.5}", "--json")
    (plan,) = json.loads(call("mix", config, "--dry-run", *options)).values()
    rows = plan["rows"] if isinstance(plan, dict) else plan
    assert [row["component"] for row in rows] == ["go", "rust"]
    assert sorted(output.rglob("*")) == before


@pytest.mark.parametrize(
    "command", [["mix", "CONFIG", "--dry-run"], ["stats", "CONFIG"], ["mix", "views", "CONFIG", "LIST"]]
)
@pytest.mark.parametrize("option", ["tokenizer.vocab_size=999", "split.unseen_directions=[python->go]"])
def test_stages_that_are_not_as_configured_are_refused(run_copy, tmp_path, command, option):
    config, output = run_copy
    listed = tmp_path / "list.jsonl"
    listed.write_text(json.dumps({"name": "one"}))
    words = [{"CONFIG": config, "LIST": listed}.get(word, word) for word in command]
    text = call(*words, "--set", f"output={output}", "--set", option, code=1)
    assert option.split("=")[0].split(".")[1] in text and "does not match what is asked" in text


def test_pairs_that_are_all_too_long_are_named_by_plan(run_copy):
    config, output = run_copy
    text = call("mix", config, "--dry-run", "--set", f"output={output}", "--set", "mix.sequence_length=64")
    assert "no parallel: all" in text and "longer than a sequence" in text


def test_a_refused_mixture_is_offered_a_name(run_copy):
    config, output = run_copy
    text = call("mix", config, "--set", f"output={output}", "--set", "mix.proportions=natural", code=1)
    assert "another name (--set mix.name=...)" in text


def test_columns_of_a_shard_are_refused(run_copy):
    shard = run_copy[1] / "mix" / "default" / "00000.ds"
    assert "a shard has no columns" in call("inspect", shard, "--columns", "nope", code=1)


def test_options_beside_the_folder_of_a_mixture_are_refused(run_copy):
    folder = run_copy[1] / "mix" / "default"
    assert "--set goes with a configuration" in call("stats", folder, "--set", "mix.seed=1", code=2)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("00000.ds", "inspect"),
        ("padding.npy", "inspect"),
        ("lineage/00000.parquet", "trace"),
        ("lineage/00000.parquet", "stats"),
    ],
)
def test_damaged_files_are_a_message_that_says_what_finds_the_damage(run_copy, name, command):
    folder = run_copy[1] / "mix" / "default"
    path = folder / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    words = {"inspect": [folder / "00000.ds"], "trace": [folder, 0], "stats": [folder]}[command]
    text = call(command, *words, code=1)
    assert f"glotmix mix verify {folder}" in text.replace("\n", "")


@pytest.mark.parametrize("command", ["stats", "trace"])
def test_the_folder_of_another_stage_is_refused(run_copy, command):
    words = [run_copy[1] / "corpus", *([0] if command == "trace" else [])]
    assert "the folder of a corpus stage, not of mix" in call(command, *words, code=1)


def test_the_tokens_stage_says_which_library_encoded(demo_run):
    manifest = json.loads((demo_run.output / "tokens" / "concat" / "manifest.json").read_text())
    assert sum(manifest["run"]["encoders"].values()) > 0
    assert set(manifest["run"]["encoders"]) <= {"tokenizers", "gigatoken"}
    assert "encoded by" in call("mix", "summary", demo_run.config)
