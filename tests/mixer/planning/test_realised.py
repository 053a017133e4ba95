import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.planning.realised import Realised, realised

from ..streams.test_sequences import EPOCHS, concatenated, packed


def recount(laid: list[tuple[int, int, int]], sizes: list[int], size: np.ndarray) -> Realised:
    """From the list of all tokens: what was seen, and the bytes of it in proportion to the tokens."""
    seen: dict[tuple[int, int], int] = {}
    for document, _, epoch in laid:
        if document >= 0:
            seen[document, epoch] = seen.get((document, epoch), 0) + 1
    whole = {key for key, count in seen.items() if count == sizes[key[0]]}
    cut = [float(size[d] * seen[d, e] / sizes[d]) for d, e in seen if (d, e) not in whole]
    once: dict[int, int] = {}
    for (document, _), count in seen.items():
        once[document] = max(once.get(document, 0), count)
    return Realised(
        documents=len(once),
        bytes=int(sum(int(size[d]) for d, _ in whole) + sum(round(c) for c in cut)),
        unused_documents=len(sizes) - len(once),
        unused_tokens=sum(sizes) - sum(once.values()),
    )


@settings(max_examples=200)
@given(st.sampled_from([concatenated, packed]), st.integers(8, 40), st.data())
def test_what_sequences_hold_is_what_counting_their_tokens_gives(kind, length, data):
    most = length if kind is packed else 100
    sizes = data.draw(st.lists(st.integers(1, most), min_size=1, max_size=25))
    size = np.random.default_rng(len(sizes)).integers(0, 1000, len(sizes))
    stream, laid = kind(sizes, length)
    total = len(laid) // length
    whole = total // EPOCHS
    sequences = data.draw(st.one_of(st.integers(0, total), st.sampled_from([0, whole, total])))
    found = realised(stream, sequences, np.array(sizes, np.int64), size)
    assert found == recount(laid[: sequences * length], sizes, size)


@pytest.mark.parametrize("kind", [concatenated, packed])
def test_a_component_without_sequences_holds_nothing(kind):
    stream, _ = kind([5, 3], 8)
    found = realised(stream, 0, np.array([5, 3]), np.array([50, 30]))
    assert found == Realised(documents=0, bytes=0, unused_documents=2, unused_tokens=8)
