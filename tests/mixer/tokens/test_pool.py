import numpy as np
import polars as pl
import pytest
import xxhash

from contracts import manifest as manifests
from contracts.errors import ConfigError, StaleStageError
from contracts.languages import LANGUAGE_NAMES, PARALLEL, in_order
from mixer.config import FimConfig, SplitConfig, TokenizerConfig
from mixer.split.stage import split
from mixer.tokens import encode as encode_module
from mixer.tokens.encode import encode, open_encoder
from mixer.tokens.fim import arrange
from mixer.tokens.pool import tokens
from mixer.tokens.pool_counts import pool_counts
from mixer.tokens.texts import Selection, sources_of, texts, write_held
from mixer.tokens.tokenizer import ByteDecoder, Encoder
from mixer.tokens.tokenizer_stage import FILE, tokenizer
from pipelines.executor_config import ExecutorConfig

from ..conftest import ONE, table

OFF = TokenizerConfig(vocab_size=1024, fast="off")


class Pool:
    """The token files of a pool as lists of ids."""

    def __init__(self, folder, tokenizer):
        self.rows = table(folder / "tokenized")
        text = (tokenizer / FILE).read_text()
        self.decoder = ByteDecoder(text)
        self.code = self.rows.filter(~pl.col("component").str.contains("->"))
        self.pairs = self.rows.filter(pl.col("component").str.contains("->"))
        files = sorted((folder / "tokens").glob("*.bin"))
        self.files = [np.fromfile(f, "<u2") for f in files]

    def ids(self, row) -> list[int]:
        return self.files[row["file"]][row["start"] : row["start"] + row["tokens"]].tolist()


def folders_of(layout) -> tuple:
    return layout.corpus, layout.parallel, layout.split, layout.tokenizer


def split_anew(demo, folder, **options) -> tuple:
    """The stages before tokens with a split of its own; the tokenizer stays."""
    split(SplitConfig(validation_share=0.2, **options), demo.corpus, demo.pairs, demo.parallel, folder / "split", ONE)
    mine = TokenizerConfig(path=str(demo.tokenizer / FILE))
    tokenizer(mine, folder, demo.corpus, folder / "split", folder / "tokenizer", ONE)
    return demo.corpus, demo.parallel, folder / "split", folder / "tokenizer"


@pytest.fixture(scope="module")
def pool(demo) -> Pool:
    return Pool(demo.tokens("concat"), demo.tokenizer)


def test_every_training_document_is_in_the_pool_once_and_no_other(demo, pool):
    sides = table(demo.split / "split")
    trained = sides.filter(pl.col("split") == "train")
    assert 0 < trained.height < sides.height
    assert sorted(pool.code["id"]) == sorted(trained["id"])
    assert dict(pool.code.select("id", "component").iter_rows()) == dict(trained.select("id", "language").iter_rows())
    assert pool.rows["tokens"].sum() == sum(len(f) for f in pool.files)


def test_pairs_are_in_the_pool_by_direction_where_both_programs_are_on_the_training_side(demo, pool):
    sides = dict(table(demo.split / "split").select("id", "split").iter_rows())
    rows = table(demo.parallel / "parallel").filter(pl.col("form") == "concat")
    assert all(sides[a] == sides[b] for a, b in rows.select("id_source", "id_target").iter_rows())
    wanted = rows.filter(pl.col("id_source").replace_strict(sides) == "train")
    assert 0 < wanted.height < rows.height
    facts = ("id", "direction", "pair_id", "bytes")
    found = pool.pairs.rename({"component": "direction"}).select(facts)
    assert found.sort("id").equals(wanted.select(facts).sort("id"))


def test_the_ids_of_every_document_are_its_text_and_one_end_token(demo, pool):
    text = dict(table(demo.corpus / "documents").select("id", "content").iter_rows())
    for row in pool.code.iter_rows(named=True):
        ids = pool.ids(row)
        assert pool.decoder.decode(ids[:-1]) == text[row["id"]].encode()
        assert len(text[row["id"]].encode()) == row["bytes"]
        assert [i for i, x in enumerate(ids) if x in (0, 1)] == [len(ids) - 1]
        assert (row["source_end"], row["target_start"], row["arrangement"]) == (-1, -1, "plain")
        assert (row["pair_id"], row["program_keys"], row["program_tokens"]) == ("", [], [])
        assert row["source_tokens"] == row["target_tokens"] == 0


def check(folder, demo, form):
    """The programs of every parallel document stand in its tokens where the row says."""
    pool = Pool(folder, demo.tokenizer)
    text = dict(table(demo.corpus / "documents").select("id", "content").iter_rows())
    facts = {r["id"]: r for r in table(demo.parallel / "parallel").iter_rows(named=True)}
    for row in pool.pairs.iter_rows(named=True):
        fact, ids = facts[row["id"]], pool.ids(row)
        assert fact["form"] == form
        assert pool.decoder.decode(ids[:-1]) == fact["content"].encode()
        end, start = row["source_end"], row["target_start"]
        spans = {"source": (end - row["source_tokens"], end), "target": (start, start + row["target_tokens"])}
        programs = []
        for side, (first, last) in spans.items():
            if fact[f"id_{side}"]:
                program = text[fact[f"id_{side}"]].encode()
                assert pool.decoder.decode(ids[first:last]) == program
                programs.append((xxhash.xxh3_128_hexdigest(program), last - first))
            else:
                assert row[f"{side}_tokens"] == 0
                assert (end if side == "source" else start) == -1
        assert list(zip(row["program_keys"], row["program_tokens"], strict=True)) == programs
    assert pool.pairs.height > 200


def test_the_tokens_of_source_and_target_are_exactly_the_programs(demo):
    check(demo.tokens("concat"), demo, "concat")


@pytest.mark.parametrize("form", ["prompt", "shuffled"])
def test_other_forms_are_tokenised_from_the_same_pairs(demo, tmp_path, form):
    tokens(OFF, form, *folders_of(demo), tmp_path, ONE)
    check(tmp_path, demo, form)


def test_counts_are_those_of_the_tables(demo, pool):
    counts = manifests.read(demo.tokens("concat")).counts
    assert list(counts["train"]) == in_order({*pool.rows["component"], PARALLEL})
    for component, facts in counts["train"].items():
        rows = pool.pairs if component == PARALLEL else pool.rows.filter(pl.col("component") == component)
        sums = {"documents": rows.height, "tokens": rows["tokens"].sum(), "bytes": rows["bytes"].sum()}
        assert facts == sums | {"unique_tokens": unique_tokens(rows, component)}
    assert counts["unseen"] == {}


def unique_tokens(rows: pl.DataFrame, component: str) -> int:
    if component in LANGUAGE_NAMES:
        return rows["tokens"].sum()
    programs = dict(
        rows.select("program_keys", "program_tokens").explode("program_keys", "program_tokens").iter_rows()
    )
    return sum(programs.values())


def test_copies_of_one_document_count_once_in_the_whole_pool(demo, pool):
    counts = manifests.read(demo.tokens("concat")).counts
    assert counts["unique_tokens"] == pool.code["tokens"].sum()  # every program is also a training document
    assert counts["train"][PARALLEL]["unique_tokens"] < counts["train"][PARALLEL]["tokens"] / 4


def test_a_program_that_is_no_training_document_counts_in_the_whole_pool(demo, pool, tmp_path):
    """Hand-made: the corpus' documents are of other texts, so that no program of a pair is among them."""
    (tmp_path / "documents").mkdir()
    documents = table(demo.corpus / "documents").with_columns(pl.col("content_hash").str.reverse())
    documents.write_parquet(tmp_path / "documents" / "00000.parquet")
    counts = pool_counts(sorted((demo.tokens("concat") / "tokenized").glob("*.parquet")), tmp_path, demo.split)
    expected = pool.code["tokens"].sum() + counts["train"][PARALLEL]["unique_tokens"]
    assert counts["unique_tokens"] == expected


def test_unseen_directions_never_enter_the_pool_and_are_counted(demo, pool, tmp_path):
    unseen = ("python->go", "rust->java")
    folders = split_anew(demo, tmp_path, unseen_directions=unseen)
    made = tokens(OFF, "concat", *folders, tmp_path / "tokens", ONE).manifest
    rows = Pool(tmp_path / "tokens", demo.tokenizer).rows
    sides = dict(table(folders[2] / "split").select("id", "split").iter_rows())
    parallel = table(demo.parallel / "parallel").filter(pl.col("form") == "concat")
    trained = parallel.filter(pl.col("id_source").replace_strict(sides) == "train")
    left_out = {d: trained.filter(pl.col("direction") == d).height for d in unseen}
    assert all(left_out.values())
    assert made.counts["unseen"] == left_out
    assert not {*unseen} & {*rows["component"], *made.counts["train"]}
    assert {"go->python", "java->rust"} <= {*rows["component"]}
    directions = rows.filter(pl.col("component").str.contains("->"))
    assert directions.height == trained.height - sum(left_out.values())


def test_the_number_of_workers_changes_nothing(demo, tmp_path):
    made = tokens(OFF, "concat", *folders_of(demo), tmp_path, ExecutorConfig(workers=2)).manifest
    again = tokens(OFF, "concat", *folders_of(demo), tmp_path, ONE, force=True).manifest
    assert made.identity == again.identity == manifests.read(demo.tokens("concat")).identity


def test_what_the_fast_encoder_did_of_an_interrupted_run_is_not_kept_when_it_is_turned_off(demo, tmp_path):
    """Its error says: turn it off and run again. Finished tasks are kept by the name of their phase."""
    by_reference = tokens(OFF, "concat", *folders_of(demo), tmp_path, ONE).manifest
    before = manifests.read(demo.tokens("concat"))
    names = [phase["name"] for manifest in (before, by_reference) for phase in manifest.run["phases"]]
    assert names == ["tokenize", "tokenize-reference"]
    assert by_reference.identity == before.identity


@pytest.mark.parametrize("size", [1, 5_000])
def test_the_size_of_batches_changes_nothing(demo, pool, tmp_path, monkeypatch, size):
    write_held(demo.split, tmp_path / "held.npy")
    sources = sources_of(demo.corpus, demo.parallel)
    wanted = Selection("train", demo.split, tmp_path / "held.npy", ("concat",))
    encoder = open_encoder(demo.tokenizer / FILE, OFF)
    monkeypatch.setattr(encode_module, "BATCH_BYTES", size)
    count = 0
    for number, source in enumerate(sources):
        batches = list(encode(encoder, texts(source, wanted)))
        assert [i for batch in batches for i in batch.ids.tolist()] == pool.files[number].tolist()
        count += len(batches)
    assert count > 3 * len(sources)


FIM = FimConfig(rate=0.7, spm_rate=0.4)


@pytest.fixture(scope="module")
def rearranged(demo, tmp_path_factory):
    """A tokenizer with the tokens for filling in the middle, and the pool made with it: (folders, pool's folder)."""
    folder = tmp_path_factory.mktemp("fim")
    config = TokenizerConfig(vocab_size=600, train_bytes=100_000, fim=FIM, fast="off")
    tokenizer(config, folder, demo.corpus, demo.split, folder / "tokenizer", ONE)
    folders = (demo.corpus, demo.parallel, demo.split, folder / "tokenizer")
    tokens(config, "concat", *folders, folder / "tokens", ONE)
    return config, folders, folder / "tokens"


def test_documents_are_rearranged_as_drawn_and_pairs_never(demo, rearranged):
    config, folders, folder = rearranged
    pool = Pool(folder, folders[3])
    assert set(pool.code["arrangement"]) == {"plain", "psm", "spm"}
    assert set(pool.pairs["arrangement"]) == {"plain"}
    text = dict(table(demo.corpus / "documents").select("id", "content").iter_rows())
    encoder = Encoder((folders[3] / FILE).read_text(), "<|end|>", "<|pad|>", fim=FIM.tokens)
    for row in pool.code.iter_rows(named=True):
        arrangement, pieces = arrange(text[row["id"]], row["id"], FIM, config.seed)
        parts = [
            encoder.encode([piece])[0].tolist() if isinstance(piece, str) else [encoder.sentinels[piece]]
            for piece in pieces
        ]
        assert row["arrangement"] == arrangement
        assert pool.ids(row) == [*(i for part in parts for i in part), encoder.end_id]
        assert row["bytes"] == len(text[row["id"]].encode())


def test_the_manifest_counts_arrangements_and_names_the_ids(rearranged):
    _, folders, folder = rearranged
    facts, pool = manifests.read(folder).counts["fim"], Pool(folder, folders[3])
    assert [facts[f"{name}_id"] for name in ("prefix", "middle", "suffix")] == [2, 3, 4]
    assert list(facts["documents"]) == in_order(set(pool.code["component"]))
    for component, counts in facts["documents"].items():
        rows = pool.code.filter(pl.col("component") == component)
        assert counts == dict(rows["arrangement"].value_counts().iter_rows())


def test_another_rate_makes_the_pool_anew_and_not_the_tokenizer(demo, rearranged):
    config, folders, folder = rearranged
    other = config.model_copy(update={"fim": FIM.model_copy(update={"rate": 0.1})})
    assert tokenizer(other, folder, demo.corpus, demo.split, folders[3], ONE).skipped
    with pytest.raises(StaleStageError, match=r"fim.rate: 0.7 -> 0.1"):
        tokens(other, "concat", *folders, folder, ONE)


def test_a_tokenizer_of_your_own_must_have_the_tokens_for_filling_in_the_middle(demo, tmp_path):
    config = TokenizerConfig(path=str(demo.tokenizer / FILE), fim=FIM)
    with pytest.raises(ConfigError, match=r"tokenizer.fim.prefix_token: '<\|fim_prefix\|>' is not in the vocabulary"):
        tokenizer(config, tmp_path, demo.corpus, demo.split, tmp_path / "tokenizer", ONE)
