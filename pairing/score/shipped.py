"""The score's coefficients and its background as glotmix ships them, read once."""

import json
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import numpy as np
import polars as pl

from contracts.errors import StageError
from contracts.languages import LANGUAGE_NAMES
from pairing.features.fingerprint import fingerprint
from pairing.score.background import Background
from pairing.score.model import PairModel

COEFFICIENTS: Final = "coefficients.json"
"""Written by benchmarks/pairing_cv.py --ship; says what it was learnt on."""

BACKGROUND: Final = "background.parquet"
"""Written by benchmarks/pairing_background.py --ship; column `key`, and one for each language. Its metadata say under
FEATURES which keys those are."""

FEATURES: Final = "glotmix:features"
"""Metadata of a file of keys: `pairing.features.fingerprint`."""

WHOLE: Final = 65_535
"""Share of all documents: shares are stored in 16 bits."""


@cache
def shipped() -> PairModel:
    """The model that glotmix ships.

    Raises:
        ValueError: its columns are not those of this version.
    """
    return PairModel.restore(json.loads((files("pairing.score") / COEFFICIENTS).read_text(encoding="utf-8")))


@cache
def background() -> Background:
    """How common features are in ordinary code: what is in less than one document in two hundred is not listed.

    Raises:
        StageError: it was counted with other features than those of this version.
    """
    return read_background((files("pairing.score") / BACKGROUND).read_bytes())


def read_background(data: bytes) -> Background:
    """See `background`."""
    found, own = pl.read_parquet_metadata(BytesIO(data)).get(FEATURES), fingerprint()
    if found != own:
        raise StageError(
            f"pairing/score/{BACKGROUND} was counted with features {found or 'of an unknown version'}, and those of "
            f"this version are {own}: install glotmix anew, or run python benchmarks/pairing_background.py --ship"
        )
    table = pl.read_parquet(BytesIO(data))
    shares = table.select(LANGUAGE_NAMES).to_numpy().T.astype(np.float32) / np.float32(WHOLE)
    return Background(table["key"].to_numpy(), shares)
