"""Builds a model of the ladder through transformers; on the `meta` device first, where it costs nothing."""

from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

from train.config import ModelConfig
from train.ladder import Rung
from train.weights import initialise


def llama_config(
    shape: Rung, config: ModelConfig, vocab_size: int, length: int, end_id: int, pad_id: int
) -> LlamaConfig:
    """The transformers configuration of a model.

    Args:
        shape: layers and widths.
        config: further options.
        vocab_size: of the tokenizer.
        length: positions that it is trained on.
        end_id: token at the end of a document.
        pad_id: token of padding.
    """
    return LlamaConfig(
        vocab_size=vocab_size,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        max_position_embeddings=length,
        tie_word_embeddings=config.tie_embeddings,
        rope_parameters={"rope_type": "default", "rope_theta": config.rope_theta},
        initializer_range=config.initializer_range,
        rms_norm_eps=1e-5,
        bos_token_id=None,
        eos_token_id=end_id,
        pad_token_id=pad_id,
    )


def on_meta(config: LlamaConfig) -> LlamaForCausalLM:
    """The model without storage: shapes and parameter counts only."""
    with torch.device("meta"):
        model: Any = LlamaForCausalLM(config)
    return model  # type: ignore[no-any-return]


def build(config: LlamaConfig, seed: int | None, attention: str = "sdpa") -> LlamaForCausalLM:
    """A model in main memory, in fp32.

    Args:
        config: its shape.
        seed: of the weights, which are the same for the same seed; None: leave them unset, to be loaded.
        attention: transformers' name of an implementation.
    """
    model = on_meta(config)
    model.to_empty(device="cpu")
    model.model.rotary_emb = LlamaRotaryEmbedding(config)  # its frequencies, no parameters, were left unset
    model.tie_weights()
    model.set_attn_implementation(attention)
    if seed is not None:
        initialise(model.named_parameters(), seed, config.initializer_range)
    return model


def count(model: torch.nn.Module) -> tuple[int, int]:
    """Parameters without token embeddings and output matrix, and all of them (shared ones once)."""
    total = sum(p.numel() for p in model.parameters())
    embeddings: set[torch.nn.Parameter] = set()
    for part in (model.get_input_embeddings(), model.get_output_embeddings()):  # type: ignore[operator]
        if part is not None:
            embeddings |= set(part.parameters())
    return total - sum(p.numel() for p in embeddings), total
