import re
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from contracts import manifest as manifests
from contracts.errors import ConfigError, StaleStageError
from contracts.languages import LANGUAGE_NAMES
from pairing.config import PairsConfig
from pairing.match import pair_id
from pairing.match.kind import CLOSE
from pairing.mine import pairs
from pairing.score.components import COMPONENTS
from pairing.score.shipped import shipped
from pipelines.executor_config import ExecutorConfig

from .conftest import document
from .stages import both

ORDER = {name: i for i, name in enumerate(LANGUAGE_NAMES)}
ONE = ExecutorConfig(workers=1)


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / "*.parquet")


@pytest.fixture(scope="module")
def mined(demo_run):
    """(documents, pairs, unit pairs, parallel documents, counts) of the demo run."""
    output = demo_run.output
    tables = [table(output / "pairs", "pairs"), *(table(output / "parallel", x) for x in ("unit_pairs", "parallel"))]
    counts = [manifests.read(output / stage).counts for stage in ("pairs", "parallel")]
    return (
        table(output / "corpus", "documents"),
        *tables,
        counts[0] | {k: counts[1][k] for k in ("unit_pairs", "parallel")},
    )


def stem(path: str) -> str:
    """What a program of the sample is called, whatever the language's habits; tests apart."""
    name = Path(path).name.lower()
    bare = re.sub(r"[^a-z0-9]", "", re.sub(r"(\.[a-z]+)+$", "", name).replace("tests", "").replace("test", ""))
    return f"{bare} test" if "test" in name else bare


def test_pairs_are_one_to_one_in_each_pair_of_languages_and_the_first_language_leads(mined):
    documents, found, *_ = mined
    language = dict(documents.select("id", "language").iter_rows())
    for (first, second), part in found.group_by("language_a", "language_b"):
        assert ORDER[first] < ORDER[second]
        assert part["id_a"].is_unique().all()
        assert part["id_b"].is_unique().all()
    assert [language[i] for i in found["id_a"]] == found["language_a"].to_list()
    assert [language[i] for i in found["id_b"]] == found["language_b"].to_list()


def test_pair_ids_follow_from_the_documents_alone(mined):
    _, found, *_ = mined
    assert found["pair_id"].to_list() == [pair_id(a, b) for a, b in found.select("id_a", "id_b").iter_rows()]
    assert found["pair_id"].is_unique().all()


def test_nearly_all_pairs_are_right_and_nearly_all_right_ones_are_found(mined):
    documents, found, *_ = mined
    facts = documents.select("id", "language", pl.col("path").map_elements(stem, pl.String).alias("stem"))
    programs = {i: (language, name) for i, language, name in facts.iter_rows()}
    truth = {
        frozenset((a, b))
        for a, b in combinations(programs, 2)
        if programs[a][1] == programs[b][1] and programs[a][0] != programs[b][0]
    }
    mined_pairs = {frozenset(p) for p in found.select("id_a", "id_b").iter_rows()}
    assert len(truth) > 150
    assert len(mined_pairs & truth) / len(mined_pairs) >= 0.95
    assert len(mined_pairs & truth) / len(truth) >= 0.9


def test_tests_are_paired_with_tests_only(mined):
    documents, found, *_ = mined
    is_test = dict(documents.select("id", "is_test").iter_rows())
    kinds = [(is_test[a], is_test[b]) for a, b in found.select("id_a", "id_b").iter_rows()]
    assert set(kinds) == {(False, False), (True, True)}


def test_scores_and_licences_say_what_they_should(mined):
    _, found, *_ = mined
    assert set(found["origin"]) <= {"mined", "implied"}
    certain = found.filter(pl.col("origin") == "mined")
    assert (certain["score"] >= shipped().threshold).all()
    for component in ("score", "direct", "similarity", *COMPONENTS):
        assert found[component].drop_nulls().is_between(0, 1).all(), component
    assert set(found["kind"]) <= {"close", "loose"}
    assert ((found["similarity"] >= CLOSE) == (found["kind"] == "close")).all()
    assert found["length_ratio"].is_between(0, 1).all()
    assert found["licence_known"].all()


def test_groups_hold_one_program_a_language_and_all_pairs_among_their_programs(mined):
    documents, found, *_ = mined
    language = dict(documents.select("id", "language").iter_rows())
    for (_,), part in found.group_by("group_id"):
        members = sorted({*part["id_a"], *part["id_b"]})
        assert len({language[x] for x in members}) == len(members)
        assert part.height == len(members) * (len(members) - 1) // 2


def test_counts_add_up_in_every_direction(mined):
    _, found, units, parallel, counts = mined
    assert counts["pairs"] == found.height == sum(counts["by_languages"].values())
    assert counts["unit_pairs"] == units.height
    for languages, number in counts["by_languages"].items():
        first, second = languages.split("-")
        for direction in (f"{first}->{second}", f"{second}->{first}"):
            for form, rows in (("concat", 1), ("prompt", 1), ("shuffled", 2)):
                assert counts["parallel"][f"{form}/file/{direction}"]["documents"] == rows * number
    assert sum(x["documents"] for x in counts["parallel"].values()) == parallel.height
    assert sum(x["bytes"] for x in counts["parallel"].values()) == parallel["bytes"].sum()


def test_parallel_documents_hold_their_programs_byte_for_byte(mined):
    documents, _, _, parallel, _ = mined
    text = dict(documents.select("id", "content").iter_rows())
    assert parallel["id"].is_unique().all()
    for row in parallel.iter_rows(named=True):
        content = row["content"].encode()
        assert len(content) == row["bytes"]
        for side in ("source", "target"):
            if identity := row[f"id_{side}"]:
                assert content[row[f"{side}_start"] : row[f"{side}_end"]] == text[identity].encode()
            else:
                assert row[f"{side}_start"] == row[f"{side}_end"] == -1


def test_unit_pairs_lie_in_their_documents_and_are_one_to_one(mined, demo_run):
    _, found, units, *_ = mined
    known = table(demo_run.output / "corpus", "units").select("document_id", "start_line", "end_line", "name")
    spans = set(known.iter_rows())
    assert set(units["pair_id"]) <= set(found["pair_id"])
    for side in "ab":
        columns = [f"{c}_{side}" for c in ("id", "start_line", "end_line", "name")]
        assert set(units.select(columns).iter_rows()) <= spans
    for _, part in units.group_by("pair_id"):
        for side in "ab":
            assert part.select(f"start_line_{side}", f"end_line_{side}", f"name_{side}").is_unique().all()


def test_given_pairs_beat_mined_ones(demo_run, mined, tmp_path):
    documents, found, *_ = mined
    right = found.filter((pl.col("language_a") == "python") & (pl.col("language_b") == "go")).row(0, named=True)
    other = documents.filter((pl.col("language") == "go") & (pl.col("id") != right["id_b"]) & ~pl.col("is_test"))["id"]
    # given the wrong way round, and with one id that nobody knows
    (tmp_path / "given.csv").write_text(f"id_a,id_b,kind\n{other[0]},{right['id_a']},loose\n{right['id_a']},nobody,\n")
    config = PairsConfig(given=("given.csv",))
    result = pairs(config, tmp_path, demo_run.output / "corpus", tmp_path / "out", ONE)
    made = table(tmp_path / "out", "pairs").filter((pl.col("language_a") == "python") & (pl.col("language_b") == "go"))
    assert made.filter(pl.col("id_a") == right["id_a"]).select("id_b", "origin", "kind", "score").rows() == [
        (other[0], "given", "loose", None)
    ]
    assert made.filter(pl.col("id_b") == other[0]).height == 1  # its own mined pair gives way too
    assert result.manifest.counts["given_not_in_corpus"] == 1
    (tmp_path / "given.csv").write_text(f"id_a,id_b\n{other[0]},{right['id_a']}\n")
    with pytest.raises(StaleStageError, match=r"input given/0/given.csv changed"):
        pairs(config, tmp_path, demo_run.output / "corpus", tmp_path / "out", ONE)


def program(words: str) -> str:
    return "\n".join(f"{w}_total = compute_{w}({n})" for n, w in enumerate(words.split()))


ROWS = [
    document("java", "Lake.java", program("lake heron reed otter"), licence=None),
    document("rust", "lake.rs", program("lake heron reed otter")),
    document("java", "Wheel.java", program("wheel spoke axle tyre")),
    document("rust", "wheel.rs", program("wheel spoke axle tyre")),
    document("rust", "empty.rs", ""),
    document("java", "Empty.java", ""),
    document("java", "Other.java", program("quartz basalt granite")),
]


@pytest.mark.parametrize(("required", "expected"), [(False, ["Lake.java", "Wheel.java"]), (True, ["Wheel.java"])])
def test_two_languages_with_empty_documents_and_unknown_licences(corpus_of, tmp_path, required, expected):
    # one document a block: the languages are joined block by block
    config = PairsConfig(require_licence=required, block_documents=1)
    result = pairs(config, tmp_path, corpus_of(ROWS), tmp_path / "out", ONE)
    found = table(tmp_path / "out", "pairs").join(
        pl.DataFrame(ROWS).select("id", "path"), left_on="id_a", right_on="id"
    )
    assert sorted(found["path"]) == expected
    known = dict(found.select("path", "licence_known").iter_rows())
    assert known == {"Lake.java": False, "Wheel.java": True} if not required else {"Wheel.java": True}
    assert result.manifest.counts["licence_unknown"] == (0 if required else 1)
    assert found["contaminated"].null_count() == found.height


def test_a_corpus_of_one_language_has_no_pairs(corpus_of, tmp_path):
    made = both(tmp_path, corpus_of(ROWS[:1]), tmp_path / "out")
    assert made.pairs.manifest.counts["pairs"] == 0
    assert [table(tmp_path / "out" / name, name).height for name in ("pairs", "parallel")] == [0, 0]


def test_text_that_is_no_code_changes_no_pair(corpus_of, tmp_path):
    prose = [document("english", f"{n}.txt", row["content"]) for n, row in enumerate(ROWS)]
    made = []
    for name, rows in (("code", ROWS), ("both", [*prose, *ROWS])):
        pairs(PairsConfig(), tmp_path, corpus_of(rows), tmp_path / name, ONE)
        made.append(table(tmp_path / name, "pairs"))
    assert made[0].height == 2
    assert made[0].equals(made[1])


def test_a_corpus_without_code_has_no_pairs(corpus_of, tmp_path):
    result = pairs(PairsConfig(), tmp_path, corpus_of([document("english", "a.txt", "word")]), tmp_path / "out", ONE)
    assert result.manifest.counts["pairs"] == 0


def test_only_given_pairs_without_mining_and_counts_without_leftovers_of_an_earlier_run(corpus_of, tmp_path):
    corpus = corpus_of(ROWS)
    first, documents = (
        both(tmp_path, corpus, tmp_path / "out", task_bytes=1),
        tmp_path / "out" / "parallel" / "parallel",
    )
    assert first.pairs.manifest.counts["pairs"] == 2
    assert len(list(documents.iterdir())) == 2
    (tmp_path / "g.csv").write_text(f"id_a,id_b\n{ROWS[0]['id']},{ROWS[3]['id']}\n")
    second = both(tmp_path, corpus, tmp_path / "out", force=True, mine=False, given=("g.csv",))
    assert second.pairs.manifest.counts["pairs"] == 1
    assert sum(x["documents"] for x in second.parallel.manifest.counts["parallel"].values()) == 8
    assert len(list(documents.iterdir())) == 1


def test_given_pairs_from_nowhere_stop_the_stage(corpus_of, tmp_path):
    (tmp_path / "g.csv").write_text("id_a,id_b\nx,y\n")
    with pytest.raises(ConfigError, match="1 are not in the corpus with both sides"):
        pairs(PairsConfig(given=("g.csv",)), tmp_path, corpus_of(ROWS[:1]), tmp_path / "out", ONE)
