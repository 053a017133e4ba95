import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.errors import ConfigError
from train.models_at_hand import LISTED, require_model


def put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run of two points, of which the second one is exported; the current folder is the one that holds it."""
    folder = tmp_path / "out"
    model = folder / "points/002/model"
    put(folder / "run.json", folder / "points/001/point.json", folder / "points/002/point.json")
    put(model / "config.json", model / "model.safetensors", folder / "checkpoints/model.json")
    for name in ("trunk-000000020", "branch-000000030-000000025", ".tmp-trunk-000000040"):
        put(folder / "checkpoints" / name / "state" / "torch.pt")
    put(tmp_path / "mix/default/manifest.json", tmp_path / "bare/config.json")
    monkeypatch.chdir(tmp_path)
    return folder


CHOICE = [
    "Choose one of this run:",
    "exports:",
    "  out/points/002/model",
    "checkpoints:",
    "  out/checkpoints/trunk-000000020",
    "  out/checkpoints/branch-000000030-000000025",
]


@pytest.mark.parametrize("name", ["out/points/002/model", "out/checkpoints/trunk-000000020"])
def test_an_export_and_a_checkpoint_are_taken_as_they_are_named(run, name):
    assert require_model(Path(name)) == Path(name)


def test_a_checkpoint_is_taken_from_inside_and_through_a_link(run, monkeypatch):
    os.symlink(run / "checkpoints/trunk-000000020", "latest")
    assert require_model(Path("latest")) == Path("latest")
    monkeypatch.chdir(run / "checkpoints/trunk-000000020")
    assert require_model(Path(".")) == Path(".")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("out", "out is the folder of a run, not of one of its models."),
        ("out/points", "out/points holds no model."),
        ("out/points/001/model", "/001/model: this point was not exported (checkpoints.export: last or none;"),
        ("out/points/001", "out/points/001: this point was not exported (checkpoints.export: last or none;"),
        ("out/points/002", "out/points/002 holds no model: the model of this point lies in out/points/002/model."),
        ("out/points/003/model", "out/points/003/model: the run has not measured such a point."),
        ("out/points/002/model/config.json", "config.json is a file, no folder of a model."),
        (
            "out/checkpoints/trunk-000000010",
            "no such folder; a run keeps its last checkpoints only (checkpoints.keep)",
        ),
        ("out/checkpoints/trunk-000000020/state", "state holds no model."),
        ("out/modle", "out/modle: no such folder."),
    ],
)
def test_a_wrong_path_in_a_run_is_told_with_the_models_to_choose_from(run, name, message):
    with pytest.raises(ConfigError) as error:
        require_model(Path(name))
    first, *others = str(error.value).split("\n")
    assert first.startswith(name) and message in first
    assert [first[first.index("Choose") :], *others] == CHOICE


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing-here", "nothing-here: no such folder; expected an export (config.json and model.safetensors"),
        ("mix/default", "mix/default holds no model; expected an export"),
        ("mix/default/manifest.json", "manifest.json is a file, no folder of a model; expected an export"),
        ("out/../mix", "mix holds no model; expected an export"),  # out/ is no parent of it
        ("bare", "bare has config.json but no weights: expected model.safetensors beside it"),
    ],
)
def test_a_path_outside_a_run_is_told_with_what_is_expected(run, name, message):
    with pytest.raises(ConfigError) as error:
        require_model(Path(name))
    assert message in str(error.value) and "Choose" not in str(error.value)


def test_paths_are_named_as_the_wrong_one_was_given(run, monkeypatch):
    with pytest.raises(ConfigError, match=f"exports:\n  {run}/points/002/model\n"):
        require_model(run)
    monkeypatch.chdir(run / "points")
    with pytest.raises(ConfigError, match=r"exports:\n  002/model\ncheckpoints:\n  \.\./checkpoints/trunk-000000020"):
        require_model(Path("001"))


def test_a_checkpoint_copied_without_its_shape_is_told_what_it_lacks(run, tmp_path):
    (run / "checkpoints/model.json").rename(tmp_path / "model.json")
    with pytest.raises(ConfigError, match=r"is a checkpoint, but its run's .*out/checkpoints/model.json is missing"):
        require_model(run / "checkpoints/trunk-000000020")


def test_a_run_without_models_says_so_and_one_with_many_names_the_last(tmp_path):
    put(tmp_path / "run.json")
    with pytest.raises(ConfigError, match="This run has no export and no checkpoint yet"):
        require_model(tmp_path)
    for number in range(LISTED + 2):
        put(tmp_path / f"points/{number:03}/model/config.json")
    with pytest.raises(ConfigError) as error:
        require_model(tmp_path, "init_from")
    assert str(error.value).startswith(f"init_from: {tmp_path} is the folder of a run")
    assert f"exports, the last {LISTED} of {LISTED + 2}:" in str(error.value)
    assert "/002/model" in str(error.value) and "/001/model" not in str(error.value)


def test_the_command_refuses_a_wrong_path_before_torch_is_imported(run):
    command = [sys.executable, "-X", "importtime", "-m", "glotmix", "evaluate", "out", "--validation", "mix"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "configuration: out is the folder of a run" in done.stderr
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "train.models_at_hand" in imported and not imported & {"torch", "transformers", "tokenizers"}
