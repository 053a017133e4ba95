"""When models and budgets are so small that results say how the tools work, and little about large models. Pure."""

LEAST_PARAMETERS = 10e6
"""Parameters without embeddings below which sizes count as a toy: the smallest model of the scaling study that is
nearest to practice (arXiv 2403.08540) has 11 million."""
LEAST_TOKENS = 1e8
"""Training tokens below which budgets count as a toy: less than 20 a parameter (arXiv 2203.15556) for half of that."""


def toy_scale(n_parameters: float, tokens: float) -> str | None:
    """Why the largest size and budget of a study are a toy, in a sentence; None: they are not.

    Args:
        n_parameters: of the largest model, without embeddings.
        tokens: that the longest run trained on.
    """
    small = []
    if n_parameters < LEAST_PARAMETERS:
        small.append(f"the largest model has {n_parameters:,.0f} parameters, fewer than {LEAST_PARAMETERS:,.0f}")
    if tokens < LEAST_TOKENS:
        small.append(f"the longest run has {tokens:,.0f} tokens, fewer than {LEAST_TOKENS:,.0f}")
    if not small:
        return None
    return f"toy scale: {' and '.join(small)}; expect neither laws nor proportions to hold for large models"
