from collections import Counter

import polars as pl
import pytest

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.files import remove_tree
from contracts.languages import LANGUAGE_NAMES, PARALLEL, is_direction
from contracts.pair_tables import PARALLEL_DOCUMENTS
from contracts.schema import DOCUMENTS
from contracts.tables import TableWriter
from mixer.layout import Layout
from mixer.stats.licences import TOP, UNKNOWN, Sums, both_licences, known_share, licence_rows
from mixer.stats.tables import mixture_stats, pool_stats
from report.table import as_data

from ..checks.test_verify import SHARES, Copy, copied, refresh
from ..conftest import table

FACTS = ("documents", "tokens", "bytes")


def by_component(tables, name: str) -> dict[str, dict]:
    """The rows of a summary by component."""
    rows = as_data(tables)[name]["rows"]
    return {row["component"]: row for row in rows}


def licences(tables) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in as_data(tables)["licences"]["rows"]:
        found.setdefault(row["component"], []).append(row)
    return found


# the pool


def test_the_pool_holds_what_its_manifest_counts(demo):
    tables = pool_stats(demo, "concat")
    rows = by_component(tables, "pool") | by_component(tables, "directions")
    train = manifests.read(demo.tokens("concat")).counts["train"]
    held = manifests.read(demo.validation).counts["validation"]
    for name, counted in train.items():
        assert {fact: rows[name][fact] for fact in FACTS} == {fact: counted[fact] for fact in FACTS}
        assert rows[name]["unique tokens"] == counted["unique_tokens"]
        assert rows[name]["bytes per token"] == pytest.approx(counted["bytes"] / counted["tokens"], abs=1e-4)
    for name, counted in held.items():
        assert (rows[name]["held out"], rows[name]["held-out tokens"]) == (counted["documents"], counted["tokens"])
    assert set(rows) == {*train, *held, "all"}


def test_the_whole_of_the_pool_is_the_sum_of_languages_and_pairs(demo):
    tables = pool_stats(demo, "concat")
    rows, apart = by_component(tables, "pool"), by_component(tables, "directions")
    assert set(rows) == {*LANGUAGE_NAMES, PARALLEL, "all"}
    assert apart and all(is_direction(name) for name in apart)
    for fact in (*FACTS, "held out", "held-out tokens"):
        assert rows["all"][fact] == sum(row[fact] for name, row in rows.items() if name != "all") > 0
        assert rows[PARALLEL][fact] == sum(row[fact] for row in apart.values())
    assert rows["all"]["unique tokens"] == manifests.read(demo.tokens("concat")).counts["unique_tokens"]


@pytest.fixture(scope="module")
def licensed(repeated, tmp_path_factory) -> Copy:
    """A run in which half of the go documents have another licence and a third of the python documents none."""
    copy = copied(repeated, tmp_path_factory.mktemp("licences"))
    (copy.layout.root / "validation").symlink_to(repeated.folder.parent.parent / "validation")
    copy.own("corpus", "pairs", "parallel", "split", "tokenizer", "tokens")
    number, language = pl.int_range(pl.len()).over("language"), pl.col("language")
    new = (
        pl.when((language == "go") & (number % 2 == 0)).then(pl.lit("MIT"))
        .when((language == "python") & (number % 3 == 0)).then(None)
        .otherwise("licence")
    )  # fmt: skip
    changed = table(copy.layout.corpus / "documents").with_columns(licence=new)
    named = dict(changed.select("id", "licence").iter_rows())
    for path in (copy.layout.corpus / "documents").iterdir():
        ids = pl.read_parquet(path, columns=["id"])["id"]
        with TableWriter(path, DOCUMENTS) as writer:
            writer.write_table(changed.filter(pl.col("id").is_in(ids.implode())).to_arrow())
    sides = [
        pl.col(f"id_{side}").replace_strict(named, default=None, return_dtype=pl.String).alias(f"licence_{side}")
        for side in ("source", "target")
    ]
    for path in (copy.layout.parallel / "parallel").iterdir():
        rows = pl.read_parquet(path).with_columns(sides)
        with TableWriter(path, PARALLEL_DOCUMENTS) as writer:
            writer.write_table(rows.to_arrow())
    refresh(copy.layout.corpus)
    refresh(copy.layout.parallel)
    copy.relink()
    return copy


def licence_of(copy: Copy) -> dict[str, str]:
    """The licences of every document and parallel document, by the tables."""
    documents = table(copy.layout.corpus / "documents").select("id", "licence")
    pairs = table(copy.layout.parallel / "parallel").select("id", "licence_source", "licence_target")
    found = {i: name or UNKNOWN for i, name in documents.iter_rows()}
    return found | {i: f"{a or UNKNOWN} + {b or UNKNOWN}" for i, a, b in pairs.iter_rows()}


def test_licences_of_the_pool_are_those_of_its_documents(licensed):
    tables, expected = pool_stats(licensed.layout, "concat"), licence_of(licensed)
    counted: dict[str, Counter] = {}
    for row in table(licensed.layout.tokens("concat") / "tokenized").iter_rows(named=True):
        for name in {row["component"], PARALLEL if is_direction(row["component"]) else row["component"]}:
            counted.setdefault(name, Counter())[expected[row["id"]]] += row["tokens"]
    found = licences(tables)
    assert set(found) == {*LANGUAGE_NAMES, PARALLEL}
    for name, rows in found.items():
        assert {row["licence"]: row["tokens"] for row in rows} == counted[name]
        whole = by_component(tables, "pool")[name]
        assert [sum(row[fact] for row in rows) for fact in FACTS] == [whole[fact] for fact in FACTS]
        known = sum(tokens for licence, tokens in counted[name].items() if UNKNOWN not in licence)
        assert whole["licence known"] == pytest.approx(known / whole["tokens"], abs=1e-6)
    assert {"MIT + Apache-2.0", "(unknown) + MIT", "Apache-2.0 + (unknown)"} <= set(counted[PARALLEL])
    assert 0 < by_component(tables, "pool")["python"]["licence known"] < 1


def test_programs_that_stand_alone_have_one_licence(licensed):
    pairs = table(licensed.layout.parallel / "parallel").filter(form="shuffled")
    assert pairs.height and ((pairs["id_source"] == "") ^ (pairs["id_target"] == "")).all()
    found = pairs.select(licence=both_licences())["licence"]
    assert not found.str.contains("+", literal=True).any()
    assert {"MIT", UNKNOWN, "Apache-2.0"} == set(found)


# mixtures


@pytest.mark.parametrize("output", ["shards", "view"])
@pytest.mark.parametrize("options", [{}, {"parallel": "directions"}], ids=["pooled", "directions"])
def test_a_mixture_holds_what_its_manifest_counts(mixture_of, output, options):
    shares = SHARES if not options else {"go": 0.5, "python->go": 0.3, "go->python": 0.2}
    made = mixture_of(proportions=shares, max_epochs=3, sequence_length=1_100, output=output, **options)
    tables = mixture_stats(made.folder)
    rows = by_component(tables, "mixture")
    for name, part in made.counts["components"].items():
        for fact in (*FACTS, "sequences", "padding"):
            assert rows[name][fact] == part[fact]
        assert rows[name]["epochs"] == pytest.approx(part["epochs"], abs=1e-3)
        assert rows[name]["share"] == pytest.approx(part["realised_share"], abs=1e-4)
    assert {fact: rows["all"][fact] for fact in ("tokens", "sequences", "padding")} == {
        fact: made.counts[fact] for fact in ("tokens", "sequences", "padding")
    }
    assert rows["all"]["bytes"] == sum(part["bytes"] for part in made.counts["components"].values())


def test_licences_of_a_mixture_are_weighed_by_its_tokens(licensed):
    tables, expected = mixture_stats(licensed.folder), licence_of(licensed)
    counted: dict[str, Counter] = {}
    documents: dict[str, set] = {}
    for row in table(licensed.folder / "lineage").filter(pl.col("document_id") != "").iter_rows(named=True):
        licence = expected[row["document_id"]]
        counted.setdefault(row["component"], Counter())[licence] += row["end"] - row["start"]
        documents.setdefault(f"{row['component']} {licence}", set()).add(row["document_id"])
    found = licences(tables)
    assert {name: {row["licence"]: row["tokens"] for row in rows} for name, rows in found.items()} == counted
    for name, rows in found.items():
        assert all(row["documents"] == len(documents[f"{name} {row['licence']}"]) for row in rows)
        whole = by_component(tables, "mixture")[name]
        assert [sum(row[fact] for row in rows) for fact in FACTS] == [whole[fact] for fact in FACTS]
        assert [row["tokens"] for row in rows] == sorted((row["tokens"] for row in rows), reverse=True)
    assert {"MIT", "Apache-2.0"} == set(counted["go"])


def test_a_mixture_of_blocks_is_counted_like_one_block(repeated, monkeypatch):
    whole = as_data(mixture_stats(repeated.folder))
    monkeypatch.setattr("mixer.stats.sums.BLOCK_TOKENS", 5 * 1100)
    assert as_data(mixture_stats(repeated.folder)) == whole


# rows for people


def test_the_rarest_licences_are_summed_up():
    sums = {f"L{i:02d}": Sums(1, 100 - i, 2) for i in range(TOP + 5)}
    rows = licence_rows({"go": sums})
    assert [row["licence"] for row in rows] == [*(f"L{i:02d}" for i in range(TOP)), "(5 others)"]
    assert sum(row["tokens"] for row in rows) == sum(s.tokens for s in sums.values())
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("licences", "share"),
    [
        ({}, None),
        ({"MIT": 3}, 1.0),
        ({"MIT": 3, UNKNOWN: 1}, 0.75),
        ({"MIT + MIT": 1, "MIT + (unknown)": 2, "(unknown) + MIT": 1}, 0.25),
        ({"LicenseRef-(unknown)": 1}, 1.0),
    ],
)
def test_a_pair_counts_as_known_if_both_licences_are(licences, share):
    assert known_share({name: Sums(1, tokens, 1) for name, tokens in licences.items()}) == share


# what cannot be counted


@pytest.mark.parametrize("stage", ["corpus", "pairs", "parallel", "validation", "tokens"])
def test_an_unfinished_stage_is_named_with_the_next_command(demo, tmp_path, stage):
    for name in {"corpus", "pairs", "parallel", "validation", "tokens"} - {stage}:
        (tmp_path / name).symlink_to(demo.root / name)
    with pytest.raises(StageError, match=rf"the {stage} stage is not finished\. Run: glotmix run CONFIG"):
        pool_stats(Layout(tmp_path), "concat")


def test_an_unfinished_mixture_is_refused(demo):
    with pytest.raises(StageError, match=r"the mix stage is not finished\. Run: glotmix mix CONFIG"):
        mixture_stats(demo.mix("none"))


def test_a_mixture_of_another_pool_is_refused(repeated, tmp_path):
    copy = copied(repeated, tmp_path)
    copy.own("tokens")
    refresh(copy.layout.tokens("concat"), {"train": {}})
    with pytest.raises(StageError, match="made from another tokens stage"):
        mixture_stats(copy.folder)
    remove_tree(copy.layout.tokens("concat"))
    with pytest.raises(StageError, match="the tokens stage is not finished"):
        mixture_stats(copy.folder)
