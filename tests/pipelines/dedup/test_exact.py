"""Exact duplicates: one of each text and language stays, and it is the right one."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import document, write_documents

from pipelines.dedup.exact import DOCUMENTS_PER_TASK, SCHEMA, FindExactDuplicates, exact_losers, read_losers, tasks_for
from pipelines.dedup.keys import read_keys

SOURCES = ("second", "first")
"""In the order of the configuration, which is not that of the alphabet."""


def losers_of(
    folder: Path, files: list[list[dict[str, Any]]], *, tasks: int = 1, enabled: bool = True
) -> pl.DataFrame:
    documents = write_documents(folder / "documents", files)
    step = FindExactDuplicates(documents, folder / "exact", SOURCES, enabled)
    for rank in range(tasks):
        list(step.run(None, rank, tasks))
    return read_losers(folder / "exact").sort("file", "row")


PREFERENCES = [
    ("a known licence", {"licence": "MIT", "path": "long/path/b.py", "source": "first", "is_vendored": True}, {}),
    ("own code", {"path": "long/path/b.py", "source": "first"}, {"is_vendored": True}),
    ("the earlier source", {"source": "second", "path": "long/path/b.py"}, {"source": "first"}),
    ("the shorter path", {"path": "z.py"}, {"path": "aa.py"}),
    ("the path first in order", {"path": "a.py"}, {"path": "b.py"}),
    ("the smaller id", {"id": "0"}, {"id": "1"}),
]


@pytest.mark.parametrize(("why", "better", "worse"), PREFERENCES, ids=[row[0] for row in PREFERENCES])
@pytest.mark.parametrize("swapped", [False, True])
def test_survives(why: str, better: dict[str, Any], worse: dict[str, Any], swapped: bool, tmp_path: Path) -> None:
    rows = [
        document("x = 1\n", **{"source": "second", **better}),
        document("x = 1\n", **{"source": "second", **worse}),
    ]
    survivor = rows[0]["id"]
    files = [[rows[1]], [rows[0]]] if swapped else [[rows[0]], [rows[1]]]
    losers = losers_of(tmp_path, files)
    assert losers["duplicate_of"].to_list() == [survivor], why
    assert losers["id"].to_list() == [rows[1]["id"]]
    assert losers["value"].to_list() == [1.0] and losers.columns == list(SCHEMA)


def test_the_same_text_in_two_languages_stays_twice(tmp_path: Path) -> None:
    rows = [document("x = 1\n", path=f"a.{x}", language=x, source="first") for x in ("python", "rust", "python")]
    rows[2]["id"] = "other"
    losers = losers_of(tmp_path, [rows])
    assert losers.height == 1 and losers["row"].to_list() in ([0], [2])


def test_when_switched_off_only_records_read_twice_go(tmp_path: Path) -> None:
    rows = [document("x\n", path=p, source="first") for p in ("a.py", "b.py", "a.py")]
    losers = losers_of(tmp_path, [rows[:2], rows[2:]], enabled=False)
    assert losers.select("file", "row").rows() == [(1, 0)]


@pytest.mark.parametrize(("documents", "tasks"), [(0, 1), (DOCUMENTS_PER_TASK, 1), (DOCUMENTS_PER_TASK + 1, 16),
                                                  (16 * DOCUMENTS_PER_TASK + 1, 256), (10**12, 4096)])  # fmt: skip
def test_tasks_are_a_power_of_sixteen(documents: int, tasks: int) -> None:
    assert tasks_for(documents) == tasks


def test_dealing_texts_to_sixteen_tasks_changes_nothing(tmp_path: Path) -> None:
    files = [[document(f"text {i % 7}\n", path=f"{f}/{i}.py", source="first") for i in range(15)] for f in range(3)]
    one, many = losers_of(tmp_path / "one", files), losers_of(tmp_path / "many", files, tasks=16)
    assert one.equals(many) and one.height == 45 - 7


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["python", "go"])), max_size=20))
def test_of_each_text_and_language_exactly_the_best_stays(items: list[tuple[str, str]]) -> None:
    keys = pl.DataFrame(
        [(r, 0, r, str(r), language, text) for r, (text, language) in enumerate(items)],
        schema={"rank": pl.UInt32, "file": pl.Int64, "row": pl.Int64, "id": pl.String, "language": pl.String,
                "content_hash": pl.String},
        orient="row",
    )  # fmt: skip
    losers = exact_losers(keys)
    first = {item: str(r) for r, item in reversed(list(enumerate(items)))}
    expected = [(r, first[item]) for r, item in enumerate(items) if first[item] != str(r)]
    assert losers.select("row", "duplicate_of").rows() == expected


def test_ranks_do_not_depend_on_how_documents_were_dealt(tmp_path: Path) -> None:
    rows = [document(f"{i}\n", path=f"{'x' * (i % 3)}{i}.py", source=SOURCES[i % 2], licence=[None, "MIT"][i % 2])
            for i in range(12)]  # fmt: skip
    ranks = []
    for number, files in enumerate(([rows], [rows[::-1][:5], [], rows[::-1][5:]])):
        keys = read_keys(write_documents(tmp_path / str(number), files), SOURCES)
        assert sorted(keys["rank"].to_list()) == list(range(12))
        ranks.append(dict(keys.select("id", "rank").iter_rows()))
    assert ranks[0] == ranks[1]


def test_ranks_of_chosen_documents_compare_as_those_of_all_do(tmp_path: Path) -> None:
    rows = [document(f"{i}\n", path=f"{'x' * (7 * i % 5)}{i}.py", source=SOURCES[i % 2]) for i in range(12)]
    folder = write_documents(tmp_path, [rows[:7], rows[7:]])
    chosen = read_keys(folder, SOURCES, lambda frame: frame.filter(pl.col("row") % 2 == 0))
    every = read_keys(folder, SOURCES).filter(pl.col("row") % 2 == 0)
    assert chosen.sort("rank")["id"].to_list() == every.sort("rank")["id"].to_list() and chosen.height == 7
