from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.schema import LINEAGE
from mixer.checks.block import DOCUMENT, Names, block_of
from mixer.checks.findings import Findings
from mixer.checks.pool_index import build_index
from mixer.checks.spans import check_documents, check_sequences
from mixer.checks.streams import NEVER, Streams

LENGTH = 10
SIZES = {"a": 4, "b": 8, "c": 13}
"""Documents of go and of a direction, with their tokens: 25 in all."""

NAMES = Names(("go", "parallel"), ("go", "python->go"), np.eye(2, dtype=bool))


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    ids = [f"{name}{kind}" for kind in "gp" for name in SIZES]
    facts = np.zeros(len(ids), DOCUMENT)
    facts["tokens"] = [*SIZES.values()] * 2
    facts["bytes"] = 3 * facts["tokens"]
    facts["component"] = np.repeat([0, 1], 3)
    return build_index(tmp_path_factory.mktemp("index"), [(np.array(ids, "S32"), facts)], len(ids), DOCUMENT)


def stream(documents: str, tokens: int) -> list[tuple]:
    """Rows of lineage of documents one after the other: sequence, name, token_start, epoch, start, end."""
    rows, place, epoch = [], 0, -1
    for number, name in enumerate(documents):
        epoch += number % len(SIZES) == 0
        offset = 0
        while offset < SIZES[name] and place < tokens:
            taken = min(SIZES[name] - offset, LENGTH - place % LENGTH, tokens - place)
            rows.append((place // LENGTH, name, offset, epoch, place % LENGTH, place % LENGTH + taken))
            place, offset = place + taken, offset + taken
    return rows


def pairs(*sequences: str) -> list[tuple]:
    """Rows of lineage of packed sequences: documents from the start, the rest padding."""
    rows = []
    for number, names in enumerate(sequences):
        place = 0
        for name in names:
            rows.append((number, name, 0, number // 3, place, place + SIZES[name]))
            place += SIZES[name]
        if place < LENGTH:
            rows.append((number, "", -1, 0, place, LENGTH))
    return rows


def lineage(rows: list[tuple], component: str = "go") -> pl.DataFrame:
    columns = ("sequence", "document_id", "token_start", "epoch", "start", "end")
    suffix = "g" if component == "go" else "p"
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns), orient="row")
    names = pl.col("document_id")
    sizes = names.replace_strict({**SIZES, "": 0}, default=0, return_dtype=pl.Int64)
    return frame.with_columns(
        component=pl.lit(component),
        ordinal="sequence",
        ends_document=(names != "") & (pl.col("token_start") + pl.col("end") - pl.col("start") == sizes),
        document_id=pl.when(names == "").then(pl.lit("")).otherwise(names + suffix),
    ).select(LINEAGE.names)


def checked(rows: pl.DataFrame, index, cuts=()) -> tuple[dict[str, int], list[str], Streams]:
    """Faults by check, in words, and the streams, after reading the rows in blocks."""
    findings = Findings({"lineage": "spans", "documents": "documents"})
    packed = rows["component"][0] == "parallel"
    part = {"pool_documents": 3, "pool_tokens": 25, "pool_sequences": 3 if packed else None}
    streams = Streams({"go": part, "parallel": part}, LENGTH, np.full(len(index), NEVER, np.int32))
    edges = [0, *sorted(cuts), rows["sequence"].max() + 1]
    for first, last in pairwise(edges):
        some = rows.filter(pl.col("sequence").is_between(first, last - 1))
        block = block_of(some, first, last, {"go": 0, "parallel": 1}, index)
        if check_sequences(block, LENGTH, findings):
            check_documents(block, NAMES, findings)
            streams.read(block, findings)
    streams.finish(findings)
    return {row["check"]: row["faults"] for row in findings.rows() if row["faults"]}, findings.faults(), streams


def test_what_the_sequences_hold_is_counted(index):
    faults, _, streams = checked(lineage(stream("abcbca", 40)), index)
    held = streams.held["go"]
    assert faults == {}
    assert (held.sequences, held.tokens, held.padding, held.documents) == (4, 40, 0, 3)
    assert held.begun == {0: 3, 1: 2}
    # all three once, b again, and of c, 13 tokens and 39 bytes, 7 tokens again
    assert held.bytes == 3 * 25 + 24 + round(39 * 7 / 13)


def test_padding_is_counted_apart(index):
    faults, _, streams = checked(lineage(pairs("a", "b"), "parallel"), index)
    held = streams.held["parallel"]
    assert faults == {}
    assert (held.sequences, held.tokens, held.padding, held.documents, held.bytes) == (2, 12, 8, 2, 36)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations("abc"), st.permutations("abc"), st.integers(1, 5), st.sets(st.integers(1, 4)))
def test_blocks_of_any_size_give_the_same_counts(index, first, second, sequences, cuts):
    rows = lineage(stream("".join([*first, *second]), sequences * LENGTH))
    whole, parts = checked(rows, index), checked(rows, index, {cut for cut in cuts if cut < sequences})
    assert whole[0] == parts[0] == {}
    assert whole[2].held == parts[2].held


WRONG = {
    "twice in an epoch": (
        [*stream("ab", 12), (1, "a", 0, 0, 2, 6), (1, "c", 0, 0, 6, 10)],
        {"documents": 1},
        "document ag begins in epoch 0, where it stood before",
    ),
    "a token left out": (
        [*stream("abc", 19), (1, "c", 8, 0, 9, 10)],
        {"documents": 1},
        "token 8 of document cg, expected token 7 of the document before",
    ),
    "the first token left out": (
        [(0, "b", 0, 0, 0, 8), (0, "a", 1, 0, 8, 10)],
        {"documents": 1},
        "token 1 of document ag, expected its first token",
    ),
    "another document in between": (
        [(0, "c", 0, 0, 0, 10), (1, "b", 0, 0, 0, 8), (1, "a", 0, 0, 8, 10)],
        {"documents": 1},
        "token 0 of document bg, expected token 10 of the document before",
    ),
    "another epoch than its place says": (
        [(0, "b", 0, 0, 0, 8), (0, "a", 0, 1, 8, 10)],
        {"lineage": 1, "documents": 2},
        "epoch 1, expected 0",
    ),
    "beyond the document": (
        [(0, "b", 0, 0, 0, 9), (0, "a", 0, 0, 9, 10)],
        {"lineage": 1, "documents": 1},
        "tokens 0 to 9 of document bg, which has 8",
    ),
    "padding in the middle": (
        [(0, "a", 0, 0, 0, 4), (0, "", -1, 0, 4, 6), (0, "a", 0, 0, 6, 10)],
        {"lineage": 2, "documents": 1},
        "padding, expected at the end only",
    ),
    "overlapping spans": (
        [(0, "a", 0, 0, 0, 4), (0, "b", 0, 0, 3, 10)],
        {"lineage": 1},
        "sequence 0, token 3: the span begins at 3, expected 4",
    ),
    "an empty span": (
        [(0, "a", 0, 0, 0, 0), (0, "b", 0, 0, 0, 8), (0, "a", 0, 0, 8, 10)],
        {"lineage": 1},
        "the span ends at 0, expected 1 to 9",
    ),
    "a short sequence": ([(0, "a", 0, 0, 0, 4)], {"lineage": 1}, "the span ends at 4, expected 10"),
    "a sequence too many": (
        [(0, "a", 0, 0, 0, 4), (0, "b", 0, 0, 4, 10), (2, "b", 6, 0, 0, 10)],
        {"lineage": 1},
        "sequence 1: has no span",
    ),
}


@pytest.mark.parametrize(("rows", "checks", "words"), WRONG.values(), ids=WRONG)
def test_a_stream_that_is_wrong_is_told(index, rows, checks, words):
    found, said, _ = checked(lineage(rows), index)
    assert found == checks, said
    assert any(line.endswith(words) for line in said), said


def test_an_epoch_that_lacks_a_document_is_told_at_its_end(index):
    rows = lineage(stream("acbabc", 50)).with_columns(
        epoch=pl.when(pl.col("document_id") == "bg").then(1).otherwise("epoch")
    )
    _, said, _ = checked(rows, index)
    assert "documents: go: epoch 0 holds 2 documents, expected all 3 before the next epoch" in said
    assert any("document bg begins in epoch 1, expected epoch 0 first" in line for line in said)


def test_a_pair_that_is_cut_is_told(index):
    rows = [(0, "a", 0, 0, 0, 4), (0, "b", 0, 0, 4, 10), (1, "b", 6, 0, 0, 2), (1, "", -1, 0, 2, 10)]
    found, said, _ = checked(lineage(rows, "parallel"), index)
    assert found == {"documents": 2}
    assert "documents: sequence 0, token 4: translation pair bp is cut: tokens 0 to 6, expected all 8" in said


def test_a_document_in_a_sequence_of_another_component_is_told(index):
    rows = lineage(pairs("a"), "parallel").with_columns(document_id=pl.col("document_id").str.replace("p", "g"))
    found, said, _ = checked(rows, index)
    assert found == {"lineage": 1}
    assert said == ["lineage: sequence 0, token 0: document ag of go in a sequence of parallel"]


def test_code_is_never_padded(index):
    rows = lineage([(0, "b", 0, 0, 0, 8), (0, "", -1, 0, 8, 10)])
    assert checked(rows, index)[:2] == (
        {"lineage": 1},
        ["lineage: sequence 0, token 8: padding, expected in translation pairs only"],
    )
