import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from train.commands.models import register
from train.ladder import LADDER, rung
from train.memory import estimate, largest_micro_batch
from train.rates import learning_rate

GIB = 2**30


@pytest.fixture
def ask():
    app = typer.Typer()
    register(app)

    def run(*arguments):
        return CliRunner().invoke(app, arguments)

    return run


def rows(result, table):
    assert result.exit_code == 0, result.output
    return {row["rung"]: row for row in json.loads(result.stdout)[table]["rows"]}


def test_every_rung_is_listed_with_its_numbers(ask):
    found = rows(ask("--json"), "models")
    assert list(found) == [r.name for r in LADDER]
    assert found["7B"] == {
        "rung": "7B",
        "layers": 32,
        "hidden": 4096,
        "heads": 32,
        "intermediate": 11008,
        "N": rung("7B").parameters,
        "N with embeddings": 6_738_415_616,
        "GFLOPs per token": pytest.approx(rung("7B").flops_per_token(32_000, 4096) / 1e9),
        "learning rate": pytest.approx(learning_rate(rung("7B").parameters), rel=0.01),
    }


def test_options_reach_the_numbers(ask):
    options = ["--vocab-size", "512", "--sequence-length", "128", "--micro-batch", "3", "--ranks", "4"]
    result = ask("--json", *options, "--precision", "fp32", "--recompute", "--tied")
    shape = rung("0.4B")
    assert rows(result, "models")["0.4B"]["N with embeddings"] == shape.total_parameters(512, tied=True)
    wanted = {
        f"ZeRO {stage}": pytest.approx(
            estimate(shape, 512, 128, 3, stage=stage, ranks=4, precision="fp32", recompute=True, tied=True).total
            / GIB,
            abs=1e-3,
        )
        for stage in (1, 2, 3)
    }
    assert rows(result, "memory")["0.4B"] == {"rung": "0.4B", **wanted}


def test_memory_of_a_device_says_what_fits(ask):
    found = rows(ask("--json", "--memory", "80", "--ranks", "8"), "memory")
    batches = {name: row["largest micro-batch, ZeRO 1"] for name, row in found.items()}
    assert batches["1.3B"] == largest_micro_batch(rung("1.3B"), 32_000, 4096, capacity=80 * GIB, ranks=8) > 4
    assert batches["7B"] == 0 and found["7B"]["first stage that fits"] == 2
    assert found["0.4B"]["first stage that fits"] == 1
    alone = rows(ask("--json", "--memory", "80"), "memory")
    assert alone["14B"]["first stage that fits"] is None


def test_tables_for_people_fit_a_pipe(ask):
    result = ask("--memory", "24", "--recompute")
    assert result.exit_code == 0
    assert "Models: vocabulary of 32,000" in result.output and "activations recomputed" in result.output
    assert max(map(len, result.output.splitlines())) <= 140


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--precision", "fp16"], "--precision fp16: allowed are bf16, fp32"), (["--memory", "0"], "--memory 0.0: give")],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(ask, arguments, message):
    result = ask(*arguments)
    assert result.exit_code == 2 and message in " ".join(result.output.split())


def test_it_needs_neither_torch_nor_what_builds_on_it():
    program = """
import sys
from pathlib import Path
for name in ("torch", "transformers", "deepspeed"):
    sys.modules[name] = None  # importing it fails
import typer
from typer.testing import CliRunner
from train.commands.models import register
import train.devices, train.ladder, train.memory, train.rates
app = typer.Typer()
register(app)
result = CliRunner().invoke(app, [])
assert result.exit_code == 0, result.output
print("done")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "done", done.stderr


def test_the_page_shows_the_ladder_as_it_is():
    page = Path(__file__).resolve().parents[3] / "docs" / "models.md"
    listed = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    for found in LADDER:
        shape = (found.name, found.layers, found.hidden, found.heads, found.intermediate)
        sizes = (f"{found.parameters:,}", f"{found.total_parameters(32_000):,}")
        rate = f"{learning_rate(found.parameters):.3g}"
        assert "| " + " | ".join(map(str, (*shape, *sizes, rate))) + " |" in listed
