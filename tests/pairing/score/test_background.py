from importlib.resources import files
from io import BytesIO

import numpy as np
import polars as pl
import pytest

from contracts.errors import StageError
from contracts.languages import LANGUAGE_NAMES
from pairing.features import classes as c
from pairing.features.fingerprint import fingerprint
from pairing.features.hashing import key
from pairing.score.shipped import BACKGROUND, FEATURES, background, read_background
from pairing.score.weights import KEYS


def share(language, name, word):
    """Share of a language's documents that have a feature of a class."""
    found = background()
    place = np.searchsorted(found.keys, key(c.NUMBER[name], word))
    if place == len(found.keys) or found.keys[place] != key(c.NUMBER[name], word):
        return 0.0
    return float(found.shares[LANGUAGE_NAMES.index(language), place])


def test_the_shipped_background_is_sorted_shares_of_all_languages():
    found = background()
    assert (np.diff(found.keys.astype(np.int64)) > 0).all() and found.keys[-1] < KEYS
    assert found.shares.shape == (len(LANGUAGE_NAMES), len(found.keys))
    assert (found.shares.max(axis=0) >= 0.005 - 1e-5).all() and found.shares.max() <= 1
    assert (found.shares > 0).sum(axis=1).min() > 10_000


def test_idioms_are_common_where_they_are_idioms():
    # the hashes of the table are those that features have now
    assert share("python", c.WORDS, b"self") > 0.3 > 0.05 > share("go", c.WORDS, b"self")
    assert share("go", c.WORDS, b"err") > 0.3 > share("java", c.WORDS, b"err")
    assert share("rust", c.WORDS, b"impl") > 0.3 > 0.02 > share("csharp", c.WORDS, b"impl")
    assert share("python", c.WORDS, b"levenshtein") < 0.005
    assert share("java", c.IMPORTS, b"java") > 0.3 > share("go", c.IMPORTS, b"java")
    assert share("rust", c.CALLS, b"unwrap") > 0.05 > share("python", c.CALLS, b"unwrap")
    assert share("go", c.NUMBERS, b"0") > 0.3
    assert share("csharp", c.COMMENTS, b"summary") > 0.05 > share("rust", c.COMMENTS, b"summary")


@pytest.mark.parametrize(
    ("metadata", "told"),
    [({FEATURES: "0123456789abcdef"}, "features 0123456789abcdef"), (None, "features of an unknown version")],
)
def test_a_background_of_other_features_is_refused(metadata, told):
    out = BytesIO()
    table = pl.read_parquet((files("pairing.score") / BACKGROUND).read_bytes())
    table.write_parquet(out, metadata=metadata)
    with pytest.raises(StageError, match=f"{told}, and those of this version are {fingerprint()}"):
        read_background(out.getvalue())


def test_the_fingerprint_is_that_of_the_features_that_the_shipped_table_was_counted_with():
    # changes with the number of places, the classes and the hash function: then the table has to be counted anew
    assert fingerprint() == "999322d96c0bfcfa"
