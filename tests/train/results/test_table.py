import json
import os
import random
import signal
import time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import StageError
from contracts.runs import runs_table
from train.results import lock, parts
from train.results.table import JSONL, LOCK, PARQUET, POINTS, RunsTable

from .rows import row
from .writers import WRITERS, owned, start

ROWS = [
    row(f"run{number}", sequences=10 * size, components=components, loss=number + 1.0)
    for number, components in enumerate((("go",), ("go", "python"), ("prose", "parallel"), ("python->go",)))
    for size in (1, 2)
]


def points(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / POINTS).iterdir())


def test_rows_come_back_in_a_table_with_the_columns_of_all_components(tmp_path):
    table = RunsTable(tmp_path / "new" / "runs")
    assert table.add(ROWS) == len(ROWS)
    frame = table.read()
    assert frame.height == len(ROWS)
    assert frame.columns[: len(runs_table(()).names)] == runs_table(()).names
    by_run = {(r["run_id"], r["tokens"]): r for r in frame.to_dicts()}
    for given_row in ROWS:
        found = by_run[given_row["run_id"], given_row["tokens"]]
        assert {name: found[name] for name in given_row} == given_row
    assert table.rows() == sorted(ROWS, key=lambda r: (r["run_id"], r["tokens"]))
    assert table.points("run1") == {r["tokens"] for r in ROWS if r["run_id"] == "run1"}
    assert table.points("other") == set()


def test_both_files_hold_the_same_with_types_and_meanings(tmp_path):
    RunsTable(tmp_path).add(ROWS)
    schema = pq.read_schema(tmp_path / PARQUET)
    components = ("python", "go", "prose", "parallel", "python->go")
    expected = runs_table(components, components).schema
    assert schema.equals(expected, check_metadata=False)
    assert schema.field("p_prose").metadata == expected.field("p_prose").metadata
    lines = [json.loads(line) for line in (tmp_path / JSONL).read_text().splitlines()]
    assert lines == pl.read_parquet(tmp_path / PARQUET).to_dicts() == RunsTable(tmp_path).read().to_dicts()


@settings(max_examples=15)
@given(st.lists(st.lists(st.sampled_from(range(len(ROWS))), max_size=4), min_size=1, max_size=5))
def test_the_order_and_number_of_times_rows_are_added_change_nothing(batches):
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        one, two = RunsTable(first), RunsTable(second)
        new = sum(one.add([ROWS[number] for number in batch]) for batch in batches)
        wanted = sorted({number for batch in batches for number in batch}, reverse=True)
        two.add([ROWS[number] for number in wanted])
        assert new == len(wanted)
        assert (one.folder / JSONL).read_bytes() == (two.folder / JSONL).read_bytes()
        assert (one.folder / PARQUET).read_bytes() == (two.folder / PARQUET).read_bytes()


def test_the_same_point_measured_again_keeps_its_first_row(tmp_path):
    table = RunsTable(tmp_path)
    table.add([row()])
    before = (tmp_path / PARQUET).stat().st_mtime_ns, points(tmp_path)
    assert table.add([row() | {"seconds": 9.0, "device": "H100", "finished": "2027-01-01T00:00:00Z"}]) == 0
    assert table.rows() == [row()]
    assert ((tmp_path / PARQUET).stat().st_mtime_ns, points(tmp_path)) == before  # nothing was written


def test_another_row_of_a_point_is_refused_naming_both(tmp_path):
    table = RunsTable(tmp_path)
    table.add([row()])
    changed = row(loss=4.0) | {"device": "H100"}
    with pytest.raises(StageError) as error:
        table.add([changed])
    for text in (
        "ab12-0000000000012800-000.json holds another row of run ab12 at 12,800 tokens",
        "loss_go: 3.0, now 4.0",
        "on cpu; the new one",
        "on H100 and differs in 4 columns",
        "replace=True",
    ):
        assert text in str(error.value)
    assert table.rows() == [row()]


def test_a_row_takes_the_place_of_another_only_when_told(tmp_path):
    table = RunsTable(tmp_path)
    table.add([row()])
    for loss in (4.0, 5.0):
        assert table.add([row(loss=loss)], replace=True) == 1
        assert table.rows() == [row(loss=loss)]
        assert table.read()["loss_go"].to_list() == [loss]
    assert table.add([row(loss=5.0)], replace=True) == 0
    assert len(points(tmp_path)) == 3
    with pytest.raises(StageError, match=r"-002\.json holds another row"):
        table.add([row()])


def test_tables_of_two_machines_become_one(tmp_path):
    here, there = RunsTable(tmp_path / "here"), RunsTable(tmp_path / "there")
    here.add(ROWS[:5])
    there.add(ROWS[3:])
    assert here.add(there.rows()) == len(ROWS) - 5
    assert here.add(there.rows()) == 0
    assert here.read().height == len(ROWS)


def test_what_is_no_row_is_refused_and_nothing_is_added(tmp_path):
    table = RunsTable(tmp_path)
    with pytest.raises(StageError, match="not a row of the runs table: ab12, 12800 tokens: loss_go is nan"):
        table.add([ROWS[0], row() | {"loss_go": float("nan")}])
    assert not (tmp_path / POINTS).exists()


def test_losses_of_different_tokenizers_are_kept_and_refused_where_they_must_compare(tmp_path):
    table = RunsTable(tmp_path)
    table.add([row("a"), row("b")])
    assert table.read(require_same_tokenizer=True).height == 2
    table.add([row("c", tokenizer_hash="0123456789abcdef")])
    assert table.read().height == 3
    with pytest.raises(StageError, match=r"rows of 2 tokenizers.*: t \(2 rows\), 0123456789ab \(1 rows\)"):
        table.read(require_same_tokenizer=True)


def test_a_folder_without_a_table_is_an_error_and_an_empty_table_is_none(tmp_path):
    with pytest.raises(StageError, match="no runs table here"):
        RunsTable(tmp_path / "absent").read()
    (tmp_path / POINTS).mkdir()
    assert RunsTable(tmp_path).read().shape == (0, len(runs_table(()).names))


def test_a_damaged_point_stops_readers_and_only_warns_writers(tmp_path):
    table = RunsTable(tmp_path)
    table.add([row("a")])
    path = tmp_path / POINTS / points(tmp_path)[0]
    text = path.read_text()
    path.write_text(text[:100])
    assert table.read().height == 1  # nothing has changed since the table was made
    with pytest.warns(UserWarning, match=r"runs\.parquet is not up to date: .*a-0000000000012800-000\.json: not a"):
        assert table.add([row("b")]) == 1
    with pytest.raises(StageError, match=r"a-0000000000012800-000\.json: not a point"):
        table.read()
    path.write_text(text)
    assert table.read()["run_id"].to_list() == ["a", "b"]


@pytest.mark.parametrize("name", [PARQUET, JSONL, POINTS])
def test_a_table_that_was_left_behind_is_made_again(tmp_path, name):
    table = RunsTable(tmp_path)
    table.add(ROWS)
    whole = table.read()
    if name == PARQUET:
        (tmp_path / PARQUET).write_bytes(b"PAR1 cut")
    elif name == JSONL:  # killed before the table that it belongs to
        (tmp_path / PARQUET).unlink()
        (tmp_path / JSONL).unlink()
    else:  # killed after the point, before the table
        extra = row("last")
        parts.create(parts.path_of(tmp_path / POINTS, ("last", extra["tokens"]), 0), extra)
        assert table.read().height == len(ROWS) + 1
        return
    assert table.read().equals(whole)
    assert len((tmp_path / JSONL).read_text().splitlines()) == len(ROWS)


def test_a_lock_that_hangs_is_not_waited_for_forever(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.1)
    with lock.held(tmp_path / LOCK, 0.1) as first:
        with lock.held(tmp_path / LOCK, 0.1) as second:
            assert (first, second) == (True, False)
        assert RunsTable(tmp_path).add([row()]) == 1
    with lock.held(tmp_path / LOCK, 0.1) as third:
        assert third


@pytest.mark.parametrize("locks", [True, False])
def test_eight_writers_that_are_killed_leave_every_row_once(tmp_path, locks):
    folder = tmp_path / "runs"
    random_state = random.Random(0)
    running = {worker: start(folder, worker, locks) for worker in range(WRITERS)}
    until = time.monotonic() + 60
    killed = 0
    while running:
        assert time.monotonic() < until
        time.sleep(random_state.uniform(0, 0.05))
        worker = random_state.choice(sorted(running))
        process = running[worker]
        if killed < 16 and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            killed += 1
            running[worker] = start(folder, worker, locks)
            check(folder)
        elif not process.is_alive():
            if process.exitcode == 0:
                del running[worker]
            else:
                raise AssertionError(f"writer {worker} ended with {process.exitcode}")
    assert killed > 5
    expected = [given_row for worker in range(WRITERS) for given_row in owned(worker)]
    assert pl.read_parquet(folder / PARQUET).height == len(expected)
    frame = RunsTable(folder).read()
    assert frame.select("run_id", "tokens").is_unique().all() and frame.height == len(expected)
    assert RunsTable(folder).rows() == sorted(expected, key=lambda r: (r["run_id"], r["tokens"]))
    assert len((folder / JSONL).read_text().splitlines()) == len(expected)
    assert len(points(folder)) >= len(expected)


def check(folder: Path) -> None:
    """At any moment both files are whole."""
    if (folder / PARQUET).exists():
        frame = pl.read_parquet(BytesIO((folder / PARQUET).read_bytes()))  # opened once
        assert frame.select("run_id", "tokens").is_unique().all()
    if (folder / JSONL).exists():
        for line in (folder / JSONL).read_text().splitlines():
            json.loads(line)
