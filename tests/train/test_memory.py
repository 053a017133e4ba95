import gc
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from train.config import EngineConfig, LaunchConfig, ModelConfig, OptimizerConfig
from train.geometry import Geometry
from train.ladder import LADDER, rung
from train.memory import REDUCE_BUCKET, Memory, estimate, largest_micro_batch, reduce_bucket

VOCABULARY, LENGTH = 2048, 256
GIB = 2**30


def bytes_a_parameter(**options):
    """Of a model so large that what does not grow with its ranks is seen."""
    shape = rung("7B")
    found, total = estimate(shape, 32_000, 4096, 1, **options), shape.total_parameters(32_000)
    return [round(part / total, 2) for part in (found.parameters, found.gradients, found.optimizer)]


STATES = [
    # as measured on DeepSpeed's engines; a gathered copy of 1 of 6.7 G parameters is 0.3 bytes of each
    ({"stage": 0, "precision": "fp32"}, [4, 4, 8]),
    ({"stage": 1, "precision": "fp32"}, [4, 4, 12]),
    ({"stage": 2, "precision": "fp32"}, [4, 4, 12]),
    ({"stage": 1}, [2, 6, 12]),
    ({"stage": 2}, [2, 4, 12]),
    ({"stage": 3}, [2, 4, 12]),
    ({"stage": 1, "ranks": 8}, [2, 6, 1.5]),
    ({"stage": 2, "ranks": 8}, [2, 0.5, 1.5]),
    ({"stage": 3, "ranks": 8}, [0.55, 0.5, 1.5]),
    ({"stage": 1, "offload": "cpu"}, [2, 6, 0]),
    ({"stage": 2, "offload": "cpu"}, [2, 4, 0]),
    ({"stage": 3, "offload": "cpu"}, [2, 0, 0]),
]


@pytest.mark.parametrize(("options", "expected"), STATES, ids=str)
def test_each_stage_shares_what_it_shares(options, expected):
    assert bytes_a_parameter(**options) == expected


def test_buffers_are_no_larger_than_the_model_or_deepspeeds_limit():
    assert reduce_bucket(1000) == 1000 and reduce_bucket(10**10) == REDUCE_BUCKET
    small = rung("0.2M")
    assert estimate(small, 512, 128, 1, stage=2).buffers == 2 * small.total_parameters(512)
    assert estimate(rung("7B"), 32_000, 128, 1, stage=3, ranks=8).buffers == 2 * REDUCE_BUCKET
    assert estimate(rung("7B"), 32_000, 128, 1, stage=1).buffers == 0


@settings(max_examples=50)
@given(
    st.sampled_from(LADDER),
    st.integers(1, 64),
    st.sampled_from((1, 2, 3)),
    st.integers(1, 512),
    st.sampled_from(("bf16", "fp32")),
    st.booleans(),
)
def test_the_largest_micro_batch_fits_and_one_more_does_not(shape, size, stage, ranks, precision, recompute):
    options = {"stage": stage, "ranks": ranks, "precision": precision, "recompute": recompute}
    capacity = estimate(shape, 8192, 1024, size, **options).total
    assert largest_micro_batch(shape, 8192, 1024, capacity=capacity, **options) == size
    assert largest_micro_batch(shape, 8192, 1024, capacity=capacity - 1, **options) == size - 1


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
@pytest.mark.parametrize("found", LADDER, ids=lambda r: r.name)
def test_more_ranks_higher_stages_and_recomputing_never_cost_more(found, precision):
    def total(**options):
        return estimate(found, 32_000, 4096, 2, precision=precision, **options).total

    for stage in (1, 2, 3):
        assert total(stage=stage, ranks=64) <= total(stage=stage, ranks=8) <= total(stage=stage, ranks=2)
        assert total(stage=stage, ranks=8, recompute=True) < total(stage=stage, ranks=8)
        assert total(stage=stage, ranks=8, offload="cpu") <= total(stage=stage, ranks=8) + 4 * REDUCE_BUCKET


def test_the_parts_sum_to_the_total():
    found = Memory(1, 2, 4, 8, 16, 32)
    assert found.model == 15 and found.total == 63


REFUSED = [
    ({"stage": 4}, "stage 4"),
    ({"precision": "fp16"}, "precision 'fp16'"),
    ({"offload": True}, "offload True"),
    ({"ranks": 0}, "ranks 0"),
    ({"stage": 0}, "stage 0 runs in fp32"),
    ({"stage": 0, "precision": "fp32", "offload": "cpu"}, "use stage 1"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED, ids=str)
def test_what_does_not_run_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        estimate(rung("10M"), 512, 128, 1, **options)


# against the real thing


def objective_of(name, vocab_size=VOCABULARY):
    from train.attention import SDPA
    from train.models import build, llama_config
    from train.objective import Objective

    config = llama_config(rung(name), ModelConfig(rung=name), vocab_size, LENGTH, end_id=0, pad_id=1)
    return Objective(build(config, 0, SDPA))


def batch_of(sequences, vocab_size=VOCABULARY):
    import torch

    from train.batch import Batch

    tokens = torch.randint(0, vocab_size, (sequences, LENGTH), generator=torch.Generator().manual_seed(0))
    return Batch(tokens, tokens.roll(-1, 1))


def saved_bytes(objective, batch) -> int:
    """What autograd keeps of a forward pass, weights and inputs left out."""
    import torch

    held = [*objective.parameters(), *objective.buffers(), batch.input_ids, batch.labels]
    known = {tensor.untyped_storage().data_ptr() for tensor in held}
    found = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            found[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = objective(batch)
    assert loss.isfinite()
    return sum(found.values())


def peak_bytes(objective, batch) -> int:
    """The most that is allocated at once while a loss is computed and goes back."""
    from torch.profiler import ProfilerActivity, profile

    for parameter in objective.parameters():
        parameter.grad = parameter.detach().clone()  # as in the second micro-batch of a step
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as recorded:
        objective(batch).backward()
    now = most = 0
    for event in recorded.profiler.kineto_results.events():
        if event.name() == "[memory]":
            now += event.nbytes()
            most = max(most, now)
    return most


@pytest.mark.parametrize("recompute", [False, True])
@pytest.mark.parametrize("precision", ["bf16", "fp32"])
@pytest.mark.parametrize(
    ("name", "sequences", "vocab_size"), [("0.2M", 2, VOCABULARY), ("10M", 1, VOCABULARY), ("3M", 2, 128)]
)
def test_activations_and_logits_are_what_torch_allocates(name, sequences, vocab_size, precision, recompute):
    torch = pytest.importorskip("torch")
    objective = objective_of(name, vocab_size).to(torch.bfloat16 if precision == "bf16" else torch.float32)
    if recompute:
        objective.model.activation_checkpointing_enable({"use_reentrant": False})
    objective.train()
    batch = batch_of(sequences, vocab_size)
    found = estimate(rung(name), vocab_size, LENGTH, sequences, precision=precision, recompute=recompute)
    assert found.activations + found.logits == pytest.approx(peak_bytes(objective, batch), rel=0.05)
    if not recompute:
        assert found.activations + found.logits // 3 == pytest.approx(saved_bytes(objective, batch), rel=0.02)


@contextmanager
def engine_of(stage, precision):
    """DeepSpeed's engine as the trainer configures it, of one rank and two micro-batches a step."""
    from train.distributed import join, leave, with_deepspeed
    from train.engines.zero import zero_config
    from train.optimizer import adamw

    launch = LaunchConfig(device="cpu")
    world = join(launch)
    try:
        objective = objective_of("1M")
        options = zero_config(
            EngineConfig(stage=stage),
            OptimizerConfig(),
            Geometry(step_sequences=2, micro_batch=1, ranks=1, sequence_length=LENGTH),
            parameters=rung("1M").total_parameters(VOCABULARY),
            bf16=precision == "bf16",
            universal=False,
        )
        optimizer = adamw(objective.model, OptimizerConfig(), 1e-3, fused=False)
        yield (
            with_deepspeed(world, launch).initialize(
                model=objective, optimizer=optimizer, model_parameters=objective.parameters(), config=options
            )[0]
        )
    finally:
        leave()


def live_bytes(known=frozenset()) -> dict[int, int]:
    """Storages in memory, but for those that are known."""
    import torch

    found = {}
    gc.collect()
    for thing in gc.get_objects():
        # by exact type: torch.compile, in a test before, leaves tensors without storage
        if type(thing) in (torch.Tensor, torch.nn.Parameter) and thing.device.type == "cpu":
            for tensor in (thing, thing.grad if thing.is_leaf else None):
                if tensor is not None and tensor.untyped_storage().data_ptr() not in known:
                    found[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
    return found


@pytest.mark.parametrize(("stage", "precision"), [(1, "bf16"), (2, "bf16"), (3, "bf16"), (1, "fp32")])
def test_an_engine_holds_what_the_estimate_says(stage, precision):
    pytest.importorskip("deepspeed")
    before = frozenset(live_bytes())
    with engine_of(stage, precision) as engine:
        batch = batch_of(1)
        for _ in range(3):  # the optimizer's states are there after two, gradients after three
            engine.backward(engine(batch))
            engine.step()
        held = sum(live_bytes(before).values())
    found = estimate(rung("1M"), VOCABULARY, LENGTH, 1, stage=stage, precision=precision)
    kept = found.model - (found.buffers if stage == 2 else 0)  # stage 2 gives them back after the backward pass
    assert held == pytest.approx(kept, rel=0.02)
