"""Documents in one sequence do not see each other, whatever the kernel."""

from itertools import accumulate

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import LlamaConfig, LlamaForCausalLM

from contracts.errors import ConfigError
from train.attention import FLEX, SDPA, VARLEN, arguments, bounds_of, choose
from train.batch import Batch
from train.objective import Objective

CPU = torch.device("cpu")
VOCABULARY = 61
KERNELS = [SDPA, FLEX, "sdpa"]

pytestmark = pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")


def model_of(implementation: str, **options) -> LlamaForCausalLM:
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=options.get("kv_heads", 4),
        max_position_embeddings=64,
        use_cache=False,
        initializer_range=0.3,  # wide, so that attention is far from even
    )
    torch.manual_seed(3)
    return LlamaForCausalLM._from_config(config, attn_implementation=implementation)


def packed(*rows: list[int], seed: int = 0) -> Batch:
    """Sequences made of documents of these lengths."""
    generator = torch.Generator().manual_seed(seed)
    positions = torch.stack([torch.cat([torch.arange(length) for length in row]) for row in rows])
    tokens = torch.randint(VOCABULARY, (len(rows), positions.shape[1] + 1), generator=generator)
    return Batch(tokens[:, :-1], tokens[:, 1:], positions, bounds_of(positions))


def logits(model: LlamaForCausalLM, batch: Batch) -> torch.Tensor:
    given = arguments(batch, model.config._attn_implementation)
    return model.lm_head(model.model(input_ids=batch.input_ids, use_cache=False, **given).last_hidden_state)


@pytest.mark.parametrize("implementation", KERNELS)
@pytest.mark.parametrize("kv_heads", [4, 2])
@torch.no_grad()
def test_a_packed_document_has_the_logits_that_it_has_alone(implementation, kv_heads):
    model = model_of(implementation, kv_heads=kv_heads)
    rows = ([5, 1, 10], [16], [1, 1, 14])
    batch = packed(*rows)
    together = logits(model, batch)
    for row, lengths in enumerate(rows):
        start = 0
        for length in lengths:
            part = slice(start, start + length)
            alone = logits(model, Batch(batch.input_ids[row : row + 1, part], batch.labels[row : row + 1, part]))
            torch.testing.assert_close(together[row : row + 1, part], alone, rtol=0, atol=1e-5)
            start += length


@pytest.mark.parametrize("implementation", KERNELS)
@torch.no_grad()
def test_another_text_in_one_document_changes_no_loss_of_the_others(implementation):
    objective = Objective(model_of(implementation))
    batch = packed([6, 4, 6], [9, 7])
    inputs, labels = batch.input_ids.clone(), batch.labels.clone()
    inputs[0, 6:10] = (inputs[0, 6:10] + 1) % VOCABULARY
    other = Batch(inputs, labels, batch.positions, batch.bounds)
    before, after = objective(batch, reduce=False), objective(other, reduce=False)
    changed = torch.zeros_like(before, dtype=torch.bool)
    changed[0, 6:10] = True
    assert torch.equal(before[~changed], after[~changed])
    assert (before[changed] != after[changed]).all()
    unmasked = objective(Batch(inputs, labels), reduce=False)[0, 10:] - objective(batch, reduce=False)[0, 10:]
    assert unmasked.abs().min() > 1e-4  # without bounds the third document does see the second


@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.sets(st.integers(1, 15)), min_size=1, max_size=3), seed=st.integers(0, 99))
@torch.no_grad()
def test_flex_and_sdpa_agree_on_any_documents(cuts, seed):
    rows = [[b - a for a, b in zip([0, *sorted(cut)], [*sorted(cut), 16], strict=True)] for cut in cuts]
    batch = packed(*rows, seed=seed)
    torch.testing.assert_close(logits(model_of(SDPA), batch), logits(model_of(FLEX), batch), rtol=0, atol=2e-5)


@pytest.mark.parametrize("compiled", [False, True])
def test_without_documents_no_mask_reaches_the_kernel(monkeypatch, compiled):
    seen, real = [], torch.nn.functional.scaled_dot_product_attention

    def watched(*tensors, attn_mask=None, is_causal=False, **options):
        seen.append((attn_mask, is_causal))
        return real(*tensors, attn_mask=attn_mask, is_causal=is_causal, **options)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", watched)
    batch = packed([16])
    bare = Batch(batch.input_ids, batch.labels)
    assert arguments(bare, SDPA) == {}
    objective = Objective(model_of(SDPA))
    run = torch.compile(objective, backend="eager") if compiled else objective
    run(bare).backward()
    assert seen and all(mask is None and causal for mask, causal in seen)


def test_with_documents_the_mask_is_built_once_for_all_layers(monkeypatch):
    seen, real = [], torch.nn.functional.scaled_dot_product_attention

    def watched(*tensors, attn_mask=None, **options):
        seen.append(attn_mask)
        return real(*tensors, attn_mask=attn_mask, **options)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", watched)
    Objective(model_of(SDPA))(packed([3, 13], [16]))
    assert len(seen) == 2 and seen[0] is seen[1]
    assert seen[0].shape == (2, 1, 16, 16) and seen[0].dtype == torch.bool


def test_compiling_and_computing_again_change_no_gradient():
    batch = packed([6, 4, 6], [9, 7])
    found = {}
    for how in ("plain", "recompute", "compile"):
        model = model_of(SDPA).train()
        if how == "recompute":
            model.activation_checkpointing_enable({"use_reentrant": False})
        objective = Objective(model)
        run = torch.compile(objective, backend="aot_eager") if how == "compile" else objective
        run(batch).backward()
        found[how] = torch.cat([part.grad.flatten() for part in model.parameters()])
        torch.compiler.reset()
    assert found["plain"].abs().max() > 0.1
    for how in ("recompute", "compile"):
        torch.testing.assert_close(found[how], found["plain"], rtol=1e-5, atol=1e-5, msg=how)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sets(st.integers(1, 19)), min_size=1, max_size=4))
def test_bounds_end_every_document_and_repeat_the_last_end(cuts):
    rows = [[b - a for a, b in zip([0, *sorted(cut)], [*sorted(cut), 20], strict=True)] for cut in cuts]
    bounds = packed(*rows).bounds
    ends = [0, *accumulate(length for row in rows for length in row)]
    assert bounds.dtype == torch.int32
    assert bounds.tolist()[: len(ends)] == ends
    assert set(bounds.tolist()[len(ends) :]) <= {20 * len(rows)}
    assert len(bounds) & (len(bounds) - 1) == 0 and len(bounds) < 2 * len(ends)


def test_a_sequence_that_goes_on_with_a_document_has_no_bounds():
    with pytest.raises(ValueError, match="start at 0"):
        bounds_of(torch.tensor([[0, 1, 2], [3, 4, 5]]))


def test_varlen_takes_whole_sequences_where_documents_are_not_masked():
    assert arguments(Batch(torch.zeros(3, 7), torch.zeros(3, 7)), VARLEN)["bounds"].tolist() == [0, 7, 14, 21]


def test_a_kernel_that_takes_no_documents_is_refused():
    with pytest.raises(ValueError, match="attention eager"):
        arguments(packed([4]), "eager")


@pytest.mark.parametrize(
    ("choice", "masked", "precision", "found"),
    [
        ("auto", True, "fp32", SDPA),
        ("auto", False, "bf16", SDPA),
        ("auto", True, "bf16", SDPA),
        ("sdpa", True, "fp32", SDPA),
        ("varlen", True, "bf16", "needs a GPU"),
        ("flex", True, "fp32", "no backward pass on cpu"),
    ],
)
def test_kernels_on_a_cpu(choice, masked, precision, found):
    if found == SDPA:
        assert choose(choice, CPU, masked, precision) == SDPA
    else:
        with pytest.raises(ConfigError, match=found):
            choose(choice, CPU, masked, precision)


def test_flex_has_no_backward_pass_on_a_cpu_as_choose_says():
    """The day that torch has one, `choose` may allow it."""
    with pytest.raises(NotImplementedError, match="backward on CPU"):
        Objective(model_of(FLEX))(packed([4]))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
@pytest.mark.parametrize("implementation", [VARLEN, FLEX])
@pytest.mark.parametrize("rows", [([100, 1, 155], [256], [3, 253]), ([256], [256], [256])])
def test_gpu_kernels_agree_with_sdpa_on_losses_and_gradients(implementation, rows):
    device, found = torch.device("cuda"), {}
    batch = packed(*rows).to(device)
    for name in (SDPA, implementation):
        model = model_of(name).to(device, torch.bfloat16)
        nats = Objective(model)(batch, reduce=False)
        nats.mean().backward()
        found[name] = nats.detach(), torch.cat([part.grad.flatten().float() for part in model.parameters()])
    (losses, gradients), (other_losses, other_gradients) = found[SDPA], found[implementation]
    assert (losses - other_losses).abs().mean() < 0.02  # bf16 has 8 bits
    assert torch.nn.functional.cosine_similarity(gradients, other_gradients, dim=0) > 0.999


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_varlen_in_a_compiled_model_is_compiled_once_for_like_numbers_of_documents():
    device = torch.device("cuda")
    run = torch.compile(Objective(model_of(VARLEN).to(device, torch.bfloat16)))
    torch._dynamo.utils.counters.clear()
    for rows in ([[8, 8]], [[9, 7]], [[3, 13]]):
        run(packed(*rows).to(device)).backward()
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 1
