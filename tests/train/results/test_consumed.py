import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.dataset import MixtureDataset
from train.results import consumed as module
from train.results.consumed import Consumed, consumed

from ...mixer.conftest import make
from ...mixer.pools import PAD, write_pool

LENGTH = 64
SIZES = {"go": [5, 90, 31, 64, 12, 7, 40, 3, 28] * 5, "rust": [50] * 60, "go->rust": [20] * 20, "rust->go": [21] * 20}
SHARES = {"go": 0.6, "rust": 0.2, "parallel": 0.2}


@pytest.fixture(scope="module")
def mixtures(tmp_path_factory) -> dict[str, MixtureDataset]:
    pool = write_pool(tmp_path_factory.mktemp("consumed"), SIZES)
    options = {"proportions": SHARES, "max_epochs": 3, "sequence_length": LENGTH, "shard_tokens": 640}
    limits = {"rust": {"unique_tokens": 1000}}
    return {
        output: MixtureDataset(make(pool.layout, output=output, name=output, components=limits, **options).folder)
        for output in ("shards", "view")
    }


@pytest.fixture(params=["shards", "view"])
def mixture(request, mixtures) -> MixtureDataset:
    return mixtures[request.param]


def counted(mixture: MixtureDataset, numbers) -> dict[str, list[int]]:
    """Sequences, tokens and padding, sequence by sequence; padding by its tokens (texts here have no pad token)."""
    found = {name: [0, 0, 0] for name in mixture.components}
    for k in numbers:
        padding = int((mixture[k] == PAD).sum())
        for place, number in enumerate((1, LENGTH - padding, padding)):
            found[mixture.component(k)][place] += number
    return found


def numbers(parts: dict[str, Consumed]) -> dict[str, list[int]]:
    return {name: [part.sequences, part.tokens, part.padding] for name, part in parts.items()}


def test_every_prefix_is_what_its_sequences_hold(mixture):
    assert len(mixture) > 60
    for length in range(1, len(mixture) + 1):
        assert numbers(consumed(mixture, length)) == counted(mixture, range(length))


def test_the_whole_mixture_is_what_its_manifest_says(mixture):
    parts = mixture.manifest["counts"]["components"]
    found = consumed(mixture, len(mixture))
    assert list(found) == list(parts)
    for name, part in found.items():
        assert (part.sequences, part.tokens, part.padding) == tuple(
            parts[name][key] for key in ("sequences", "tokens", "padding")
        )
        assert part.share == pytest.approx(parts[name]["realised_share"], abs=1e-12)
        assert part.unique == parts[name]["unique_tokens"]
    assert found["parallel"].padding > 0


def test_unique_tokens_keep_a_limit_and_count_a_program_once(mixture):
    found = consumed(mixture, len(mixture))
    assert found["rust"].unique == 1000  # of 3,000 in the pool
    assert found["rust"].epochs == found["rust"].tokens / 1000
    pairs = sum(5 + 7 * number % 9 for number in range(20)) * 2  # each in one go and one rust program
    assert found["parallel"].unique == pairs
    assert sum(SIZES["go->rust"]) + sum(SIZES["rust->go"]) > pairs


def test_without_unique_tokens_there_are_no_epochs():
    assert Consumed(1, 64, 0, 0, 1.0).epochs is None


@settings(max_examples=40)
@given(st.data())
def test_skipped_sequences_are_not_counted(mixtures, data):
    mixture = mixtures[data.draw(st.sampled_from(sorted(mixtures)))]
    total = data.draw(st.integers(1, len(mixture)))
    cuts = sorted(data.draw(st.lists(st.integers(0, total), max_size=6).filter(lambda c: len(c) % 2 == 0)))
    gaps = [range(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    left = [k for k in range(total) if not any(k in gap for gap in gaps)]
    if not left:
        with pytest.raises(ValueError, match="were skipped; nothing was trained on"):
            consumed(mixture, total, gaps)
        return
    found = consumed(mixture, total, data.draw(st.permutations(gaps)))
    assert numbers(found) == counted(mixture, left)
    assert sum(part.share for part in found.values()) == pytest.approx(1)


@pytest.mark.parametrize("chunk", [1, 7])
def test_chunks_change_nothing(mixture, monkeypatch, chunk):
    whole = consumed(mixture, 50)
    monkeypatch.setattr(module, "CHUNK", chunk)
    assert consumed(mixture, 50) == whole


@pytest.mark.parametrize("sequences", [0, -1, 10**6])
def test_a_number_of_sequences_that_is_none_is_refused(mixture, sequences):
    with pytest.raises(ValueError, match=f"{sequences} sequences of .*, which has {len(mixture)}"):
        consumed(mixture, sequences)


@pytest.mark.parametrize("gaps", [[range(3, 9), range(8, 10)], [range(5, 11)], [range(0, 4, 2)], [range(-2, 1)]])
def test_skipped_ranges_that_are_none_are_refused(mixture, gaps):
    with pytest.raises(ValueError, match="not a part of the first 10 sequences"):
        consumed(mixture, 10, gaps)


def test_all_counts_are_plain_numbers(mixture):
    for part in consumed(mixture, 20).values():
        assert [type(getattr(part, name)) for name in Consumed.__slots__] == [int, int, int, int, float]
        assert not isinstance(part.epochs, np.generic)
