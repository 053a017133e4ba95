"""The peak learning rate of a model size, for AdamW and a warmup-stable-decay schedule. Pure."""

REFERENCE_PARAMETERS = 108_000_000
REFERENCE_RATE = 0.0047 / 2
"""Allen AI's OLMo-core (model_ladder/wsds_chinchilla_run_configurator.py) takes half of what Porian et al. (arXiv
2406.19146) fitted, 0.0047 at 108 M parameters, since the rate stays at its peak for most of a run."""

EXPONENT = -1 / 3
"""Of the parameters, from the same source."""

HIGHEST = 3e-3
"""Reached below 52 M parameters. The rule goes on rising, but small models do not bear it: see docs/models.md."""

LOWEST = 3e-4
"""Reached above 52 B parameters: beyond the ladder, as far as the rule was never tried."""


def learning_rate(parameters: int) -> float:
    """The peak for a model of this size, where none is configured.

    A point of departure for some 20 tokens a parameter: 0.00235 x (N / 108 M) ^ (-1/3), between LOWEST and HIGHEST.
    Another fit, DeepSeek LLM's (arXiv 2401.02954) 0.3118 x C ^ (-1/8) with C = 6 x N x 20 N operations, gives 0.72 of
    it at 108 M, 0.88 at 1.3 B, 1.01 at 7 B. Runs with many more tokens for their size want less: C ^ (-1/8) says by
    how much.

    Args:
        parameters: without token embeddings and output matrix. (The source counts the output matrix, which matters at
            small sizes only, where the rate is HIGHEST anyhow.)
    """
    rule = float(REFERENCE_RATE * (parameters / REFERENCE_PARAMETERS) ** EXPONENT)
    return min(HIGHEST, max(LOWEST, rule))
