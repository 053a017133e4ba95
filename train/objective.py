"""The model with its loss, as one module: what the engine trains and what evaluation asks."""

from typing import Any

import torch
from torch.nn.functional import cross_entropy

from train.attention import arguments
from train.batch import IGNORE, Batch


class Objective(torch.nn.Module):
    """A causal language model and the loss of its next tokens.

    Args:
        model: a transformers model with `model` (decoder) and `lm_head`.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, batch: Batch, reduce: bool = True) -> torch.Tensor:
        """Nats of the labels, in fp32.

        Args:
            batch: sequences; positions where IGNORE stands count nothing.
            reduce: sum them to a scalar; else (sequences, length) with 0 where IGNORE stands.
        """
        hidden = self.model.model(
            input_ids=batch.input_ids, use_cache=False, **arguments(batch, self.model.config._attn_implementation)
        ).last_hidden_state
        logits = self.model.lm_head(hidden).float().flatten(0, 1)
        kind = "sum" if reduce else "none"
        nats = cross_entropy(logits, batch.labels.flatten(), ignore_index=IGNORE, reduction=kind)
        return nats if reduce else nats.view_as(batch.labels)
