import json

import numpy as np
import polars as pl
import pytest

from contracts.schema import LINEAGE
from mixer.checks.block import DOCUMENT, block_of
from mixer.checks.findings import Findings
from mixer.checks.pool_index import build_index
from mixer.checks.tokens import check_special, check_tokens, kinds_of

END, PAD, SENTINEL, OTHER, VOCAB = 0, 1, 2, 3, 100
TOKENIZER = json.dumps(
    {"added_tokens": [{"id": i, "special": i != 4, "content": f"t{i}"} for i in (END, PAD, SENTINEL, OTHER, 4)]}
)
TEXT = [[10, 11, END, 12, SENTINEL, END], [13, 14, 15, END, PAD, PAD]]
"""A plain document, one that was rearranged, and in the second sequence a pair and padding."""


@pytest.fixture(scope="module")
def block(tmp_path_factory):
    facts = np.zeros(3, DOCUMENT)
    facts["tokens"], facts["plain"] = (3, 3, 4), (True, False, True)
    ids = np.array(["plain", "moved", "pair"], "S32")
    index = build_index(tmp_path_factory.mktemp("index"), [(ids, facts)], 3, DOCUMENT)
    rows = [(0, "plain", 0, 3), (0, "moved", 3, 6), (1, "pair", 0, 4), (1, "", 4, 6)]
    lineage = pl.DataFrame(rows, schema=["sequence", "document_id", "start", "end"], orient="row").with_columns(
        component=pl.lit("any"),
        ordinal="sequence",
        epoch=pl.lit(0),
        token_start=pl.when(pl.col("document_id") == "").then(-1).otherwise(0),
        ends_document=pl.col("document_id") != "",
    )
    return block_of(lineage.select(LINEAGE.names), 0, 2, {"any": 0}, index)


def checked(block, found, expected=TEXT, end=END, pad=PAD, dtype="<u2") -> list[str]:
    findings = Findings({"tokens": "tokens", "special ids": "tokens"})
    found = np.array(found, dtype)
    same = check_tokens(block, found, np.array(expected, dtype), findings)
    check_special(block, found, same, kinds_of(TOKENIZER, VOCAB, end, pad, [SENTINEL]), end, findings)
    return findings.faults()


def put(sequence: int, token: int, number: int) -> list[list[int]]:
    text = [list(row) for row in TEXT]
    text[sequence][token] = number
    return text


@pytest.mark.parametrize("dtype", ["<u2", "<u4"])
def test_nothing_is_wrong_with_tokens_that_stand_where_they_may(block, dtype):
    assert checked(block, TEXT, dtype=dtype) == []
    assert checked(block, put(1, 1, 4), put(1, 1, 4)) == []  # an added token that is not special is text


def test_the_pad_token_may_be_the_end_token(block):
    text = [TEXT[0], [13, 14, 15, END, END, END]]
    assert checked(block, text, text, pad=END) == []
    wrong = [TEXT[0], [13, END, 15, END, END, END]]
    assert checked(block, wrong, wrong, pad=END) == [
        "special ids: sequence 1, token 1: special id 0 inside document pair, expected text"
    ]


@pytest.mark.parametrize(
    ("sequence", "token", "number", "words"),
    [
        (0, 1, END, "sequence 0, token 1: special id 0 inside document plain, expected text"),
        (0, 1, PAD, "sequence 0, token 1: special id 1 inside document plain, expected text"),
        (0, 1, OTHER, "sequence 0, token 1: special id 3 inside document plain, expected text"),
        (0, 1, SENTINEL, "sequence 0, token 1: special id 2 inside document plain, expected text"),
        (0, 3, OTHER, "sequence 0, token 3: special id 3 inside document moved, expected text"),
        (1, 0, VOCAB, "sequence 1, token 0: no id 100 inside document pair, expected text"),
        (1, 3, 50, "sequence 1, token 0: the last token of document pair is 50, expected the end id 0"),
        (1, 3, PAD, "sequence 1, token 0: the last token of document pair is 1, expected the end id 0"),
    ],
)
def test_an_id_that_does_not_belong_there_is_told(block, sequence, token, number, words):
    text = put(sequence, token, number)
    assert checked(block, text, text) == [f"special ids: {words}"]


def test_an_id_beyond_any_table_is_told(block):
    text = put(1, 0, 10**9)
    assert checked(block, text, text, dtype="<u4") == [
        "special ids: sequence 1, token 0: no id 1000000000 inside document pair, expected text"
    ]


@pytest.mark.parametrize(
    ("sequence", "token", "number", "words"),
    [
        (0, 4, END, "sequence 0, token 4: 0, expected 2 (document moved; 1 tokens of the span differ)"),
        (1, 5, 9, "sequence 1, token 5: 9, expected 1 (padding; 1 tokens of the span differ)"),
        (1, 3, 9, "sequence 1, token 3: 9, expected 0 (document pair; 1 tokens of the span differ)"),
    ],
)
def test_a_token_that_is_not_the_pools_is_told_once(block, sequence, token, number, words):
    assert checked(block, put(sequence, token, number)) == [f"tokens: {words}"]


def test_differences_are_told_span_by_span(block):
    assert checked(block, [[9, 9, END, 12, SENTINEL, END], [13, 14, 9, END, 9, 9]]) == [
        "tokens: sequence 0, token 0: 9, expected 10 (document plain; 2 tokens of the span differ)",
        "tokens: sequence 1, token 2: 9, expected 15 (document pair; 1 tokens of the span differ)",
        "tokens: sequence 1, token 4: 9, expected 1 (padding; 2 tokens of the span differ)",
    ]
