"""The sections after the mixture: what they refuse, and what is refused before anything long begins."""

import importlib.util
import json
import re

import pytest
import yaml
from typer.testing import CliRunner

import glotmix
from contracts.allocation import Allocation
from contracts.config import validate
from contracts.errors import ConfigError
from contracts.scale import toy_scale
from train.loop.allocating import mixture_of
from train.loop.config import LoopConfiguration

CORPUS = {"sources": [{"type": "directory", "name": "x", "path": "."}]}
GRID = {"rungs": ["0.05M"], "points": [[4096]], "mixtures": [{"generate": "uniform"}]}
SWEEP = {
    "grid": GRID,
    "mix": {"sequence_length": 64},
    "train": {"batch_tokens": 512, "engine": {"backend": "torch"}},
}


def configured(**sections) -> LoopConfiguration:
    return validate(LoopConfiguration, {"corpus": CORPUS, "sweep": SWEEP, **sections}, "run.yaml")


def refused(tmp_path, **sections) -> str:
    """What glotmix run says; the corpus is not there, so nothing else can have been done."""
    path = tmp_path / "run.yaml"
    path.write_text(yaml.safe_dump({"corpus": CORPUS, "sweep": SWEEP, **sections}))
    result = CliRunner().invoke(glotmix.app, ["run", str(path)])
    assert result.exit_code == 2, result.output
    assert not (tmp_path / "glotmix-out").exists()
    return result.stderr


@pytest.mark.parametrize(
    "sections, said",
    [
        ({"sweep": None, "fit": {}}, "fit needs the runs of a sweep"),
        ({"sweep": None, "confirm": {"seeds": [1]}}, "confirm needs the runs of a sweep"),
        ({"sweep": {**SWEEP, "output": "x"}}, "sweep.output: unknown key"),
        ({"sweep": {**SWEEP, "slurm": {}}}, "sweep.slurm: unknown key"),
        ({"sweep": {"mix": {}}}, "give one of grid, list and design"),
        ({"sweep": {**SWEEP, "workers": 0}}, "sweep.workers"),
        ({"allocate": {"rung": "1M", "n_parameters": 5}}, "give rung or n_parameters"),
        ({"allocate": {"flops": 1e9, "tokens": 5}}, "flops chooses size and tokens"),
        ({"allocate": {"keep": {"parallel": 1.0}}}, "keep must leave a share"),
        ({"allocate": {"minimum": {"pyton": 0.1}}}, "did you mean python"),
        ({"allocate": {"strength": 0.1}}, "name one: uniform or natural"),
        ({"confirm": {"seeds": [1, 1]}}, "seeds names one twice"),
        ({"confirm": {"baselines": ["even"]}}, "confirm.baselines"),
        ({"fit": {"laws": "joint"}}, "did you mean law"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(sections, said):
    with pytest.raises(ConfigError, match=said):
        configured(**sections)


@pytest.mark.parametrize(
    "sections, said",
    [
        ({"fit": {"law": "linear"}}, "fit.law: 'linear' is no law; allowed are"),
        ({"fit": {"law": "chinchilla"}}, "chinchilla knows no mixture"),
        ({"fit": {"loss": "mse"}}, "fit.loss: mse: allowed are huber"),
        ({"allocate": {"rung": "9B"}}, "allocate.rung: '9B' is not on the ladder"),
        ({"confirm": {"rung": "9B"}}, "confirm.rung: '9B' is not on the ladder"),
        ({"confirm": {"tokens": 100}}, "confirm: "),
        ({"sweep": {**SWEEP, "grid": {**GRID, "rungs": ["9B"]}}}, "sweep, run 0: .*9B"),
        ({"sweep": {**SWEEP, "train": {"batch": 1}}}, "(?s)sweep, run 0: .*unknown key"),
    ],
)
def test_what_needs_no_corpus_to_be_seen_is_said_before_anything_is_done(tmp_path, sections, said):
    assert re.search(said, refused(tmp_path, **sections))


def test_without_torch_the_extra_is_named_before_anything_is_done(tmp_path, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "torch" else found(name, *a))
    said = refused(tmp_path)
    assert "pip install 'glotmix[train]'" in said and "--until mix" in said


def test_a_stage_after_the_mixture_needs_a_sweep(tmp_path):
    path = tmp_path / "run.yaml"
    path.write_text(yaml.safe_dump({"corpus": CORPUS}))
    result = CliRunner().invoke(glotmix.app, ["run", str(path), "--until", "fit"])
    assert result.exit_code == 2
    assert "has no section sweep" in result.stderr


def test_defaults_stand_for_sections_that_are_left_out():
    config = configured()
    assert config.confirmed.seeds == (0, 1, 2)
    assert config.confirmed.baselines == ("uniform",)
    assert config.fitted.bootstrap > 0


def test_the_second_mixture_keeps_shares_that_the_sweep_did_not_have_and_sums_to_one():
    found = Allocation(weights={"python": 0.7, "go": 0.3, "rust": 0.0}, law="joint", tokens=1e6)
    made = mixture_of(found, {"parallel": 0.14})
    assert made.weights == {"python": 0.602, "go": 0.258, "parallel": 0.14}
    assert sum(made.weights.values()) == 1
    assert (made.law, made.tokens) == ("joint", 1e6)
    assert json.loads(made.model_dump_json())["losses"] == {}


@pytest.mark.parametrize(
    "n, tokens, said",
    [(9e6, 1e9, "parameters"), (1e8, 9e7, "tokens"), (1e5, 1e5, "and the longest run"), (1e7, 1e8, None)],
)
def test_the_criterion_of_a_toy_is_stated(n, tokens, said):
    found = toy_scale(n, tokens)
    assert found is None if said is None else said in found
