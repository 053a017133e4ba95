from collections.abc import Iterator
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.config import ParallelConfig
from pairing.match.connect import connect
from pairing.parallel.directions import balanced, draw
from pairing.parallel.group_table import group_table, group_tables
from pairing.parallel.licences import Verdict, judge

programs = st.integers(0, 11)
links = st.lists(st.tuples(programs, programs, st.floats(0, 1)), max_size=30)


@given(st.lists(st.integers(0, 4), min_size=12, max_size=12), links)
def test_a_group_has_one_program_of_a_language_and_is_connected_by_its_pairs(languages, found):
    found = [(a, b, s) for a, b, s in found if languages[a] != languages[b]]
    a, b, score = (np.array(column) for column in zip(*found, strict=True)) if found else (np.empty(0, int),) * 3
    root = connect(a, b, np.array(languages), score.astype(float))
    for number in set(root.tolist()):
        members = np.flatnonzero(root == number)
        assert number == members.min()
        assert len({languages[m] for m in members}) == len(members)
        reached, grown = {int(members[0])}, True
        while grown:
            more = {y for x, y in ((p, q) for p, q, _ in found) if x in reached and root[y] == number}
            more |= {x for x, y in ((p, q) for p, q, _ in found) if y in reached and root[x] == number}
            grown = not more <= reached
            reached |= more
        assert reached == set(members.tolist())
    for p, q, _ in found:  # apart only where both groups have a program of one language
        if root[p] != root[q]:
            held = [{languages[m] for m in np.flatnonzero(root == root[x])} for x in (p, q)]
            assert held[0] & held[1]


def test_the_surest_pairs_come_first():
    # python 0 and 3, java 1, go 2: the chain 0-1-2-3 would hold python twice
    a, b = np.array([0, 1, 2]), np.array([1, 2, 3])
    assert connect(a, b, np.array([0, 1, 2, 0]), np.array([0.9, 0.5, 0.8])).tolist() == [0, 0, 2, 2]
    assert connect(a, b, np.array([0, 1, 2, 0]), np.array([0.9, 0.8, 0.5])).tolist() == [0, 0, 0, 3]


def test_a_chain_of_a_hundred_thousand_programs_is_connected_in_bounded_time():
    count = 100_000
    root = connect(np.arange(count - 1), np.arange(1, count), np.arange(count) % 7, np.ones(count - 1))
    assert np.bincount(root).max() == 7


def pairs(rows: list[tuple], **more) -> pl.DataFrame:
    names = {"id_a": 0, "language_a": 1, "id_b": 2, "language_b": 3, "score": 4}
    data = {name: [row[place] for row in rows] for name, place in names.items()}
    for side in "ab":
        ids = [int(i[1:]) for i in data[f"id_{side}"]]
        data |= {f"file_{side}": [0] * len(ids), f"row_{side}": ids, f"bytes_{side}": [10] * len(ids)}
        data[f"licence_{side}"] = ["MIT"] * len(ids)
    schema = {"contaminated": pl.Boolean, "score": pl.Float32}
    return pl.DataFrame(data | {"contaminated": [None] * len(rows)} | more, schema_overrides=schema)


ROWS = [("p0", "python", "j1", "java", 0.9), ("p0", "python", "g2", "go", 0.8), ("j3", "java", "g4", "go", 0.7)]


def test_groups_are_the_connected_pairs_with_their_lowest_score():
    found = group_table(pairs(ROWS), 0)
    groups = {
        tuple(sorted(ids)): score
        for ids, score in found.group_by("group").agg("id", pl.col("score").first()).select("id", "score").iter_rows()
    }
    assert groups.keys() == {("g2", "j1", "p0"), ("g4", "j3")}
    assert np.allclose(sorted(groups.values()), [0.7, 0.8])
    assert found["group"].is_sorted()
    assert found["row"].to_list() == [int(i[1:]) for i in found["id"]]


def test_the_groups_of_the_pairs_are_taken_where_there_are_any():
    found = group_table(pairs(ROWS, group_id=["x", "y", "y"]), 0)
    groups = {(name, frozenset(part["id"])) for (name, _), part in found.group_by("group", "root")}
    assert groups == {("x", frozenset({"p0", "j1"})), ("y", frozenset({"p0", "g2"})), ("y", frozenset({"j3", "g4"}))}


def test_the_order_in_a_group_is_drawn_by_the_seed():
    orders = {tuple(group_table(pairs(ROWS), seed)["id"]) for seed in range(12)}
    assert len(orders) > 3
    again = [group_table(pairs(rows), 0)["id"].to_list() for rows in (ROWS, ROWS[::-1])]
    assert again[0] == again[1]


def test_pairs_that_may_not_stand_in_one_text_make_no_group():
    frame = pairs(ROWS, licence_b=["GPL-2.0-only", "MIT", "MIT"], licence_a=["Apache-2.0"] * 3)
    assert set(group_tables(frame, ParallelConfig())[0]["id"]) == {"p0", "g2", "j3", "g4"}
    assert set(group_tables(frame, ParallelConfig(refuse_licences=False))[0]["id"]) == {"p0", "j1", "g2", "j3", "g4"}
    frame = pairs(ROWS, contaminated=[None, False, True])
    assert set(group_tables(frame, ParallelConfig())[0]["id"]) == {"p0", "j1", "g2"}
    assert not any(made.height for made in group_tables(frame.clear(), ParallelConfig()))


def left_out(frame: pl.DataFrame, **options) -> list[tuple]:
    return group_tables(frame, ParallelConfig(**options))[1].rows()


def test_a_program_or_a_group_that_is_left_out_is_told_with_the_reason():
    named = pairs(
        ROWS, group_id=["x", "x", "y"], licence_a=["Apache-2.0"] * 3, licence_b=["GPL-2.0-only", "MIT", "MIT"]
    )
    conflict = ("x", "j1", "j1", "java", "java", "licence_incompatible", "with p0: Apache-2.0, GPL-2.0-only")
    assert left_out(named) == [conflict]
    assert left_out(named, refuse_licences=False) == []
    (whole,) = left_out(named.with_columns(contaminated=pl.Series([None, None, True])), refuse_licences=False)
    assert whole[0] == "y" and {whole[1:4:2], whole[2:5:2]} == {("j3", "java"), ("g4", "go")}
    assert whole[5:] == ("contaminated", "")
    (alone,) = left_out(named.with_columns(contaminated=pl.Series([None, True, None])), refuse_licences=False)
    assert alone == ("x", "g2", "g2", "go", "go", "contaminated", "with p0")


def clashing(**licences: str) -> pl.DataFrame:
    """All pairs of a group whose programs have these licences."""
    languages = dict(zip(licences, ("python", "java", "go", "rust", "csharp"), strict=False))
    rows = [(a, languages[a], b, languages[b], 0.5) for a, b in combinations(licences, 2)]
    sides = {f"licence_{side}": [licences[row[at]] for row in rows] for side, at in (("a", 0), ("b", 2))}
    return pairs(rows, group_id=["x"] * len(rows), **sides)


def test_of_a_group_whose_licences_do_not_go_together_the_largest_part_stays_and_the_rest_is_told():
    frame = clashing(p0="EUPL-1.1", j1="Apache-2.0", g2="GPL-2.0-or-later", r3="MIT", c4="GPL-3.0-only")
    groups, lost = group_tables(frame, ParallelConfig())
    assert sorted(groups["id"]) == ["c4", "g2", "j1", "r3"]
    order = [i for i in group_table(frame, 0)["id"] if i != "p0"]
    assert groups["id"].to_list() == order  # as they stood in the whole
    held = {"j1": "Apache-2.0", "g2": "GPL-2.0-or-later", "r3": "MIT", "c4": "GPL-3.0-only"}
    detail = f"EUPL-1.1, beside {', '.join(held[i] for i in order)}"
    # p0 and c4 do not go together either, and j1, g2 and p0 only two by two
    assert lost.rows() == [("x", "p0", "p0", "python", "python", "licence_incompatible", detail)]
    assert group_tables(frame, ParallelConfig(refuse_licences=False))[1].rows() == []


@pytest.mark.parametrize("seed", range(4))
def test_of_equally_large_parts_the_one_that_stands_first_is_kept(seed):
    frame = clashing(p0="Apache-2.0", j1="GPL-2.0-only", g2="MIT")
    first = next(i for i in group_table(frame, seed)["id"] if i != "g2")
    for rows in (frame, frame.reverse()):
        groups, lost = group_tables(rows, ParallelConfig(seed=seed))
        assert set(groups["id"]) == {first, "g2"} and lost["id_a"].to_list() == [({"p0", "j1"} - {first}).pop()]


LICENCES = st.sampled_from([None, "MIT", "Apache-2.0", "GPL-2.0-only", "EUPL-1.1", "GPL-2.0-or-later OR CDDL-1.0"])


@given(st.lists(LICENCES, min_size=2, max_size=5), st.integers(0, 3))
def test_whatever_the_licences_every_program_is_written_or_told_and_texts_are_allowed(licences, seed):
    held = {
        f"{letter}{number}": licence for number, (letter, licence) in enumerate(zip("pjgrc", licences, strict=False))
    }
    groups, lost = group_tables(clashing(**held), ParallelConfig(seed=seed))
    told = set(lost["id_a"]) | set(lost["id_b"]) if groups.height else set(held)
    assert sorted([*groups["id"], *told]) == sorted(held)
    texts = [part["id"].to_list() for part in groups.partition_by("group", "root")] if groups.height else []
    assert all(judge(held[i] for i in text) is not Verdict.INCOMPATIBLE for text in texts)
    largest = max(len(part) for part in allowed_parts(list(held.values())))
    assert max(map(len, texts), default=1) == max(1, largest)


def allowed_parts(licences: list[str | None]) -> Iterator[tuple[str | None, ...]]:
    for size in range(len(licences) + 1):
        yield from (part for part in combinations(licences, size) if judge(part) is not Verdict.INCOMPATIBLE)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.booleans()), max_size=9, unique_by=tuple))
def test_every_program_of_a_pair_is_in_a_group_or_left_out(drawn):
    names = {"a": "python", "b": "go", "c": "rust"}
    found = {(x, y): bad for x, y, bad in drawn if x < y}
    rows = [(f"{'abc'.index(x)}" * 2, names[x], f"{'abc'.index(y)}" * 2, names[y], 0.5) for x, y in found]
    frame = pairs(rows, group_id=["g"] * len(rows)).with_columns(
        contaminated=pl.Series(list(found.values()), dtype=pl.Boolean)
    )
    groups, lost = group_tables(frame, ParallelConfig())
    told = set(lost["id_a"]) | set(lost["id_b"])
    wanted = {i for row in rows for i in (row[0], row[2])}
    assert not told & set(groups["id"])
    if groups.height:
        assert told | set(groups["id"]) == wanted and (lost["id_a"] == lost["id_b"]).all()
    else:
        assert lost.height == bool(rows)


@given(
    st.lists(st.tuples(st.sampled_from(["file", "function"]), st.sampled_from(["go", "rust"])), max_size=40),
    st.integers(0, 5),
)
def test_balanced_directions_differ_by_one_at_most_and_do_not_depend_on_the_order_of_rows(items, seed):
    rows = [
        {
            "level": level,
            "language_a": "python",
            "language_b": b,
            "pair_id": f"{n}",
            "item": "",
            "draw": draw(seed, f"{n}"),
        }
        for n, (level, b) in enumerate(items)
    ]
    schema = {"level": pl.String, "language_a": pl.String, "language_b": pl.String, "pair_id": pl.String,
              "item": pl.String, "draw": pl.Int64}  # fmt: skip
    forward = balanced(pl.DataFrame(rows, schema=schema), seed)
    for level in ("file", "function"):
        for language in ("go", "rust"):
            own = [f for f, r in zip(forward, rows, strict=True) if (r["level"], r["language_b"]) == (level, language)]
            assert abs(2 * sum(own) - len(own)) <= 1
    assert balanced(pl.DataFrame(rows[::-1], schema=schema), seed)[::-1].tolist() == forward.tolist()


def test_the_seed_changes_directions():
    rows = [
        {"level": "file", "language_a": "go", "language_b": "rust", "pair_id": f"{n}", "item": ""} for n in range(40)
    ]
    found = [balanced(pl.DataFrame([r | {"draw": draw(s, r["pair_id"])} for r in rows]), s).tolist() for s in (0, 1)]
    assert found[0] != found[1]
