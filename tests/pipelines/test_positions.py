"""Fetching by position, and cutting work into blocks."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import document, write_documents

from pipelines.positions import blocks, fetch, filtered, without_rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = [
        [document(f"{file}:{row}", path=f"{file}/{row}") for row in range(count)]
        for file, count in ((0, 8), (1, 0), (2, 7))
    ]
    return write_documents(tmp_path, files)


@pytest.mark.parametrize(
    "wanted",
    [
        [(0, 0)],
        [(2, 6), (0, 0), (0, 7), (2, 0), (0, 3)],
        [(0, 2), (0, 2), (2, 5), (0, 2)],
        [(f, r) for r in range(6, -1, -1) for f in (2, 0)],
    ],
)
def test_documents_come_in_the_order_asked_for_duplicates_included(
    folder: Path, wanted: list[tuple[int, int]]
) -> None:
    assert pq.ParquetFile(folder / "00000.parquet").num_row_groups == 3
    table = fetch(folder, np.array(wanted, np.int64), ["content", "path"])
    assert table["content"].to_pylist() == [f"{f}:{r}" for f, r in wanted]
    assert table.column_names == ["content", "path"]


def test_nothing_asked_for_is_an_error(folder: Path) -> None:
    with pytest.raises(ValueError, match="no positions"):
        fetch(folder, np.empty((0, 2), np.int64), ["content"])


@pytest.mark.parametrize("dropped", [[], [0], [2, 3], [7], list(range(8)), [0, 1, 2]])
def test_filtered_leaves_out_exactly_the_dropped_rows(folder: Path, dropped: list[int]) -> None:
    with pq.ParquetFile(folder / "00000.parquet") as file:
        kept = [v for table in filtered(file, np.array(dropped, np.int64)) for v in table["content"].to_pylist()]
    assert kept == [f"0:{row}" for row in range(8) if row not in dropped]


def test_without_rows_goes_by_the_value_of_a_column(folder: Path) -> None:
    with pq.ParquetFile(folder / "00000.parquet") as file:
        kept = [v for t in without_rows(file, "path", np.array(["0/1", "0/6"])) for v in t["path"].to_pylist()]
    assert kept == [f"0/{row}" for row in (0, 2, 3, 4, 5, 7)]


@given(st.lists(st.integers(0, 50), max_size=30), st.integers(1, 60))
def test_blocks_cover_everything_once_and_keep_their_limit(sizes: list[int], limit: int) -> None:
    cut = list(blocks(np.array(sizes, np.int64), limit))
    assert [i for part in cut for i in range(part.start, part.stop)] == list(range(len(sizes)))
    for part in cut:
        assert sum(sizes[part]) <= limit or part.stop - part.start == 1
