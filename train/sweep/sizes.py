"""Models of any number of parameters in the proportions of the ladder. Pure."""

import math
import re

from contracts.errors import ConfigError
from train.config import ShapeConfig
from train.ladder import LADDER, Rung, rung

HEAD = 64
"""Width of a head from SMALL parameters on, and twice that from LARGE on, half of it below,
a quarter below TINY, where widths must be fine: about as on the ladder."""

TINY, SMALL, LARGE = 1e6, 5e6, 3e8

SMALLEST = 50_000.0
"""Parameters of the smallest model: below, sizes can no longer be told apart."""

FEED_FORWARD = (2.3, 3.1)
"""Least and most width of the feed-forward part, in widths of the model; the ladder has 2.7 to 3."""

NEAR = 0.03
"""Within this share of a rung's parameters, the rung itself is taken."""

SHAPE_WEIGHT = 0.05
"""How wrong ratios of width, depth and feed-forward part weigh against a wrong number of parameters, as logarithms:
parameters come first, since N is what a sweep varies."""


def nearest_rung(parameters: float) -> Rung:
    """The rung with the nearest number of parameters, as a ratio."""
    return min(LADDER, key=lambda found: abs(math.log(found.parameters / parameters)))


def scaled(name: str, scale: float, own: bool) -> tuple[str, ShapeConfig | None]:
    """A rung, scaled in parameters: its name, and its shape where it is not on the ladder.

    Args:
        name: of the rung, or a size such as 0.5B that is on no rung.
        scale: factor for the parameters.
        own: make a model of that size; else take the nearest rung.

    Raises:
        ConfigError: there is no such size, or it is scaled to less than any model has.
    """
    target = _parameters(name) * scale
    if target < SMALLEST:
        least = 1.05 * SMALLEST / _parameters(name)  # more than two digits round away
        raise ConfigError(
            f"design.scale: {scale:g} makes {name} a model of {target:,.0f} parameters; give {least:.2g} or more, so "
            f"that it has {SMALLEST:,.0f}"
        )
    near = nearest_rung(target)
    if not own or abs(near.parameters / target - 1) <= NEAR:
        return near.name, None
    shape = shape_for(target)
    return _name(_rung_of(shape).parameters), shape


def shape_for(parameters: float) -> ShapeConfig:
    """A model of about so many parameters without embeddings, as wide for its depth as the ladder is at that size."""
    aspect = _aspect(parameters)
    best = min(_candidates(parameters), key=lambda found: _badness(found, parameters, aspect))
    return ShapeConfig(layers=best.layers, hidden=best.hidden, heads=best.heads, intermediate=best.intermediate)


def _parameters(name: str) -> float:
    """Of a rung, or as a name such as 0.5B says."""
    if any(found.name == name for found in LADDER):
        return rung(name).parameters
    number = re.fullmatch(r"([0-9]*\.?[0-9]+)([MB])", name)
    if number is None or not float(number[1]):
        return rung(name).parameters  # says which rungs there are
    return float(number[1]) * {"M": 1e6, "B": 1e9}[number[2]]


def _rung_of(shape: ShapeConfig) -> Rung:
    return Rung("", shape.layers, shape.hidden, shape.heads, shape.intermediate)


def _name(parameters: int) -> str:
    number, unit = (parameters / 1e9, "B") if parameters >= 1e9 else (parameters / 1e6, "M")
    return f"{number:.3g}{unit}"


def _aspect(parameters: float) -> float:
    """Width over depth of the ladder at a size, in a straight line between its rungs on logarithmic scales."""
    below = max((r for r in LADDER if r.parameters <= parameters), key=lambda r: r.parameters, default=LADDER[0])
    above = min((r for r in LADDER if r.parameters >= parameters), key=lambda r: r.parameters, default=LADDER[-1])
    if below.parameters >= above.parameters:
        return below.hidden / below.layers
    place = math.log(parameters / below.parameters) / math.log(above.parameters / below.parameters)
    low, high = below.hidden / below.layers, above.hidden / above.layers
    return float(low * (high / low) ** place)


def _candidates(parameters: float) -> list[Rung]:
    """Shapes of every width and depth near the ladder's, the feed-forward part as wide as the size asks for."""
    head = _head(parameters)
    found = []
    for hidden in range(2 * head, 64 * 2 * HEAD + 1, head):
        per_wide = 3 * hidden  # parameters of one more unit of the feed-forward part of a layer
        usual = Rung("", 1, hidden, 1, round(8 * hidden / 3)).parameters - hidden
        for layers in {max(1, int(parameters / usual)), int(parameters / usual) + 1}:
            rest = (parameters - hidden) / layers - 4 * hidden * hidden - 2 * hidden
            unit = head // 2 if head >= HEAD else head // 4
            low, high = (math.ceil(share * hidden / unit) * unit for share in FEED_FORWARD)
            intermediate = min(max(round(rest / per_wide / unit) * unit, low), high)
            found.append(Rung("", layers, hidden, hidden // head, intermediate))
    return found


def _head(parameters: float) -> int:
    """Width of a head, of which the model's width is a multiple: as on the ladder, less in very small models."""
    if parameters < SMALL:
        return HEAD // 4 if parameters < TINY else HEAD // 2
    return HEAD if parameters < LARGE else 2 * HEAD


def _badness(found: Rung, parameters: float, aspect: float) -> float:
    size = abs(math.log(found.parameters / parameters))
    shape = abs(math.log(found.hidden / found.layers / aspect))
    return size + SHAPE_WEIGHT * (shape + abs(math.log(found.intermediate / found.hidden * 3 / 8)))
