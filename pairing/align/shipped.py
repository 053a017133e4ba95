"""The coefficients of the alignment of functions as glotmix ships them, read once."""

import json
from functools import cache
from importlib.resources import files
from typing import Final

from pairing.align.model import Model, model_of

COEFFICIENTS: Final = "coefficients.json"
"""Written by benchmarks/pairing_functions.py --ship; says what it was fitted on."""


@cache
def shipped() -> Model:
    """The model that glotmix ships."""
    return model_of(json.loads((files("pairing.align") / COEFFICIENTS).read_text(encoding="utf-8")))
