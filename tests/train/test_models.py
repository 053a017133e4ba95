import math

import pytest

pytest.importorskip("torch")

import torch
from torch.utils.flop_counter import FlopCounterMode

from train.batch import IGNORE, Batch
from train.config import ModelConfig
from train.ladder import LADDER, rung
from train.models import build, count, llama_config, on_meta
from train.objective import Objective

VOCABULARY, LENGTH = 512, 32


def config_of(name="0.05M", **options):
    return llama_config(rung(name), ModelConfig(rung=name, **options), VOCABULARY, LENGTH, end_id=0, pad_id=1)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("name", [found.name for found in LADDER])
def test_a_model_has_the_parameters_that_its_rung_says(name, tied):
    model = on_meta(config_of(name, tie_embeddings=tied))
    model.tie_weights()
    assert count(model) == (rung(name).parameters, rung(name).total_parameters(VOCABULARY, tied))
    assert {p.device.type for p in model.parameters()} == {"meta"}


def test_the_same_seed_gives_the_same_weights_and_another_one_others():
    one, same, other = (build(config_of(), seed).state_dict() for seed in (3, 3, 4))
    assert one.keys() == same.keys()
    assert all(torch.equal(one[name], same[name]) for name in one)
    changed = {name for name in one if not torch.equal(one[name], other[name])}
    assert changed == {name for name in one if one[name].ndim == 2}


def test_building_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    build(config_of(), 3)
    assert torch.equal(before, torch.get_rng_state())


def test_new_weights_spread_as_configured_and_norms_start_at_one():
    model = build(config_of("0.2M", initializer_range=0.05), 0)
    for name, parameter in model.named_parameters():
        if parameter.ndim == 2:
            assert float(parameter.detach().std()) == pytest.approx(0.05, rel=0.05), name
        else:
            assert bool((parameter == 1).all()), name


def test_tied_matrices_are_one():
    model = build(config_of(tie_embeddings=True), 0)
    assert model.lm_head.weight is model.model.embed_tokens.weight


def test_rotary_positions_are_as_if_never_on_meta():
    config = config_of(rope_theta=500.0)
    width = config.hidden_size // config.num_attention_heads
    wanted = 500.0 ** (-torch.arange(0, width, 2) / width)
    assert torch.allclose(build(config, 0).model.rotary_emb.inv_freq, wanted)


def test_a_tiny_model_runs_forward_and_starts_knowing_nothing():
    objective = Objective(build(config_of(), 0))
    tokens = torch.randint(0, VOCABULARY, (2, LENGTH), generator=torch.Generator().manual_seed(0))
    labels = tokens.roll(-1, 1)
    labels[:, -1] = IGNORE
    batch = Batch(tokens, labels)
    with torch.no_grad():
        nats, whole = objective(batch, reduce=False), objective(batch)
    assert nats.shape == labels.shape and bool((nats[:, -1] == 0).all())
    assert float(whole) == pytest.approx(float(nats.sum()), rel=1e-5)
    assert float(nats.sum()) / batch.targets == pytest.approx(math.log(VOCABULARY), abs=0.05)


@pytest.mark.parametrize("tied", [False, True])
def test_torch_counts_the_operations_of_the_formula(tied):
    model = build(config_of("0.1M", tie_embeddings=tied), 0, "eager")  # the CPU's flash kernel is not counted
    with FlopCounterMode(display=False) as counter:
        model(input_ids=torch.zeros(2, LENGTH, dtype=torch.int64)).logits.sum().backward()
    shape = rung("0.1M")
    products = shape.flops_per_token(VOCABULARY, 0)
    attention = shape.flops_per_token(VOCABULARY, LENGTH) - products
    assert counter.get_total_flops() == (products + 2 * attention) * 2 * LENGTH  # eager computes the masked half too
