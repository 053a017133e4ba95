from dataclasses import replace

import pytest

from train.config import TrainConfig
from train.results import identity
from train.results.identity import Inputs, configuration_hash, run_id, semantic, strategy

INPUTS = Inputs(mixture="m", tokenizer="t", validation="v")
SHAPE = {"layers": 2, "hidden": 64, "heads": 2, "intermediate": 128}
PLAIN = {"mixture": "mix", "points": [1000]}

SAME = {
    "output": "elsewhere",
    "mixture": "elsewhere",
    "runs": "elsewhere",
    "points": [1000, 2000],
    "micro_batch": 2,
    "init_from": "weights",  # by its hash
    "engine.backend": "torch",
    "engine.stage": 3,
    "engine.offload": "cpu",
    "engine.attention": "flex",
    "engine.compile": True,
    "engine.recompute": True,
    "engine.read_ahead": 2,
    "guards.skip_steps": [3],
    "guards.spike": 9.0,
    "guards.max_spikes": 1,
    "guards.max_gradient_norm": 5.0,
    "checkpoints.every": 7,
    "checkpoints.seconds": 9.0,
    "checkpoints.keep": 3,
    "checkpoints.export": "none",
    "evaluation.validation": "elsewhere",  # by its identity
    "evaluation.batch": 3,
    "evaluation.generation.translate": 5,
    "evaluation.generation.max_new_tokens": 5,
    "evaluation.generation.problems": "problems.jsonl",
    "evaluation.generation.execute": True,
    "tracking.tensorboard": True,
    "tracking.wandb": "project",
    "launch.device": "cpu",
    "launch.timeout": 5.0,
}

OTHER = {
    "batch_tokens": 4096,
    "mask_documents": False,
    "seed": 1,
    "model.rung": "50M",
    "model.shape": SHAPE,
    "model.tie_embeddings": True,
    "model.rope_theta": 5e5,
    "model.initializer_range": 0.01,
    "schedule.kind": "cosine",
    "schedule.learning_rate": 1e-3,
    "schedule.warmup_share": 0.5,
    "schedule.decay_share": 0.5,
    "schedule.floor": 0.5,
    "optimizer.beta1": 0.8,
    "optimizer.beta2": 0.8,
    "optimizer.epsilon": 1e-6,
    "optimizer.weight_decay": 0.0,
    "optimizer.clip": 2.0,
    "engine.precision": "bf16",
    "evaluation.form": "prompt",
    "evaluation.directions": False,
}


def configured(key: str, value: object) -> TrainConfig:
    data: dict = dict(PLAIN)
    section = data
    *names, last = key.split(".")
    for name in names:
        section = section.setdefault(name, {})
    section[last] = value
    if key == "evaluation.generation.problems":
        section["execute"] = True
    return TrainConfig.model_validate(data)


def options(data: dict, key: str = "") -> set[str]:
    found = set()
    for name, value in data.items():
        whole = f"{key}.{name}" if key else name
        found |= options(value, whole) if isinstance(value, dict) else {whole}
    return found


def test_every_option_is_said_to_enter_or_not():
    assert set(SAME) | set(OTHER) == options(TrainConfig.model_validate(PLAIN).model_dump())
    assert not set(SAME) & set(OTHER)


@pytest.mark.parametrize("key", SAME)
def test_what_decides_nothing_leaves_the_run_the_same(key):
    plain = TrainConfig.model_validate(PLAIN)
    other = configured(key, SAME[key])
    assert other != plain
    assert run_id(other, INPUTS) == run_id(plain, INPUTS)


@pytest.mark.parametrize("key", OTHER)
def test_what_decides_the_outcome_makes_another_run(key):
    plain, other = TrainConfig.model_validate(PLAIN), configured(key, OTHER[key])
    assert run_id(other, INPUTS) != run_id(plain, INPUTS)
    assert configuration_hash(other) != configuration_hash(plain)


@pytest.mark.parametrize("name", ["mixture", "tokenizer", "validation", "initial"])
def test_other_inputs_make_another_run_of_the_same_configuration(name):
    plain = TrainConfig.model_validate(PLAIN)
    assert run_id(plain, replace(INPUTS, **{name: "other"})) != run_id(plain, INPUTS)


def test_the_first_point_decides_and_later_ones_do_not():
    ids = [run_id(configured("points", points), INPUTS) for points in ([1000], [1000, 5000], [1000, 3000, 5000])]
    assert len(set(ids)) == 1
    assert run_id(configured("points", [5000]), INPUTS) != ids[0]


def test_the_name_of_a_shape_of_your_own_is_a_name_only():
    named = [{**PLAIN, "model": {"rung": rung, "shape": SHAPE}} for rung in ("10M", "mine")]
    assert len({run_id(TrainConfig.model_validate(data), INPUTS) for data in named}) == 1
    assert "rung" in semantic(TrainConfig.model_validate(PLAIN))["model"]


def test_another_version_of_the_trainer_makes_another_run(monkeypatch):
    plain = TrainConfig.model_validate(PLAIN)
    before, digits = run_id(plain, INPUTS), configuration_hash(plain)
    monkeypatch.setattr(identity, "TRAINER_VERSION", "next")
    assert run_id(plain, INPUTS) != before
    assert configuration_hash(plain) == digits
    assert len(before) == 16 and set(before) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("components", "form", "expected"),
    [
        (["go"], "concat", "none"),
        (["go", "parallel"], "prompt", "prompt"),
        (["go->rust"], "shuffled", "shuffled"),
        (["go", "prose"], "shuffled", "none"),
    ],
)
def test_the_strategy_is_the_form_of_the_pairs_if_there_are_any(components, form, expected):
    manifest = {"counts": {"components": dict.fromkeys(components)}, "configuration": {"parallel_form": form}}
    assert strategy(manifest) == expected
