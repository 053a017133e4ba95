"""The score's coefficients as glotmix ships them, read once."""

import json
from functools import cache
from importlib.resources import files
from typing import Final

from pairing.score.model import PairModel

COEFFICIENTS: Final = "coefficients.json"
"""Written by benchmarks/pairing_cv.py --ship; says what it was learnt on."""


@cache
def shipped() -> PairModel:
    """The model that glotmix ships.

    Raises:
        ValueError: its columns are not those of this version.
    """
    return PairModel.restore(json.loads((files("pairing.score") / COEFFICIENTS).read_text(encoding="utf-8")))
