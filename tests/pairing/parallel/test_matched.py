import os
from bisect import bisect_right
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairing.parallel.fit import Match
from pairing.parallel.group_pairs import group_pairs, read_group_matches
from pairing.parallel.group_table import SCHEMA
from pairing.parallel.matched import Matches, matches_of

found = st.lists(
    st.builds(Match, st.integers(0, 2**31 - 1), st.integers(0, 9), st.floats(0, 1), st.none()), max_size=4
)


def save(folder: Path, tasks: list[list[list[Match]]]) -> list[int]:
    bounds = [0]
    for rank, pairs in enumerate(tasks):
        made = Matches()
        for each in pairs:
            made.add(each)
        made.save(folder, rank)
        bounds.append(bounds[-1] + len(pairs))
    return bounds


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(st.lists(found, min_size=1, max_size=5), min_size=1, max_size=4), st.data())
def test_the_matches_of_any_pairs_are_read_as_they_were_written(tmp_path, tasks, data):
    bounds = save(tmp_path, tasks)
    wanted = sorted(data.draw(st.sets(st.integers(0, bounds[-1] - 1))))
    every = [each for pairs in tasks for each in pairs]
    assert list(matches_of(tmp_path, bounds, wanted)) == [every[pair] for pair in wanted]


def bytes_read() -> int:
    return int(Path("/proc/self/io").read_text().split("rchar: ")[1].split()[0])


def test_a_pair_costs_the_same_however_many_there_are(tmp_path):
    costs = []
    for tasks in (2, 8, 32):
        bounds = save(tmp_path / str(tasks), [[[Match(n, n, 0.5)] * 50 for n in range(200)] for _ in range(tasks)])
        before = bytes_read()
        list(matches_of(tmp_path / str(tasks), bounds, [7, 250]))
        costs.append(bytes_read() - before)
    assert max(costs) - min(costs) < 500 and max(costs) < 2 * (50 + 1) * 16 + 500
    assert os.listdir(tmp_path / "32") and bisect_right(bounds, 250) == 2


def test_a_task_reads_the_pairs_inside_its_groups(tmp_path):
    # p is in two groups that bear one name, and the pair p-r is in none
    places = [("x", 0, "p"), ("x", 0, "g"), ("x", 5, "p"), ("x", 5, "j"), ("y", 7, "q"), ("y", 7, "r"), ("y", 7, "s")]
    empty = {name: None for name in ("score", "language", "file", "row", "bytes")}
    rows = [{"group": name, "root": root, "id": i, **empty} for name, root, i in places]
    groups = pl.DataFrame(rows, schema=SCHEMA)
    ids = [("p", "g"), ("r", "q"), ("p", "r"), ("p", "j"), ("q", "s")]
    inside = group_pairs(groups, pl.DataFrame(ids, schema=["id_a", "id_b"], orient="row"))
    assert inside.rows() == [(0, 0, 0, 1), (2, 3, 2, 3), (4, 1, 5, 4), (4, 4, 4, 6)]
    inside.write_parquet(tmp_path / "inside.parquet")
    bounds = save(tmp_path, [[[Match(n, n, 0.5)]] * 1 for n in range(5)])
    read = read_group_matches(tmp_path / "inside.parquet", groups["id"].to_list()[2:], 2, tmp_path, bounds)
    assert {pair: each[0].a for pair, each in read.items()} == {("r", "q"): 1, ("p", "j"): 3, ("q", "s"): 4}
    assert read_group_matches(tmp_path / "inside.parquet", [], 7, tmp_path, bounds) == {}
