"""Groups and functions in the mixer: from parallel documents to tokens, mixtures, traces and checks."""

import polars as pl
import pytest

from contracts import manifest as manifests
from contracts.languages import PARALLEL
from mixer.checks.verify import verify_mixture
from mixer.config import SplitConfig, TokenizerConfig
from mixer.layout import Layout
from mixer.split.stage import split
from mixer.stats.tables import mixture_stats, pool_stats
from mixer.tokens.pool import tokens
from mixer.tokens.tokenizer import ByteDecoder
from mixer.tokens.tokenizer_stage import FILE, tokenizer
from mixer.tokens.validation import file_name, validation
from mixer.trace import Tracer
from pairing.config import PairsConfig, ParallelConfig
from pairing.mine import pairs
from pairing.parallel.stage import parallel
from report.verify import verify

from .conftest import ONE, make, table

UNSEEN = ("python->go", "java->rust", "csharp->javascript")
OFF = TokenizerConfig(vocab_size=1024, fast="off")


@pytest.fixture(scope="module")
def world(demo, tmp_path_factory) -> Layout:
    """The stages of a run of the demo's corpus up to tokens: groups, functions, and both levels together."""
    layout = Layout(tmp_path_factory.mktemp("forms"))
    (layout.root / "corpus").symlink_to(demo.corpus)
    given = table(demo.pairs / "pairs").select("id_a", "id_b", "score").sort("id_a", "id_b")
    given.write_csv(layout.root / "given.csv")
    pairs(PairsConfig(mine=False, given=("given.csv",)), layout.root, layout.corpus, layout.pairs, ONE)
    config = ParallelConfig(forms=("concat", "group"), levels=("file", "function"), max_tokens=4_000)
    parallel(config, layout.root, layout.corpus, layout.pairs, layout.parallel, ONE)
    options = SplitConfig(validation_share=0.2, unseen_directions=UNSEEN)
    split(options, layout.corpus, layout.pairs, layout.parallel, layout.split, ONE)
    mine = TokenizerConfig(path=str(demo.tokenizer / FILE))
    tokenizer(mine, layout.root, layout.corpus, layout.split, layout.tokenizer, ONE)
    folders = (layout.corpus, layout.parallel, layout.split, layout.tokenizer)
    for form, level in (("group", "file"), ("concat", "function"), ("concat", "both")):
        tokens(OFF, form, *folders, layout.tokens(form, level), ONE, level=level)
    validation(OFF, *folders, layout.validation, ONE)
    return layout


def trained(layout: Layout) -> pl.DataFrame:
    """Parallel documents of the training side."""
    held = table(layout.split / "split").filter(pl.col("split") == "validation")["id"].implode()
    return table(layout.parallel / "parallel").filter(~pl.col("ids").list.first().is_in(held))


def rows_of(layout: Layout, form: str, level: str = "file") -> pl.DataFrame:
    rows = table(layout.tokens(form, level) / "tokenized")
    return rows.filter(pl.col("component").str.contains("->", literal=True))


def unseen(row: dict) -> bool:
    places = {language: number for number, language in enumerate(row["languages"])}
    named = [direction.split("->") for direction in UNSEEN]
    return any(a in places and b in places and places[a] < places[b] for a, b in named)


def test_groups_are_in_the_pool_unless_two_of_their_programs_are_in_an_unseen_direction(world):
    groups = trained(world).filter(pl.col("form") == "group")
    left_out = [row["id"] for row in groups.iter_rows(named=True) if unseen(row)]
    assert 0 < len(left_out) < groups.height
    assert sorted(rows_of(world, "group")["id"]) == sorted(set(groups["id"]) - {*left_out})
    counts = manifests.read(world.tokens("group")).counts
    assert sum(counts["unseen"].values()) == len(left_out)


def test_the_spans_of_groups_in_tokens_are_their_programs(world):
    facts = {row["id"]: row for row in table(world.parallel / "parallel").iter_rows(named=True)}
    decoder = ByteDecoder((world.tokenizer / FILE).read_text())
    found = rows_of(world, "group")
    files = {f: (world.tokens("group") / "tokens" / f"{f:05d}.bin").read_bytes() for f in set(found["file"])}
    assert found["program_keys"].list.len().max() > 2
    for row in found.iter_rows(named=True):
        fact, raw = facts[row["id"]], memoryview(files[row["file"]]).cast("H")
        ids = raw[row["start"] : row["start"] + row["tokens"]].tolist()
        content = fact["content"].encode()
        assert decoder.decode(ids[:-1]) == content
        source = ids[row["source_end"] - row["source_tokens"] : row["source_end"]]
        assert decoder.decode(source) == content[fact["source_start"] : fact["source_end"]]
        target = ids[row["target_start"] : row["target_start"] + row["target_tokens"]]
        assert decoder.decode(target) == content[fact["target_start"] : fact["target_end"]]
        assert len(row["program_keys"]) == len(row["program_tokens"]) == len(fact["ids"])
        assert sum(row["program_tokens"][:-1]) < row["source_tokens"] or len(fact["ids"]) == 2


def test_unique_tokens_of_groups_are_those_of_their_programs_once(world):
    counts = manifests.read(world.tokens("group")).counts
    each = rows_of(world, "group").select("program_keys", "program_tokens").explode("program_keys", "program_tokens")
    once = each.unique("program_keys")["program_tokens"].sum()
    assert counts["train"][PARALLEL]["unique_tokens"] == once
    documents = set(table(world.corpus / "documents")["content_hash"])
    fitted = table(world.parallel / "parallel").filter(pl.col("units_dropped") > 0)["id"]
    whole = rows_of(world, "group").filter(~pl.col("id").is_in(fitted.implode()))
    assert whole.height > 0 and set(whole["program_keys"].explode()) <= documents
    code = sum(v["unique_tokens"] for k, v in counts["train"].items() if k != PARALLEL and "->" not in k)
    alone = each.unique("program_keys").filter(~pl.col("program_keys").is_in(list(documents)))
    assert counts["unique_tokens"] == code + alone["program_tokens"].sum()


def test_each_level_has_a_pool_of_its_own(world):
    rows = trained(world).filter((pl.col("form") == "concat") & ~pl.col("direction").is_in(UNSEEN))
    levels = {level: set(part["id"]) for (level,), part in rows.group_by("level")}
    assert set(rows_of(world, "concat", "function")["id"]) == levels["function"]
    assert set(rows_of(world, "concat", "both")["id"]) == levels["function"] | levels["file"]
    configuration = manifests.read(world.tokens("concat", "function")).configuration
    assert (configuration["parallel_form"], configuration["parallel_level"]) == ("concat", "function")
    assert "parallel_level" not in manifests.read(world.tokens("group")).configuration


def test_validation_holds_whole_programs_only(world):
    levels = dict(table(world.parallel / "parallel").select("id", "level").iter_rows())
    found = pl.concat(pl.read_parquet(world.validation / file_name(d), glob=False) for d in ("go->rust", *UNSEEN))
    assert found.height and {levels[i] for i in found["id"]} == {"file"}


@pytest.mark.parametrize(
    ("form", "level", "output"), [("group", "file", "shards"), ("group", "file", "view"), ("concat", "both", "shards")]
)
def test_mixtures_of_them_are_traced_verified_and_summed_up(world, form, level, output):
    made = make(
        world,
        name=f"{form}-{level}-{output}",
        parallel_form=form,
        parallel_level=level,
        output=output,
        proportions={"go": 0.2, "parallel": 0.8},
        sequence_length=4_000,
        shard_tokens=12_000,
        max_epochs=3,
    )
    rows, faults = verify_mixture(made.folder, sample=40)
    assert faults == [] and all(row["faults"] == 0 for row in rows)
    facts = {row["id"]: row for row in table(world.parallel / "parallel").iter_rows(named=True)}
    tracer, traced = Tracer(made.folder), 0
    for sequence in range(made.counts["sequences"]):
        for span in tracer.trace(sequence):
            if (fact := facts.get(span.document_id)) is None:
                continue
            assert [origin["language"] for origin in span.origins] == fact["languages"]
            content = fact["content"].encode()
            assert content[span.byte_start : span.byte_end] == span.text[: span.byte_end - span.byte_start]
            traced += 1
    assert traced > 4
    assert mixture_stats(made.folder)[0].rows and pool_stats(world, form, level)[0].rows
    assert verify(world.root)[1] == []


def test_a_held_out_or_unseen_group_in_a_mixture_would_be_found(world):
    from mixer.checks.split import held_ids

    held = {i.decode() for i in held_ids(world.split, world.parallel, UNSEEN)}
    groups = table(world.parallel / "parallel").filter(pl.col("form") == "group")
    kept = set(trained(world)["id"])
    for row in groups.iter_rows(named=True):
        assert (row["id"] in held) == (row["id"] not in kept or unseen(row))
