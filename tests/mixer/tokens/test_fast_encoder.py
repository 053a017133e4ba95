import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import StageError
from mixer.tokens import fast_encoder
from mixer.tokens.fast_encoder import (
    CHECK_CHARACTERS,
    CHECK_EVERY,
    CHECK_TEXTS,
    NASTY,
    FastEncoder,
    installed,
    sample,
)
from mixer.tokens.tokenizer import Encoder, plain_json

from .test_tokenizer import CODE, END, PAD, TEXT


def lengths(texts) -> list[np.ndarray]:
    return [np.array([len(t)], np.uint32) for t in texts]


def encoder(fast, reference=lengths) -> FastEncoder:
    made = FastEncoder("{}", reference)  # no tokenizer: nothing is loaded
    made._fast = fast
    return made


def ids(batches: list[np.ndarray]) -> list[list[int]]:
    return [b.tolist() for b in batches]


def test_without_the_library_the_reference_encodes():
    made = encoder(None)
    assert made.name == "tokenizers"
    assert ids(made.encode(["ab", ""])) == [[2], [0]]


def test_an_encoder_that_agrees_is_used_and_checked_again():
    calls = []

    def reference(texts):
        calls.append(list(texts))
        return lengths(texts)

    made = encoder(lengths, reference)
    for _ in range(CHECK_EVERY + 1):
        assert ids(made.encode(["abc"])) == [[3]]
    assert made.name == "gigatoken"
    assert calls == [[*NASTY, "abc"], ["abc"]]


@given(st.lists(st.text(max_size=30), max_size=60), st.integers(1, 1000))
def test_what_is_checked_of_a_batch_is_bounded_and_of_the_batch(texts, times):
    texts = [text * times for text in texts]
    chosen = sample(texts)
    assert len(chosen) <= CHECK_TEXTS
    assert sum(map(len, chosen)) <= CHECK_CHARACTERS
    assert bool(chosen) == bool(texts)
    assert all(any(text.startswith(part) for text in texts) for part in chosen)
    if len(texts) <= CHECK_TEXTS and sum(map(len, texts)) <= CHECK_CHARACTERS // CHECK_TEXTS:
        assert chosen == texts  # small batches whole


@pytest.mark.parametrize("broken", ["x", END, "1234567890", "\u2028"])
def test_an_encoder_that_differs_at_first_gives_way(broken):
    def differs(texts):
        return [np.array([len(t) + (broken in t)], np.uint32) for t in texts]

    made = encoder(differs)
    assert ids(made.encode(["x" if broken == "x" else "ok"])) == [[1 if broken == "x" else 2]]
    assert made.name == "tokenizers"
    assert ids(made.encode([broken, "ok"])) == [[len(broken)], [2]]


def test_an_encoder_that_fails_gives_way():
    def fails(texts):
        raise RuntimeError("no")

    made = encoder(fails)
    assert ids(made.encode(["abc"])) == [[3]]
    assert made.name == "tokenizers"


def test_a_difference_after_batches_that_agreed_stops_the_task():
    def differs(texts):
        return [np.array([len(t) + ("late" in t)], np.uint32) for t in texts]

    made = encoder(differs)
    for _ in range(CHECK_EVERY):
        made.encode(["abc"])
    assert made.name == "gigatoken"
    with pytest.raises(StageError, match=r"set tokenizer.fast: off"):
        made.encode(["late"])


def test_the_library_is_found_by_its_name(monkeypatch):
    monkeypatch.setattr(fast_encoder.importlib.util, "find_spec", lambda name: None)
    assert not installed()
    assert FastEncoder(plain_json(TEXT, {END, PAD}), lengths).name == "tokenizers"


@pytest.mark.skipif(not installed(), reason="the extra fast is not installed")
def test_gigatoken_gives_the_ids_of_the_reference():
    texts = [*CODE[:2], *NASTY, f"{END}{PAD}"]
    fast = Encoder(TEXT, END, PAD, fast=True)
    for a, b in zip(fast.encode(texts), Encoder(TEXT, END, PAD).encode(texts), strict=True):
        assert a.tolist() == b.tolist()
    assert fast._encode.__self__.name == "gigatoken"
