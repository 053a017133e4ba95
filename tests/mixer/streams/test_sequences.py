"""The readers of streams against the obvious: lay out every token of every epoch in a list, and cut the list."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.streams.pack import best_fit, lay_out, lay_out_packed
from mixer.streams.sequences import Concatenated, Packed, Spans

EPOCHS = 3
PADDING = (-1, -1, 0)


def order(epoch: int, count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(1000 * seed + epoch).permutation(count)


def concatenated(sizes: list[int], length: int) -> tuple[Concatenated, list[tuple[int, int, int]]]:
    """A stream, and (document, token of it, epoch) of each of its tokens."""
    tokens = np.array(sizes, np.int32)

    def arrays(epoch: int) -> tuple[np.ndarray, np.ndarray]:
        documents = order(epoch, len(sizes))
        return documents.astype(np.int32), lay_out(documents, tokens)

    laid = [(d, t, e) for e in range(EPOCHS) for d in order(e, len(sizes)).tolist() for t in range(sizes[d])]
    return Concatenated(length, sum(sizes), arrays), laid


def packed(sizes: list[int], length: int) -> tuple[Packed, list[tuple[int, int, int]]]:
    tokens = np.array(sizes, np.int32)
    bins = best_fit(tokens, length)
    count = int(bins.max()) + 1

    def arrays(epoch: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return lay_out_packed(order(epoch, len(sizes)), tokens, bins, order(epoch, count, 1))

    laid = []
    for epoch in range(EPOCHS):
        for place in order(epoch, count, 1).tolist():
            inside = [d for d in order(epoch, len(sizes)).tolist() if bins[d] == place]
            sequence = [(d, t, epoch) for d in inside for t in range(sizes[d])]
            laid += sequence + [PADDING] * (length - len(sequence))
    return Packed(length, count, arrays), laid


def written(spans: Spans, length: int, count: int, sizes: list[int]) -> list[tuple[int, int, int]]:
    """(document, token of it, epoch) of each place, with what must hold for every span by itself."""
    places: list = [None] * (length * count)
    last = -1
    for sequence, start, end, document, first, epoch, ends in zip(
        *(getattr(spans, name).tolist() for name in Spans.__slots__), strict=True
    ):
        assert last < sequence * length + start  # in order
        last = sequence * length + start
        assert 0 <= start < end <= length
        assert ends == (document >= 0 and first + end - start == sizes[document])
        for i in range(end - start):
            assert places[last + i] is None
            places[last + i] = (document, first + i, epoch) if document >= 0 else PADDING
            assert document >= 0 or first == -1
    return places


@settings(max_examples=150)
@given(
    st.sampled_from([concatenated, packed]),
    st.integers(8, 40),
    st.data(),
)
def test_any_block_of_sequences_is_cut_from_the_list_of_all_tokens(kind, length, data):
    most = length if kind is packed else 100
    sizes = data.draw(st.lists(st.integers(1, most), min_size=1, max_size=30))
    stream, laid = kind(sizes, length)
    total = len(laid) // length
    first, last = sorted(data.draw(st.tuples(st.integers(0, total), st.integers(0, total))))
    for low, high in ((0, total), (first, last), (last, total), (first, first + 1)):
        if low < high <= total:
            found = written(stream.spans(low, high), length, high - low, sizes)
            assert found == laid[low * length : high * length]
        if low <= high <= total:
            cut = [laid[k * length : (k + 1) * length] for k in range(low, high)]
            assert stream.padding(low, high).tolist() == [part.count(PADDING) for part in cut]


@pytest.mark.parametrize(
    ("sizes", "length", "documents"),
    [
        ([8, 8, 8], 8, 3),  # documents end where sequences end, and epochs where both do
        ([24], 8, 1),  # a document longer than a sequence
        ([1] * 8, 8, 8),
        ([5], 8, 1),  # a sequence holds more than an epoch
        ([2], 9, 1),
    ],
)
def test_edges_of_epochs_and_documents(sizes, length, documents):
    stream, laid = concatenated(sizes, length)
    for k in range(len(laid) // length):
        assert written(stream.spans(k, k + 1), length, 1, sizes) == laid[k * length : (k + 1) * length]
    assert len({d for d, _, e in laid if e == 0}) == documents


def test_packed_documents_stand_whole_and_padding_last():
    sizes = [10, 9, 8, 7, 3, 2, 10, 10]
    stream, _ = packed(sizes, 10)
    spans = stream.spans(0, stream.sequences * EPOCHS)
    real = spans.document >= 0
    assert ((spans.end - spans.start)[real] == np.array(sizes)[spans.document[real]]).all()
    assert (spans.token_start[real] == 0).all() and spans.ends_document[real].all()
    for number in np.unique(spans.sequence):
        inside = spans.document[spans.sequence == number].tolist()
        assert -1 not in inside[:-1]
    for epoch in range(EPOCHS):
        assert sorted(spans.document[real & (spans.epoch == epoch)].tolist()) == list(range(len(sizes)))
