from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mixer.config import FimConfig, TokenizerConfig
from mixer.tokens.fim import PLAIN, PSM, SPM, Sentinel, arrange, restore
from mixer.tokens.tokenizer import Encoder
from mixer.tokens.tokenizer_train import train

PREFIX, MIDDLE, SUFFIX = Sentinel.PREFIX, Sentinel.MIDDLE, Sentinel.SUFFIX
characters = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
IDS = [f"{i:032x}" for i in range(4000)]


@given(characters, st.text("0123456789abcdef", min_size=1, max_size=32), st.floats(0, 1), st.floats(0, 1))
def test_un_arranging_gives_back_the_document(text, identity, rate, spm_rate):
    arrangement, pieces = arrange(text, identity, FimConfig(rate=rate, spm_rate=spm_rate), 3)
    assert restore(arrangement, pieces) == text
    expected = {
        PLAIN: (str,),
        PSM: (PREFIX, str, SUFFIX, str, MIDDLE, str),
        SPM: (PREFIX, SUFFIX, str, MIDDLE, str, str),
    }[arrangement]
    assert tuple(str if isinstance(piece, str) else piece for piece in pieces) == expected


@pytest.mark.parametrize(("rate", "spm_rate"), [(0.0, 0.5), (0.3, 0.5), (0.9, 0.2), (1.0, 0.0), (1.0, 1.0)])
def test_shares_of_documents_are_those_asked_for(rate, spm_rate):
    config = FimConfig(rate=rate, spm_rate=spm_rate)
    counts = Counter(arrange("some text", identity, config, 0)[0] for identity in IDS)
    for arrangement, share in ((PLAIN, 1 - rate), (PSM, rate * (1 - spm_rate)), (SPM, rate * spm_rate)):
        spread = 4 * (len(IDS) * share * (1 - share)) ** 0.5  # four standard deviations of a binomial
        assert abs(counts[arrangement] - share * len(IDS)) <= spread


def test_cuts_fall_everywhere_alike():
    config, length = FimConfig(rate=1.0, spm_rate=0.0), 9
    prefixes, middles = Counter(), Counter()
    for identity in IDS:
        _, (_, prefix, _, _, _, middle) = arrange("x" * length, identity, config, 0)
        prefixes[len(prefix)] += 1
        middles[len(middle)] += 1
    places = length + 1
    for size in range(places):
        # of two places drawn alike, the smaller one, and their distance
        smaller = (2 * (places - size) - 1) / places**2
        distance = (1 if size == 0 else 2) * (places - size) / places**2
        for found, share in ((prefixes[size], smaller), (middles[size], distance)):
            assert abs(found - share * len(IDS)) <= 4 * (len(IDS) * share * (1 - share)) ** 0.5


def test_draws_depend_on_seed_and_id_only():
    config = FimConfig(rate=0.5)
    first = [arrange("the text", identity, config, 1) for identity in IDS[:200]]
    assert [arrange("the text", identity, config, 1) for identity in reversed(IDS[:200])] == first[::-1]
    assert [arrange("the text", identity, config, 2) for identity in IDS[:200]] != first
    # a document that is rearranged at some rate is so at every higher one, and cut at the same places
    higher = [arrange("the text", identity, FimConfig(rate=0.8), 1) for identity in IDS[:200]]
    assert all(b == a for a, b in zip(first, higher, strict=True) if a[0] != PLAIN)


def test_no_cut_splits_a_character():
    for identity in IDS[:300]:
        _, pieces = arrange("日本語\U0001f469\u200d\U0001f467\r\n", identity, FimConfig(rate=1.0), 0)
        assert all(piece.encode().decode() == piece for piece in pieces if isinstance(piece, str))


def test_an_empty_document_has_empty_parts():
    config = FimConfig(rate=1.0, spm_rate=0.0)
    assert arrange("", IDS[0], config, 0) == (PSM, (PREFIX, "", SUFFIX, "", MIDDLE, ""))


def test_text_that_spells_the_tokens_stays_text():
    fim = FimConfig(rate=1.0)
    special = ["<|end|>", "<|pad|>", *fim.tokens.values()]
    text = train([["a = 1  # " + " ".join(special)] * 50], 400, special)
    encoder = Encoder(text, "<|end|>", "<|pad|>", fim=fim.tokens)
    assert sorted(encoder.sentinels.values()) == [2, 3, 4]
    (ids,) = encoder.encode(["".join(special)])
    assert ids.min() > 4


def test_special_tokens_of_a_users_file_that_are_ordinary_entries_are_out_of_reach():
    """Some published tokenizers list the tokens for filling in the middle as added tokens that are not special."""
    import json

    fim = FimConfig(rate=1.0)
    data = json.loads(train([["x = 1"] * 50], 400, ["<|end|>", "<|pad|>", *fim.tokens.values()]))
    for token in data["added_tokens"][2:]:
        token["special"] = False
    encoder = Encoder(json.dumps(data), "<|end|>", "<|pad|>", fim=fim.tokens)
    (ids,) = encoder.encode(["".join(fim.tokens.values())])
    assert not {*ids.tolist()} & {*encoder.sentinels.values()}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fim": {"rate": 1.5}}, "less than or equal to 1"),
        ({"fim": {"rate": 0.5, "prefix_token": "<|end|>"}}, "fim.prefix_token .* is also end_token"),
        ({"fim": {"rate": 0.5, "suffix_token": "<|fim_middle|>"}}, "fim.suffix_token .* is also fim.middle_token"),
    ],
)
def test_impossible_options_are_refused(options, message):
    with pytest.raises(ValidationError, match=message):
        TokenizerConfig.model_validate(options)


def test_nothing_is_needed_where_nothing_is_rearranged():
    assert FimConfig().tokens == {}
    assert TokenizerConfig.model_validate({"fim": {"prefix_token": "<|end|>"}}).fim.tokens == {}
