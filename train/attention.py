"""Attention inside documents: three kernels under names of ours, registered with transformers when this is imported.

None of them has a mask function in transformers. So transformers builds no mask: what stands in `attention_mask`
reaches the kernel as it is, and where nothing stands, causal attention needs no mask at all. With transformers' own
sdpa, a compiled model would always build a dense one: transformers looks for packed documents in the positions, and
cannot see while tracing that there are none.
"""

from typing import Any

import torch
from torch.nn.attention.flex_attention import BlockMask, create_block_mask, flex_attention
from torch.nn.attention.varlen import varlen_attn
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from contracts.errors import ConfigError
from train.batch import Batch
from train.bounds import bounds_of, documents_of

__all__ = ["FLEX", "SDPA", "VARLEN", "arguments", "bounds_of", "choose"]

SDPA = "glotmix_sdpa"
VARLEN = "glotmix_varlen"
FLEX = "glotmix_flex"

FLASH_CAPABILITY = (8, 0)
"""CUDA compute capability that torch's flash kernels need (aten/native/transformers/cuda/sdp_utils.cpp)."""


def choose(choice: str, device: torch.device, mask_documents: bool, precision: str) -> str:
    """The implementation to build a model with: transformers' `attn_implementation`.

    Args:
        choice: engine.attention.
        device: of the model.
        mask_documents: whether documents are kept apart.
        precision: bf16 or fp32, no longer auto.

    Raises:
        ConfigError: the kernel cannot run on this device or in this precision.
    """
    if choice == "auto":
        choice = "varlen" if mask_documents and _varlen_fault(device, precision) is None else "sdpa"
    if choice == "sdpa":
        return SDPA
    fault = _varlen_fault(device, precision) if choice == "varlen" else _flex_fault(device)
    if fault is not None:
        raise ConfigError(f"engine.attention: {choice} {fault}; use --set engine.attention=sdpa, or auto")
    return VARLEN if choice == "varlen" else FLEX


def _varlen_fault(device: torch.device, precision: str) -> str | None:
    if device.type != "cuda":
        return f"needs a GPU, and this runs on {device.type}"
    if precision != "bf16":
        return f"needs engine.precision: bf16, got {precision}"
    capability = torch.cuda.get_device_capability(device)
    if capability < FLASH_CAPABILITY:
        return f"needs a GPU of compute capability 8.0 or newer, {torch.cuda.get_device_name(device)} has " + (
            ".".join(map(str, capability))
        )
    return None


def _flex_fault(device: torch.device) -> str | None:
    # torch 2.13 raises NotImplementedError in the first layer: "does not support backward on CPU"
    return None if device.type == "cuda" else f"has no backward pass on {device.type} in torch {torch.__version__}"


def arguments(batch: Batch, implementation: str) -> dict[str, Any]:
    """What the decoder of a transformers model takes beside the tokens, so that documents are kept apart.

    Args:
        batch: its positions and bounds are None where documents are not masked.
        implementation: of the model, as `choose` gave it; also transformers' own sdpa.

    Raises:
        ValueError: an implementation that takes no documents.
    """
    if implementation not in (SDPA, VARLEN, FLEX, "sdpa"):
        raise ValueError(f"attention {implementation}: none of {SDPA}, {VARLEN}, {FLEX}, sdpa")
    given: dict[str, Any] = {} if batch.positions is None else {"position_ids": batch.positions}
    if implementation == VARLEN:
        given["bounds"] = _whole(batch.input_ids) if batch.bounds is None else batch.bounds
    elif implementation == FLEX:
        given["attention_mask"] = _make_block_mask(batch)
    elif batch.positions is not None:
        given["attention_mask"] = _dense_mask(batch.positions)
    return given


def _whole(tokens: torch.Tensor) -> torch.Tensor:
    """Bounds where every sequence is one document."""
    rows, length = tokens.shape
    return torch.arange(0, (rows + 1) * length, length, dtype=torch.int32, device=tokens.device)


def _dense_mask(positions: torch.Tensor) -> torch.Tensor:
    """Boolean (sequences, 1, length, length), True where a token may look."""
    documents = documents_of(positions)
    same = documents[:, None, :, None] == documents[:, None, None, :]
    return same.tril()


def _block_mask(batch: Batch) -> BlockMask:
    """The documents as blocks for flex attention; built once a forward pass, since all layers share it."""
    rows, length = batch.input_ids.shape
    documents = None if batch.positions is None else documents_of(batch.positions)

    def allowed(row: torch.Tensor, _: torch.Tensor, query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
        causal = query >= key
        return causal if documents is None else causal & (documents[row, query] == documents[row, key])

    # compiled, it never holds the dense mask; but that needs a compiler, and a CPU may have none
    gpu = batch.input_ids.is_cuda
    return create_block_mask(allowed, rows, None, length, length, device=batch.input_ids.device, _compile=gpu)


_make_block_mask = torch.compiler.disable(_block_mask)  # it compiles itself, and is called once a forward pass


def _sdpa(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Torch's scaled dot product attention; without a mask, causal by flag, which the flash kernels take."""
    found: tuple[torch.Tensor, None] = sdpa_attention_forward(module, query, key, value, attention_mask, **options)
    return found


def _varlen(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    bounds: torch.Tensor,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Flash attention over the flattened batch, whose documents end at `bounds`."""
    rows, heads, length, size = query.shape
    flat = (part.transpose(1, 2).reshape(rows * length, -1, size) for part in (query, key, value))
    found = varlen_attn(
        *flat, bounds, bounds, length, length, scale=scaling, window_size=(-1, 0), enable_gqa=key.shape[1] != heads
    )
    assert isinstance(found, torch.Tensor)  # a tuple only where the log of the sums is asked for
    return found.view(rows, length, heads, size), None


_flex_compiled: Any = None


def _flex_kernel(query: torch.Tensor) -> Any:
    """Flex attention, compiled once on a GPU: as it is, it would hold every score."""
    global _flex_compiled
    if not query.is_cuda or torch.compiler.is_compiling():
        return flex_attention
    if _flex_compiled is None:
        _flex_compiled = torch.compile(flex_attention)
    return _flex_compiled


def _flex(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: BlockMask,
    *,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Flex attention with the blocks of `_block_mask`."""
    gqa = key.shape[1] != query.shape[1]
    found = _flex_kernel(query)(query, key, value, block_mask=attention_mask, scale=scaling, enable_gqa=gqa)
    return found.transpose(1, 2).contiguous(), None


for _name, _kernel in ((SDPA, _sdpa), (VARLEN, _varlen), (FLEX, _flex)):
    AttentionInterface.register(_name, _kernel)
