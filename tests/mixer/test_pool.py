import numpy as np
import polars as pl
import pytest

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES, PARALLEL
from mixer.config import TokenizerConfig
from mixer.pool import tokens
from mixer.tokenizer import ByteDecoder
from mixer.tokenizer_stage import FILE

from .conftest import ONE, table


class Pool:
    """The token files of a pool as lists of ids."""

    def __init__(self, folder, tokenizer):
        self.rows, self.held = table(folder / "tokenized"), table(folder / "validation")
        text = (tokenizer / FILE).read_text()
        self.decoder = ByteDecoder(text)
        files = sorted((folder / "tokens").glob("*.bin"))
        self.files = [np.fromfile(f, "<u2") for f in files]

    def ids(self, row) -> list[int]:
        return self.files[row["file"]][row["start"] : row["start"] + row["tokens"]].tolist()


@pytest.fixture(scope="module")
def pool(demo) -> Pool:
    return Pool(demo.tokens("concat"), demo.tokenizer)


def test_every_document_stands_on_its_side_of_the_split_once(demo, pool):
    sides = dict(table(demo.split / "split").select("id", "split").iter_rows())
    trained = pool.rows.filter(pl.col("component") != PARALLEL)["id"].to_list()
    held = pool.held.filter(pl.col("component").is_in(LANGUAGE_NAMES))["id"].to_list()
    assert sorted(trained + held) == sorted(sides)
    assert {sides[i] for i in trained} == {"train"}
    assert {sides[i] for i in held} == {"validation"}


def test_validation_documents_are_in_no_training_file(pool):
    assert pool.held.height > 20
    assert not set(pool.rows["id"]) & set(pool.held["id"])
    assert sum(pool.rows["tokens"]) == sum(len(f) for f in pool.files)


def test_pairs_stand_on_the_side_of_both_of_their_documents(demo, pool):
    sides = dict(table(demo.split / "split").select("id", "split").iter_rows())
    trained, held = set(pool.rows["id"]), set(pool.held["id"])
    rows = table(demo.pairs / "parallel").filter(pl.col("form") == "concat")
    seen = set()
    for identity, source, target in rows.select("id", "id_source", "id_target").iter_rows():
        assert sides[source] == sides[target]
        assert identity in (trained if sides[source] == "train" else held)
        seen.add(sides[source])
    assert seen == {"train", "validation"}


def test_the_ids_of_every_document_are_its_text_and_one_end_token(demo, pool):
    text = dict(table(demo.corpus / "documents").select("id", "content").iter_rows())
    for row in pool.rows.filter(pl.col("component") != PARALLEL).iter_rows(named=True):
        ids = pool.ids(row)
        assert pool.decoder.decode(ids[:-1]) == text[row["id"]].encode()
        assert len(text[row["id"]].encode()) == row["bytes"]
        assert [i for i, x in enumerate(ids) if x in (0, 1)] == [len(ids) - 1]
        assert (row["source_end"], row["target_start"]) == (-1, -1)
    for row in pool.held.filter(pl.col("component").is_in(LANGUAGE_NAMES)).iter_rows(named=True):
        assert pool.decoder.decode(row["tokens"]) == text[row["id"]].encode()
        assert row["tokens"][-1] == 0


def programs_of(folder, pairs, corpus, form, pool):
    """(decoded source, decoded target, expected source, expected target) of each parallel row in the pool."""
    text = dict(table(corpus / "documents").select("id", "content").iter_rows())
    facts = table(pairs / "parallel").filter(pl.col("form") == form)
    by_id = {row["id"]: row for row in facts.iter_rows(named=True)}
    rows = pool.rows.filter(pl.col("component") == PARALLEL).iter_rows(named=True)
    for row, ids in [(r, pool.ids(r)) for r in rows] + [
        (r, r["tokens"]) for r in pool.held.filter(pl.col("id").is_in(list(by_id))).iter_rows(named=True)
    ]:
        fact = by_id[row["id"]]
        source = target = None
        if fact["id_source"]:
            source = pool.decoder.decode(ids[: row["source_end"]])[fact["source_start"] :]
        if fact["id_target"]:
            target = pool.decoder.decode(ids[row["target_start"] :])
        yield row, fact, source, target, text.get(fact["id_source"]), text.get(fact["id_target"])


def check(folder, demo, form):
    pool = Pool(folder, demo.tokenizer)
    count = 0
    for row, fact, source, target, x, y in programs_of(folder, demo.pairs, demo.corpus, form, pool):
        assert source == (x.encode() if x is not None else None)
        if y is None:
            assert target is None
        else:  # the text of the sample ends in a newline, so nothing follows the target
            assert y.endswith("\n")
            assert target == y.encode()
        assert (row["source_end"] == -1) == (not fact["id_source"])
        assert (row["target_start"] == -1) == (not fact["id_target"])
        count += 1
    assert count == table(demo.pairs / "parallel").filter(pl.col("form") == form).height > 300


def test_the_tokens_of_source_and_target_are_exactly_the_programs(demo):
    check(demo.tokens("concat"), demo, "concat")


@pytest.mark.parametrize("form", ["prompt", "shuffled"])
def test_other_forms_are_tokenised_from_the_same_pairs(demo, tmp_path, form):
    folders = (demo.corpus, demo.pairs, demo.split, demo.tokenizer, tmp_path)
    tokens(TokenizerConfig(vocab_size=1024, fast="off"), form, *folders, ONE)
    check(tmp_path, demo, form)


def test_counts_are_those_of_the_tables(demo, pool):
    counts = manifests.read(demo.tokens("concat")).counts
    for component, facts in counts["train"].items():
        rows = pool.rows.filter(pl.col("component") == component)
        assert facts == {"documents": rows.height, "tokens": rows["tokens"].sum(), "bytes": rows["bytes"].sum()}
    for component, facts in counts["validation"].items():
        rows = pool.held.filter(pl.col("component") == component)
        assert (facts["documents"], facts["tokens"]) == (rows.height, rows["tokens"].list.len().sum())
    assert set(counts["train"]) == set(pool.rows["component"])
    assert set(counts["validation"]) == set(pool.held["component"])
