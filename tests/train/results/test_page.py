"""The page on the runs table: its programs run, and its columns are there."""

import re
from pathlib import Path

from contracts.runs import COSTS, runs_table
from train.results.table import RunsTable

from .rows import row

PAGE = (Path(__file__).parents[3] / "docs" / "runs.md").read_text(encoding="utf-8")


def test_the_programs_of_the_page_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    RunsTable("train-out/runs").add([row(), row(sequences=300)])
    RunsTable("elsewhere/runs").add([row("cd34", components=("go", "prose"))])
    programs = re.findall(r"^```py\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(programs) == 4
    for program in programs:
        exec(compile(program, "runs.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "200000" in printed and "loss_python" in printed
    assert str({12_800, 38_400}) in printed
    assert RunsTable("train-out/runs").read().height == 3


def test_the_columns_that_the_page_speaks_of_are_there():
    table = runs_table(("component", "python", "parallel", "python->go"))
    spoken = {name.replace("<component>", "component") for name in re.findall(r"`([a-z]+_[^` ]+|unique)`", PAGE)}
    options = {"micro_batch", "require_same_tokenizer=True", "unique_tokens", "run_id"}
    assert spoken - options - set(table.names) == set()
    assert spoken > {"p_component", "unseen_loss", "validation_hash"}
    assert {name for name in COSTS if f"`{name}`" in PAGE} == set(COSTS)
