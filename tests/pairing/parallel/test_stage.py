"""Parallel documents of the demo run's pairs, and of a few documents with licences, through the whole stage."""

from itertools import combinations, pairwise
from pathlib import Path

import polars as pl
import pytest

from contracts.errors import ConfigError
from contracts.pair_tables import PARALLEL_DOCUMENTS, REFUSED
from mixer.tokens.tokenizer_stage import FILE
from pairing.config import PairsConfig, ParallelConfig
from pairing.mine import pairs
from pairing.parallel.programs import prepare
from pairing.parallel.refusals import REASONS, function_refusal, refusal_of
from pairing.parallel.stage import parallel
from pairing.parallel.tokens import counter, total
from parsers.syntax import parse
from pipelines.executor_config import ExecutorConfig

from ..conftest import document
from ..stages import ONE, both

LIMIT = 1_100
EVERYTHING = {
    "forms": ("concat", "prompt", "shuffled", "group"),
    "levels": ("file", "function"),
    "directions": "balanced",
    "comments": "strip_docstrings",
    "max_tokens": LIMIT,
}


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / "*.parquet")


@pytest.fixture(scope="module")
def base(demo_run, tmp_path_factory) -> Path:
    """A folder with a tokenizer, and with pairs: a quarter of those of the demo run."""
    folder = tmp_path_factory.mktemp("given")
    found = table(demo_run.output / "pairs", "pairs").sort("pair_id").select("id_a", "id_b", "score", "kind")
    found.filter(pl.int_range(pl.len()) % 4 == 0).write_csv(folder / "given.csv")
    (folder / FILE).write_text((demo_run.output / "tokenizer" / FILE).read_text())
    pairs(PairsConfig(mine=False, given=("given.csv",)), folder, demo_run.output / "corpus", folder / "pairs", ONE)
    return folder


def run(demo_run, base: Path, folder: Path, executor: ExecutorConfig = ONE, **options):
    config = ParallelConfig(**options)
    return parallel(config, base, demo_run.output / "corpus", base / "pairs", folder, executor).manifest


@pytest.fixture(scope="module")
def made(demo_run, base, tmp_path_factory):
    """(folder, counts) of a run with every option on, tokens counted by a tokenizer."""
    folder = tmp_path_factory.mktemp("made") / "parallel"
    return folder, run(demo_run, base, folder, tokenizer=FILE, **EVERYTHING).counts


def test_everything_offered_is_written_or_refused_and_counts_are_those_of_the_tables(made, base):
    folder, counts = made
    parallel, refused = table(folder, "parallel"), table(folder, "refused")
    assert parallel.columns == PARALLEL_DOCUMENTS.names and refused.columns == REFUSED.names
    kinds = parallel.group_by("form", "level", "direction").agg(pl.len(), pl.col("bytes").sum())
    assert counts["parallel"] == {
        f"{f}/{lv}/{d}": {"documents": n, "bytes": size} for f, lv, d, n, size in kinds.sort(pl.all()).iter_rows()
    }
    assert list(counts["items"]) == ["file", "function", "group"]
    for level, found in counts["items"].items():
        assert found["offered"] == found["written"] + sum(found["refused"].values())
        assert sum(found["refused"].values()) == refused.filter(pl.col("level") == level).height
        assert found["written"] > 0
    assert counts["items"]["file"]["offered"] == table(base / "pairs", "pairs").height
    assert counts["items"]["function"]["offered"] == counts["unit_pairs"] == table(folder, "unit_pairs").height
    assert counts["items"]["file"]["refused"]["too_long"] > 0 and counts["items"]["file"]["fitted"] > 0
    assert counts["items"]["group"]["fitted"] > 0
    assert set(refused["reason"]) <= set(REASONS)
    assert (refused.filter(pl.col("reason") == "too_long")["value"] > LIMIT).all()


def test_spans_are_exact_and_no_document_has_more_tokens_than_allowed(made, base):
    folder, _ = made
    count, parallel = counter(base / FILE, 300), table(folder, "parallel")
    assert parallel["id"].is_unique().all()
    for row in parallel.iter_rows(named=True):
        raw, cuts = row["content"].encode(), [0]
        assert len(raw) == row["bytes"]
        for start, end in zip(row["starts"], row["ends"], strict=True):
            cuts += [start, end]
        cuts.append(len(raw))
        assert cuts == sorted(cuts)
        pieces = [raw[a:b].decode() for a, b in pairwise(cuts)]
        assert total(pieces, count) <= LIMIT
        assert all(piece.strip() for piece in pieces[1::2])
        sources = len(row["ids"]) - (row["id_target"] != "")
        if sources:
            assert (row["source_start"], row["source_end"]) == (row["starts"][0], row["ends"][sources - 1])
        if row["id_target"]:
            assert (row["target_start"], row["target_end"]) == (row["starts"][-1], row["ends"][-1])
            assert row["id_target"] == row["ids"][-1]


def programs_of(row: dict) -> list[bytes]:
    return [row["content"].encode()[a:b] for a, b in zip(row["starts"], row["ends"], strict=True)]


def test_fitted_and_stripped_programs_parse_without_errors(made, demo_run):
    folder, _ = made
    parallel = table(folder, "parallel").filter((pl.col("form") == "shuffled") & (pl.col("level") == "file"))
    shortened = parallel.filter(pl.col("units_dropped") > 0)
    assert 0 < shortened.height < parallel.height
    whole = dict(table(demo_run.output / "corpus", "documents").select("id", "content").iter_rows())
    for row in parallel.iter_rows(named=True):
        (text,) = programs_of(row)
        before = parse(whole[row["ids"][0]].encode(), row["languages"][0])
        after = parse(text, row["languages"][0])
        assert (after.error_bytes, after.missing_nodes) <= (before.error_bytes, before.missing_nodes)
        assert len(text) <= len(before.source)


def test_every_form_of_a_pair_holds_the_same_programs(made):
    folder, _ = made
    parallel = table(folder, "parallel").filter(pl.col("form") != "group")
    for _, part in parallel.group_by("level", "pair_id"):
        texts = {
            form: sorted(text for row in rows.iter_rows(named=True) for text in programs_of(row))
            for (form,), rows in part.group_by("form")
        }
        assert texts["concat"] == texts["prompt"] == texts["shuffled"]


def test_the_two_directions_of_a_language_pair_differ_by_one_at_most(made):
    folder, _ = made
    parallel = table(folder, "parallel").filter(pl.col("form") == "concat")
    both = pl.col("direction").str.split("->").list.sort().list.join("-").alias("languages")
    for _, part in parallel.group_by("level", both):
        counts = [rows.height for _, rows in part.group_by("direction")]
        assert len(counts) <= 2 and abs(counts[0] - (counts[1] if len(counts) > 1 else 0)) <= 1


def test_functions_are_those_of_the_aligned_units_in_their_lines(made, demo_run):
    folder, _ = made
    units = table(folder, "unit_pairs")
    columns = [[f"{name}_{side}" for name in ("id", "outer_start_line", "end_line")] for side in "ab"]
    lines = {frozenset(tuple(r[name] for name in side) for side in columns) for r in units.iter_rows(named=True)}
    found = table(folder, "parallel").filter((pl.col("form") == "concat") & (pl.col("level") == "function"))
    places = [
        frozenset(zip(r["ids"], r["first_lines"], r["last_lines"], strict=True)) for r in found.iter_rows(named=True)
    ]
    assert len(places) > 50 and set(places) <= lines


def test_programs_of_a_group_lose_the_same_functions_and_keep_enough(made, demo_run):
    folder, counts = made
    groups = table(folder, "parallel").filter((pl.col("form") == "group") & (pl.col("units_dropped") > 0))
    assert groups["pair_id"].n_unique() == counts["items"]["group"]["fitted"]
    assert groups.unique("pair_id")["units_dropped"].sum() == counts["items"]["group"]["units_dropped"] > 0
    whole = dict(table(demo_run.output / "corpus", "documents").select("id", "content").iter_rows())
    config = ParallelConfig(comments="strip_docstrings")
    for row in groups.iter_rows(named=True):
        for identity, language, text in zip(row["ids"], row["languages"], programs_of(row), strict=True):
            side = prepare({"id": identity, "language": language, "path": "", "content": whole[identity]}, (), config)
            assert 0.5 <= len(text) / len(side.syntax.source) <= 1
            assert parse(text, language).error_bytes <= side.syntax.error_bytes


def test_programs_that_would_keep_too_little_are_refused_with_what_they_would_keep(demo_run, base, made, tmp_path):
    options = {**EVERYTHING, "tokenizer": FILE, "levels": ("file",), "min_kept_share": 0.9}
    strict = run(demo_run, base, tmp_path / "strict", **options).counts["items"]
    half = made[1]["items"]
    assert strict["file"]["fitted"] < half["file"]["fitted"] and strict["group"]["fitted"] < half["group"]["fitted"]
    more = strict["file"]["refused"]["too_little_left"] - half["file"]["refused"].get("too_little_left", 0)
    assert more == half["file"]["written"] - strict["file"]["written"] > 0
    refused = table(tmp_path / "strict", "refused").filter(pl.col("reason") == "too_little_left")
    assert refused["value"].is_between(0, 0.9, closed="left").all() and (refused["threshold"] == 0.9).all()


def test_every_program_is_told_with_its_repository_and_path(made, demo_run):
    folder, _ = made
    documents = table(demo_run.output / "corpus", "documents")
    origin = {
        i: (repo, path, commit) for i, repo, path, commit in documents["id", "repo", "path", "commit"].iter_rows()
    }
    for row in table(folder, "parallel").iter_rows(named=True):
        told = list(zip(row["repos"], row["paths"], row["commits"], strict=True))
        assert told == [origin[i] for i in row["ids"]]


def test_groups_hold_one_program_of_a_language_and_go_from_the_first_to_the_last(made):
    folder, _ = made
    groups = table(folder, "parallel").filter(pl.col("form") == "group")
    assert groups.height > 2
    for row in groups.iter_rows(named=True):
        assert len(set(row["languages"])) == len(row["languages"]) == len(row["ids"])
        assert row["direction"] == f"{row['languages'][0]}->{row['languages'][-1]}"
        assert row["licence_source"] == row["licence_target"] == "Apache-2.0"


def test_workers_and_sizes_of_tasks_change_nothing(demo_run, base, made, tmp_path):
    folder, _ = made
    two = ExecutorConfig(workers=2)
    run(demo_run, base, tmp_path / "b", two, tokenizer=FILE, task_bytes=20_000, **EVERYTHING)
    assert len(list((tmp_path / "b" / "parallel").iterdir())) > 4
    for name, key in (("parallel", "id"), ("refused", pl.all())):
        assert table(folder, name).sort(key).equals(table(tmp_path / "b", name).sort(key))


def test_other_seeds_draw_other_directions_and_estimates_keep_within_the_limit_by_their_own_count(
    demo_run, base, made, tmp_path
):
    folder, _ = made
    run(demo_run, base, tmp_path / "c", **{**EVERYTHING, "seed": 1, "forms": ("concat",), "levels": ("file",)})
    count, found = counter(None, ParallelConfig().vocab_size), table(tmp_path / "c", "parallel")
    for row in found.iter_rows(named=True):
        source, target = programs_of(row)
        assert count(source.decode()) + count(target.decode()) <= LIMIT
    before = table(folder, "parallel").filter((pl.col("form") == "concat") & (pl.col("level") == "file"))
    joined = before.join(found, on="pair_id")
    assert 0 < (joined["direction"] != joined["direction_right"]).sum() < joined.height


def test_a_tokenizer_that_is_none_stops_the_stage_before_any_work(demo_run, base, tmp_path):
    (base / "broken.json").write_text("{}")
    with pytest.raises(ConfigError, match=r"parallel.tokenizer: .*broken.json: no tokenizer.json"):
        run(demo_run, base, tmp_path / "out", tokenizer="broken.json", max_tokens=100)


@pytest.mark.parametrize(
    ("options", "facts", "reason"),
    [
        ({}, [("MIT", True), ("MIT", None)], "contaminated"),
        ({}, [("MIT", False), ("MIT", None)], None),
        ({"refuse_contaminated": False}, [("MIT", True), ("MIT", None)], None),
        ({}, [("Apache-2.0", None), ("GPL-2.0-only", None)], "licence_incompatible"),
        ({"refuse_licences": False}, [("Apache-2.0", None), ("GPL-2.0-only", None)], None),
        ({}, [(None, None), ("own", None)], None),
        ({"require_licence": True}, [("MIT", None), ("own", None)], "licence_unrecognised"),
        ({"require_licence": True}, [("MIT", None), (None, None)], "licence_unrecognised"),
        ({"require_licence": True}, [("MIT", None), ("ISC", None)], None),
    ],
)
def test_the_reason_for_a_refusal(options, facts, reason):
    programs = [{"licence": licence, "contaminated": contaminated} for licence, contaminated in facts]
    found = refusal_of(programs, ParallelConfig(**options))
    assert (found and found.reason) == reason


@pytest.mark.parametrize(
    ("options", "score", "kind", "reason"),
    [
        ({}, 0.0, None, None),
        ({"min_function_score": 0.5}, 0.4, "close", "low_score"),
        ({"min_function_score": 0.5}, None, None, None),
        ({"function_kinds": "close"}, 0.9, "loose", "not_close"),
        ({"function_kinds": "close"}, 0.9, None, "not_close"),
        ({"function_kinds": "close"}, 0.9, "close", None),
    ],
)
def test_the_reason_why_functions_become_no_document(options, score, kind, reason):
    found = function_refusal(score, kind, ParallelConfig(levels=("file", "function"), **options))
    assert (found and found.reason) == reason


def program(number: int) -> str:
    return f"value{number} = compute({number})\n"


ROWS = [
    document("java", "a.java", program(0), licence="Apache-2.0"),
    document("go", "a.go", program(1), licence="GPL-2.0-only"),
    document("java", "b.java", program(2), licence=None),
    document("go", "b.go", program(3), licence="MIT"),
    document("java", "c.java", program(4), licence="LicenseRef-own"),
    document("go", "c.go", program(5), licence="MIT"),
    document("java", "d.java", program(6), licence="MIT", contaminated=True),
    document("go", "d.go", program(7), licence="MIT", contaminated=False),
    document("java", "e.java", "// nothing but a comment\n"),
    document("go", "e.go", program(9)),
    document("java", "f.java", program(10)),
    document("go", "f.go", program(11)),
]


@pytest.mark.parametrize(
    ("options", "refused", "written"),
    [
        ({"comments": "strip"}, {"contaminated": 1, "licence_incompatible": 1, "empty": 1}, "bcf"),
        ({"max_tokens": 5}, {"contaminated": 1, "licence_incompatible": 1, "too_long": 4}, ""),
    ],
)
def test_what_may_not_stand_in_one_text_is_refused_and_counted(corpus_of, tmp_path, options, refused, written):
    lines = [f"{ROWS[n]['id']},{ROWS[n + 1]['id']}" for n in range(0, len(ROWS), 2)]
    (tmp_path / "g.csv").write_text("\n".join(["id_a,id_b", *lines]))
    options |= {"mine": False, "given": ("g.csv",), "forms": ("concat", "group"), "align_functions": False}
    items = both(tmp_path, corpus_of(ROWS), tmp_path / "out", **options).parallel.manifest.counts["items"]
    assert items["file"]["refused"] == refused
    assert items["file"]["written"] == len(written)
    paths = {row["id"]: row["path"][0] for row in ROWS}
    found = table(tmp_path / "out" / "parallel", "parallel").filter(pl.col("form") == "concat")
    assert {paths[i] for i in found["id_source"]} == set(written)
    licences = {row["id"]: row["licence"] for row in ROWS}
    for row in found.iter_rows(named=True):
        assert row["licence_source"] == licences[row["id_source"]]
        assert row["licence_target"] == licences[row["id_target"]]
    group = items["group"]
    assert group["offered"] == group["written"] + sum(group["refused"].values()) == len(ROWS) // 2
    assert group["refused"]["contaminated"] == group["refused"]["licence_incompatible"] == 1
    in_groups = table(tmp_path / "out" / "parallel", "parallel").filter(pl.col("form") == "group")["ids"].explode()
    assert {paths[i] for i in in_groups if i} == set(written)


@pytest.mark.parametrize("forms", [("group",), ("concat", "group")])
def test_what_licences_or_contamination_take_from_groups_is_refused_with_a_row_and_counted(corpus_of, tmp_path, forms):
    licences = [("python", "GPL-2.0-only"), ("go", "Apache-2.0"), ("rust", "MIT"), ("java", "MIT"), ("go", "MIT")]
    rows = [document(x, f"{n}.x", program(n), licence=held) for n, (x, held) in enumerate(licences)]
    rows[3]["contaminated"] = True
    p, g, r, j, other = (row["id"] for row in rows)
    given = "\n".join(["id_a,id_b", f"{p},{g}", f"{g},{r}", f"{j},{other}"])
    (tmp_path / "g.csv").write_text(given)
    options = {"mine": False, "given": ("g.csv",), "forms": forms, "align_functions": False}
    counts = both(tmp_path, corpus_of(rows), tmp_path / "out", **options).parallel.manifest.counts
    refused = table(tmp_path / "out" / "parallel", "refused").filter(pl.col("level") == "group")
    told = {row["reason"]: row for row in refused.iter_rows(named=True)}
    assert counts["items"]["group"] == {
        "offered": 3, "written": 1, "refused": {"contaminated": 1, "licence_incompatible": 1}, "fitted": 0,
        "units_dropped": 0,
    }  # fmt: skip
    assert told["licence_incompatible"]["id_a"] == told["licence_incompatible"]["id_b"] == p
    assert g in told["licence_incompatible"]["detail"]
    assert {told["contaminated"][f"id_{side}"] for side in "ab"} == {j, other}
    (text,) = table(tmp_path / "out" / "parallel", "parallel").filter(pl.col("form") == "group").iter_rows(named=True)
    assert set(text["ids"]) == {g, r}


def test_of_a_group_whose_licences_clash_only_all_at_once_the_largest_part_is_written(corpus_of, tmp_path):
    held = [("python", "EUPL-1.1"), ("go", "Apache-2.0"), ("rust", "GPL-2.0-or-later"), ("java", "MIT")]
    rows = [document(x, f"{n}.x", program(n), licence=licence) for n, (x, licence) in enumerate(held)]
    ids = [row["id"] for row in rows]
    given = [f"{a},{b}" for a, b in combinations(ids, 2)]
    (tmp_path / "g.csv").write_text("\n".join(["id_a,id_b", *given]))
    options = {"mine": False, "given": ("g.csv",), "forms": ("group",), "align_functions": False}
    counts = both(tmp_path, corpus_of(rows), tmp_path / "out", **options).parallel.manifest.counts
    (text,) = table(tmp_path / "out" / "parallel", "parallel").iter_rows(named=True)
    (gone,) = table(tmp_path / "out" / "parallel", "refused").iter_rows(named=True)
    assert len(text["ids"]) == 3 and {*text["ids"], gone["id_a"]} == set(ids) and gone["id_a"] == gone["id_b"]
    assert (gone["reason"], gone["pair_id"]) == ("licence_incompatible", text["pair_id"])
    items = counts["items"]["group"]
    assert (items["offered"], items["written"], items["refused"]) == (2, 1, {"licence_incompatible": 1})


def test_a_corpus_of_one_language_makes_empty_tables(corpus_of, tmp_path):
    options = {**EVERYTHING, "max_tokens": None}
    result = both(tmp_path, corpus_of(ROWS[:1]), tmp_path / "out", **options).parallel
    assert [table(tmp_path / "out" / "parallel", name).height for name in ("parallel", "refused")] == [0, 0]
    nothing = {"offered": 0, "written": 0, "refused": {}, "fitted": 0, "units_dropped": 0}
    assert result.manifest.counts["items"]["group"] == nothing
