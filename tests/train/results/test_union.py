import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.runs import COSTS, runs_table
from train.results.union import completed, differences, faults, union

from .rows import row

COMPONENTS = st.lists(st.sampled_from(["go", "python", "prose", "parallel", "go->rust"]), min_size=1, unique=True)


@given(st.lists(COMPONENTS, max_size=5))
def test_the_union_has_every_column_once_and_every_number_where_it_was(mixtures):
    rows = [row(f"run{number}", components=components) for number, components in enumerate(mixtures)]
    table, found = union(reversed(rows))
    assert set(table.names) == set(runs_table(()).names).union(*rows)
    assert len(set(table.names)) == len(table.names)
    assert [line["run_id"] for line in found] == [line["run_id"] for line in rows]
    for before, after in zip(rows, found, strict=True):
        assert {name: after[name] for name in before} == before
        assert sum(value for name, value in after.items() if name.startswith("p_")) == pytest.approx(1)
        absent = {name: value for name, value in after.items() if name not in before}
        assert set(absent.values()) <= {None, 0.0}
        assert all((value is None) != name.startswith("p_") for name, value in absent.items())


def test_columns_stand_in_the_order_of_every_table():
    table, _ = union([row("a", components=("rust", "zig", "parallel")), row("b", components=("python", "docs"))])
    shares = [name for name in table.names if name.startswith("p_")]
    assert shares == ["p_python", "p_rust", "p_docs", "p_zig", "p_parallel"]


def test_costs_do_not_make_another_row():
    costs = {name: f"other {row()[name]}" for name in COSTS}
    assert differences(row(), row() | costs) == []
    assert len(COSTS) == 7


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (row(loss=4.0), ["loss_python: 3.0, now 4.0", "loss_go: 3.0, now 4.0"]),
        (row(annealed=False), ["annealed: True, now False"]),
        (row(scores='{"bleu": 1.0}'), ['scores: None, now {"bleu": 1.0}']),
    ],
)
def test_what_was_measured_does(now, expected):
    found = differences(row(), now)
    assert [line for line in found if not line.startswith("bpb_")] == expected


def test_a_column_more_or_less_is_a_difference():
    small, large = row(components=("go",)), row(components=("go", "rust"))
    assert "loss_rust: absent, now 3.0" in differences(small, large)
    assert "loss_rust: 3.0, now absent" in differences(large, small)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"more": 1}, "columns missing or unknown: more"),
        ({"p_rust": 0.5}, "columns missing or unknown: epochs_rust, unique_rust"),
        ({"seed": None}, "no value for seed"),
        ({"p_go": None}, "no value for p_go"),
        ({"loss_go": math.nan}, "loss_go is nan"),
        ({"flops": math.inf}, "flops is inf"),
        ({"tokens": "many"}, "tokens is 'many', no int64"),
        ({"steps": 1.5}, "steps is 1.5, no int64"),
        ({"steps": True}, "steps is True, no int64"),
        ({"ranks": 2**31}, "ranks is 2147483648, no int32"),
        ({"annealed": 1}, "annealed is 1, no bool"),
        ({"rung": 7}, "rung is 7, no string"),
        ({"flops": "1"}, "flops is '1', no double"),
        ({"tokens": 0}, "tokens 0"),
        ({"tokens": 10**16}, "tokens 10000000000000000"),
        ({"run_id": "../up"}, r"run_id '\.\./up'"),
        ({"run_id": ""}, "run_id ''"),
    ],
)
def test_what_is_no_row_is_told(changes, message):
    found = faults(row() | changes)
    assert len(found) == 1
    assert re.search(message, found[0])


def test_a_row_of_an_older_version_gets_null_for_what_it_did_not_know():
    old = row()
    del old["scores"], old["unseen_loss"]
    assert faults(old) and faults(completed(old)) == []
    assert completed(old) == row()
    del old["seed"]
    with pytest.raises(ValueError, match="columns missing or unknown: seed; perhaps of another version"):
        completed(old)
