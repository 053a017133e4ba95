import json
import shutil

import pytest
import typer
from typer.testing import CliRunner

torch = pytest.importorskip("torch")

from transformers import LlamaConfig, LlamaForCausalLM

from contracts import manifest as manifests
from train.commands.evaluate import register
from train.evaluation import sandbox

app = typer.Typer()
app.callback()(lambda: None)
register(app)


def run(*words):
    return CliRunner().invoke(app, ["evaluate", *map(str, words)])


@pytest.fixture(scope="module")
def export(demo_run, tmp_path_factory):
    """A model of random weights in transformers' format, with the tokenizer beside it."""
    folder = tmp_path_factory.mktemp("export")
    counts = manifests.read(demo_run.output / "tokenizer").counts
    torch.manual_seed(0)
    size = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    ids = {"bos_token_id": None, "eos_token_id": counts["end_id"], "pad_token_id": counts["pad_id"]}
    config = LlamaConfig(vocab_size=counts["vocab_size"], max_position_embeddings=129, **size, **ids)
    LlamaForCausalLM(config).save_pretrained(folder)
    shutil.copyfile(demo_run.output / "tokenizer" / "tokenizer.json", folder / "tokenizer.json")
    return folder


def test_losses_of_all_components_are_printed_and_written(export, demo_run, tmp_path):
    validation = demo_run.output / "validation"
    done = run(export, "--validation", validation, "--json", "--out", tmp_path / "out.json")
    assert done.exit_code == 0, done.output
    tables = json.loads(done.stdout)
    rows = tables["loss on held-out documents"]["rows"] + tables["loss of translations, seen directions"]["rows"]
    held = manifests.read(validation).counts["validation"]
    assert {row["component"] for row in rows} == {*held, "all"}
    assert all(6 < row["loss"] < 8 for row in rows if row["tokens"])  # log of 1,024 entries, nearly
    written = json.loads((tmp_path / "out.json").read_text())
    assert written["facts"]["form"] == "concat" and written["facts"]["length"] == 128
    assert {name: written[name] for name in tables} == tables


def test_a_run_names_its_validation_sets_and_form(export, demo_run, tmp_path):
    shutil.copytree(export, tmp_path / "points" / "1" / "model")
    tokenizer_hash = manifests.read(demo_run.output / "tokenizer").counts["hash"]
    said = {"validation": str(demo_run.output / "validation"), "form": "prompt"}
    about = {"run_id": "x", "facts": {"inputs": {"tokenizer": tokenizer_hash}}, "evaluation": said}
    (tmp_path / "run.json").write_text(json.dumps(about))
    done = run(tmp_path / "points" / "1" / "model")
    assert done.exit_code == 0, done.output
    assert "python" in done.output and "prompt" in done.output
    about["facts"]["inputs"]["tokenizer"] = "0" * 64
    (tmp_path / "run.json").write_text(json.dumps(about))
    done = run(tmp_path / "points" / "1" / "model")
    assert done.exit_code == 1 and "has tokenizer 000000000000" in done.stderr


def test_a_model_of_another_tokenizer_is_refused(export, demo_run, tmp_path):
    shutil.copytree(export, tmp_path / "model")
    path = tmp_path / "model" / "tokenizer.json"
    text = path.read_text()
    data = json.loads(text)
    first, second = (next(k for k, v in data["model"]["vocab"].items() if v == n) for n in (300, 301))
    data["model"]["vocab"] |= {first: 301, second: 300}
    path.write_text(json.dumps(data))
    done = run(tmp_path / "model", "--validation", demo_run.output / "validation")
    assert done.exit_code == 1 and "Their losses do not compare" in done.stderr


def test_generation_by_option(export, demo_run, tmp_path):
    pytest.importorskip("sacrebleu")
    if sandbox._no_isolation() is not None:
        pytest.skip(str(sandbox._no_isolation()))
    problem = {"task_id": "t", "language": "python", "prompt": "x = 1  #", "tests": "assert x == 1", "stop": ["\n"]}
    (tmp_path / "p.jsonl").write_text(json.dumps(problem))
    words = ["--validation", demo_run.output / "validation", "--translate", "1", "--max-new-tokens", "4", "--json"]
    words += ["--problems", tmp_path / "p.jsonl", "--execute", "--out", tmp_path / "out.json"]
    done = run(export, *words)
    assert done.exit_code == 0, done.output
    tables = json.loads(done.stdout)
    assert tables["problems solved"]["rows"][0]["pass@1"] == 1.0
    rows = tables["translations, seen directions"]["rows"]
    assert rows and all(row["pairs"] <= 1 for row in rows)
    assert json.loads((tmp_path / "out.json").read_text())["trials"][0]["status"] == "passed"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--form", "shuffled"], 2, "--form shuffled: allowed are auto, concat, prompt"),
        (["--device", "tpu"], 2, "--device tpu: allowed are auto, cpu, cuda"),
        ([], 2, "give their folder: --validation FOLDER"),
        (["--problems", "p.jsonl"], 2, "allow that with --execute"),
        (["--validation", "/none"], 1, "/none: the validation stage is not finished"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_way_out(export, words, code, message):
    done = run(export, *words)
    assert done.exit_code == code and message in " ".join(done.stderr.split())


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_missing_gpu_is_refused(export, demo_run):
    done = run(export, "--validation", demo_run.output / "validation", "--device", "cuda")
    assert done.exit_code == 2 and "finds no GPU; use --device cpu" in done.stderr


def test_the_path_is_judged_before_anything_else(export, demo_run, tmp_path):
    validation = demo_run.output / "validation"
    done = run(tmp_path / "nothing-here", "--problems", tmp_path / "none.jsonl")
    assert done.exit_code == 2 and "nothing-here: no such folder; expected an export" in done.stderr
    shutil.copytree(export, tmp_path / "points" / "2" / "model")
    (tmp_path / "points" / "1").mkdir()
    for path in ("run.json", "points/1/point.json"):
        (tmp_path / path).write_text("{}")
    done = run(tmp_path / "points" / "1" / "model", "--validation", validation)
    assert done.exit_code == 2 and "this point was not exported (checkpoints.export: last or none" in done.stderr
    assert str(tmp_path / "points" / "2" / "model") in done.stderr
