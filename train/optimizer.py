"""AdamW of torch, with weight decay for matrices only."""

import torch

from train.config import OptimizerConfig


def adamw(model: torch.nn.Module, config: OptimizerConfig, rate: float, fused: bool) -> torch.optim.AdamW:
    """The optimizer of a model.

    Args:
        model: with parameters of their full shape (before ZeRO 3 divides them).
        config: its options.
        rate: learning rate to begin with; the trainer sets it before each step.
        fused: one kernel for all parameters, on a GPU.
    """
    embeddings = model.get_input_embeddings().weight  # type: ignore[operator]
    decayed = [p for p in model.parameters() if p.ndim >= 2 and p is not embeddings]
    rest = [p for p in model.parameters() if p.ndim < 2 or p is embeddings]
    groups = [
        {"params": decayed, "weight_decay": config.weight_decay},
        {"params": rest, "weight_decay": 0.0},
    ]
    betas = (config.beta1, config.beta2)
    return torch.optim.AdamW(groups, lr=rate, betas=betas, eps=config.epsilon, fused=fused)
