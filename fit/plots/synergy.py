"""What a token of one component is worth to another language, by laws of transfer."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fit.estimate.fitted import Fit
from fit.points import Array

NUMBERS = 10
"""Rows or columns up to which cells hold their numbers; with more these would overlap."""


@dataclass(frozen=True, slots=True)
class Synergy:
    """tau: rows learn, columns teach."""

    targets: tuple[str, ...]
    components: tuple[str, ...]
    tau: Array
    """(T, K); NaN: the law has none. A target's own component is 1 by definition."""


def synergy(fit: Fit) -> Synergy | None:
    """The matrix of a fit; None where its law has none.

    Args:
        fit: of any law.
    """
    tau = np.full((len(fit.targets), len(fit.components)), np.nan)
    for row, (name, target) in enumerate(fit.targets.items()):
        parameters = target.parameters
        for column, component in enumerate(fit.components):
            if f"tau[{component}]" in parameters:
                tau[row, column] = parameters[f"tau[{component}]"]
            elif component == name:
                tau[row, column] = 1.0
    own = np.array([[name == component for component in fit.components] for name in fit.names], bool)
    if not (np.isfinite(tau) & ~own).any():
        return None
    return Synergy(fit.names, fit.components, tau)


def draw(figure: Any, data: Synergy) -> None:
    """A heat map with numbers, on a logarithmic scale."""
    axes = figure.add_subplot()
    shown = np.log10(np.maximum(data.tau, 1e-4))
    image = axes.imshow(shown, cmap="viridis", vmin=-3, vmax=0.3, aspect="auto")
    for row, column in np.ndindex(*data.tau.shape) if max(data.tau.shape) <= NUMBERS else ():
        if np.isfinite(data.tau[row, column]):
            light = shown[row, column] > -1.0
            text = f"{data.tau[row, column]:.2g}"
            axes.text(column, row, text, ha="center", va="center", fontsize=7, color="black" if light else "white")
    axes.set_xticks(range(len(data.components)), data.components, rotation=35, ha="right")
    axes.set_yticks(range(len(data.targets)), data.targets)
    axes.set(xlabel="a token of", ylabel="is worth to")
    figure.colorbar(image, ax=axes, label="tokens of its own, log10")
