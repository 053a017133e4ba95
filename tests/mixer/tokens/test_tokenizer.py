import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from contracts.errors import ConfigError, StageError
from mixer.tokens.tokenizer import (
    ByteDecoder,
    Encoder,
    byte_alphabet,
    byte_exact,
    load_json,
    plain_json,
    tokenizer_hash,
)
from mixer.tokens.tokenizer_train import train

END, PAD = "<|end|>", "<|pad|>"
CODE = ["def add(a, b):\n    return a + b\n", "func add(a int, b int) int {\n\treturn a + b\n}\n"] * 30
TEXT = train([CODE], 280, [END, PAD])
ENCODER, DECODER = Encoder(TEXT, END, PAD), ByteDecoder(TEXT)
characters = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)


def rewritten(**parts) -> str:
    """The trained tokenizer.json with some of its parts replaced."""
    data = json.loads(TEXT)
    for name, value in parts.items():
        if name in data:
            data[name] = value
        else:
            data["model"][name] = value
    return json.dumps(data)


def test_training_twice_gives_the_same_file():
    assert train([CODE], 280, [END, PAD]) == TEXT
    assert train([CODE[:20], CODE[20:]], 280, [END, PAD]) == TEXT  # however the texts are cut into batches


def test_special_tokens_come_first_and_the_vocabulary_has_the_size_asked_for():
    assert (ENCODER.end_id, ENCODER.pad_id, ENCODER.vocab_size) == (0, 1, 280)
    assert ENCODER.dtype == np.dtype("<u2")


@settings(max_examples=200, deadline=None)
@given(characters)
def test_ids_give_back_every_text(text):
    (ids,) = ENCODER.encode([text])
    assert DECODER.decode(ids.tolist()) == text.encode()
    assert DECODER.decode([0, *ids.tolist(), 1]) == text.encode()  # special tokens stand for nothing


@settings(max_examples=100, deadline=None)
@given(characters, st.data())
def test_any_cut_of_the_ids_gives_the_bytes_before_and_after_it(text, data):
    (ids,) = ENCODER.encode([text])
    cut = data.draw(st.integers(0, len(ids)))
    assert DECODER.decode(ids[:cut].tolist()) + DECODER.decode(ids[cut:].tolist()) == text.encode()


def test_a_cut_inside_a_character_gives_its_bytes():
    (ids,) = ENCODER.encode(["日"])
    assert [DECODER.decode([i]) for i in ids.tolist()] == [b"\xe6", b"\x97", b"\xa5"]


def test_the_alphabet_is_the_one_of_the_library():
    assert sorted(byte_alphabet()) == sorted(pre_tokenizers.ByteLevel.alphabet())
    assert sorted(byte_alphabet().values()) == list(range(256))


LITERALS = f"x = '{END}'  # {PAD}{END}\n{END}"


def whole_words() -> str:
    """Words split at blanks only and looked up whole: `<|end|>` alone is an entry of the vocabulary."""
    split = {"type": "Sequence", "pretokenizers": [
        {"type": "WhitespaceSplit"},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
    ]}  # fmt: skip
    return rewritten(pre_tokenizer=split, ignore_merges=True)


def merged() -> str:
    """Merges that build the end token out of its characters."""
    data = json.loads(whole_words())
    model = data["model"]
    model["ignore_merges"] = False
    pieces = [END[: i + 1] for i in range(len(END))]
    for piece in pieces[1:-1]:
        model["vocab"].setdefault(piece, len(model["vocab"]))
    model["merges"] = [[a, b[len(a) :]] for a, b in pairwise(pieces)] + model["merges"]
    return json.dumps(data)


def wrapped() -> str:
    """A post-processor that puts special tokens around each text, truncation and padding."""
    tokenizer = Tokenizer.from_str(TEXT)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{END} $A {END}", special_tokens=[(END, 0)])
    tokenizer.enable_truncation(4)
    tokenizer.enable_padding(pad_id=1, pad_token=PAD, length=64)
    return tokenizer.to_str()


@pytest.mark.parametrize("text", [TEXT, whole_words(), merged(), wrapped(), rewritten(dropout=0.5)])
def test_corpus_text_never_becomes_a_special_token(text):
    encoder, decoder = Encoder(text, END, PAD), ByteDecoder(text)
    for ids in encoder.encode([LITERALS, END, PAD]):
        assert not set(ids.tolist()) & {0, 1}
    plain, again = encoder.encode(["return a + b", "return a + b"])
    assert plain.tolist() == again.tolist()
    assert decoder.decode(encoder.encode([END])[0].tolist()) == END.encode()


def test_the_same_merges_without_care_do_give_the_special_token():
    """The case above is a real one."""
    data = json.loads(merged())
    data["added_tokens"] = []
    assert Tokenizer.from_str(json.dumps(data)).encode(END).ids == [0]


def test_added_tokens_that_are_not_special_are_spelled_out():
    tokenizer = Tokenizer.from_str(TEXT)
    tokenizer.add_tokens([AddedToken("return a", normalized=False), AddedToken("        ", normalized=False)])
    text = tokenizer.to_str()
    encoder, decoder = Encoder(text, END, PAD), ByteDecoder(text)
    assert encoder.vocab_size == 282
    (ids,) = encoder.encode(["        return a + b"])
    assert max(ids.tolist()) < 280
    assert decoder.decode(ids.tolist()) == b"        return a + b"


def test_an_added_token_that_merges_also_give_is_no_special_one():
    tokenizer = Tokenizer.from_str(TEXT)
    (ordinary,) = Encoder(TEXT, END, PAD).encode(["return"])
    token = tokenizer.id_to_token(int(ordinary[0]))
    tokenizer.add_tokens([AddedToken(token, normalized=False)])
    encoder, decoder = Encoder(tokenizer.to_str(), END, PAD), ByteDecoder(tokenizer.to_str())
    assert encoder.encode(["return"])[0].tolist() == ordinary.tolist()
    assert decoder.decode(ordinary.tolist()) == b"return"


def test_ids_above_65536_take_four_bytes_even_where_the_vocabulary_has_holes():
    tokenizer = Tokenizer.from_str(TEXT)
    assert Encoder(tokenizer.to_str(), END, PAD).dtype.itemsize == 2
    data = json.loads(TEXT)
    data["model"]["vocab"]["far"] = 65_536
    encoder = Encoder(json.dumps(data), END, PAD)
    assert (encoder.vocab_size, encoder.dtype.itemsize) == (65_537, 4)
    data["model"]["vocab"]["far"] = 65_535
    assert Encoder(json.dumps(data), END, PAD).dtype.itemsize == 2


def test_a_model_whose_unknown_token_is_special_is_refused_when_it_happens():
    model = Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1, END: 2}, unk_token="[UNK]"))
    model.pre_tokenizer = pre_tokenizers.Whitespace()
    model.add_special_tokens(["[UNK]", END])
    encoder = Encoder(model.to_str(), END, END)
    assert encoder.encode(["a a"])[0].tolist() == [0, 0]
    with pytest.raises(StageError, match="special id 1"):
        encoder.encode(["a b"])


@pytest.mark.parametrize(("end", "pad", "option"), [("<eos>", PAD, "end_token"), (END, "<none>", "pad_token")])
def test_a_missing_end_or_pad_token_is_named(end, pad, option):
    with pytest.raises(ConfigError, match=f"tokenizer.{option}: .* is not in the vocabulary"):
        Encoder(TEXT, end, pad)


def test_an_end_token_that_is_an_ordinary_entry_decodes_to_nothing_when_told():
    text = rewritten(added_tokens=[])
    encoder = Encoder(text, END, PAD)
    ids = [*encoder.encode(["a b"])[0].tolist(), encoder.end_id]
    assert ByteDecoder(text, (encoder.end_id, encoder.pad_id)).decode(ids) == b"a b"


@pytest.mark.parametrize(
    ("parts", "exact"),
    [
        ({}, True),
        ({"normalizer": {"type": "NFC"}}, False),
        ({"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True}}, False),
        ({"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"add_prefix_space": True}]}}, False),
        ({"decoder": None}, False),
        ({"decoder": {"type": "Metaspace"}}, False),
    ],
)  # fmt: skip
def test_only_tokenizers_that_keep_every_byte_are_called_exact(parts, exact):
    assert byte_exact(rewritten(**parts)) is exact


def test_other_decoders_give_the_text_of_the_library():
    model = Tokenizer(models.WordLevel({"hello": 0, "world": 1, END: 2}, unk_token=END))
    model.pre_tokenizer, model.decoder = pre_tokenizers.Whitespace(), decoders.WordPiece(prefix="##", cleanup=False)
    model.normalizer = normalizers.Lowercase()
    decoder = ByteDecoder(model.to_str())
    assert not decoder.exact
    assert decoder.decode([0, 1]) == b"hello world"


def test_the_hash_is_of_the_content_not_of_the_layout():
    assert tokenizer_hash(TEXT) == tokenizer_hash(json.dumps(json.loads(TEXT)))
    assert tokenizer_hash(TEXT) != tokenizer_hash(rewritten(dropout=0.1))


def test_plain_json_keeps_ids_and_models_of_every_kind():
    unigram = Tokenizer(models.Unigram([("<unk>", 0.0), ("a", -1.0), (END, -2.0)], unk_id=0))
    data = json.loads(plain_json(unigram.to_str(), {END}))
    assert [score for _, score in data["model"]["vocab"]] == [0.0, -1.0, -2.0]
    assert END not in [token for token, _ in data["model"]["vocab"]]
    assert json.loads(plain_json(TEXT, {END}))["model"]["vocab"].values() != {}
    assert sorted(json.loads(plain_json(TEXT, {END, PAD}))["model"]["vocab"].values()) == list(range(280))


@pytest.mark.parametrize(
    ("content", "message"), [(None, "no such file"), ("{", "not a tokenizer.json"), ("{}", "not a")]
)
def test_a_users_file_that_cannot_be_read_is_a_configuration_error(tmp_path, content, message):
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError, match=f"tokenizer.path: .*{message}"):
        load_json(path)
