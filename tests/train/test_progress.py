import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.progress import Position, Tag, resume, unneeded
from train.schedule import Schedule, legs

LEGS = legs(Schedule("wsd", 1, 0.25, 0.1), [8, 16])  # trunk 0-6, branch 6-8, trunk 6-12, branch 12-16


def test_the_legs_are_what_the_cases_below_assume():
    assert [(leg.start, leg.stop, leg.end) for leg in LEGS] == [(0, 6, None), (6, 8, 8), (6, 12, None), (12, 16, 16)]


@pytest.mark.parametrize("tag", [Tag(0), Tag(12), Tag(7, 8), Tag(123456789, 987654321)])
def test_a_tag_is_read_back_from_its_name(tag):
    assert Tag.parse(tag.name) == tag


@pytest.mark.parametrize("name", ["trunk", "trunk-1", ".tmp-trunk-000000001", "branch-000000001", "model.json"])
def test_other_names_are_no_checkpoints(name):
    assert Tag.parse(name) is None


@pytest.mark.parametrize(
    ("finished", "tags", "expected"),
    [
        ([], [], Position(0, 0, None)),
        ([], [Tag(4)], Position(0, 4, Tag(4))),
        ([], [Tag(4), Tag(6)], Position(1, 6, Tag(6))),
        ([], [Tag(6), Tag(7, 8)], Position(1, 7, Tag(7, 8))),
        ([], [Tag(6), Tag(8, 8)], Position(1, 8, Tag(8, 8))),  # only the measuring is left
        ([8], [Tag(6), Tag(8, 8)], Position(2, 6, Tag(6))),
        ([8], [Tag(6), Tag(10)], Position(2, 10, Tag(10))),
        ([8], [Tag(6), Tag(12)], Position(3, 12, Tag(12))),
        ([8], [Tag(12), Tag(14, 16)], Position(3, 14, Tag(14, 16))),
        ([8], [], Position(0, 0, None)),  # checkpoints were removed: the trunk is done again
        ([8, 16], [Tag(12)], None),
    ],
)
def test_a_run_goes_on_from_the_furthest_checkpoint(finished, tags, expected):
    assert resume(LEGS, finished, tags) == expected


def test_a_point_that_is_added_later_goes_on_from_the_trunk():
    longer = legs(Schedule("wsd", 1, 0.25, 0.1), [8, 16, 32])
    found = resume(longer, [8, 16], [Tag(12)])
    assert found is not None and found.tag == Tag(12) and longer[found.leg].end is None


def test_the_start_of_the_next_branch_is_kept_however_few_are():
    tags = [Tag(4), Tag(6), Tag(7, 8)]
    assert unneeded(tags, LEGS, [], keep=1) == [Tag(4)]


def test_what_belongs_to_a_measured_branch_goes():
    assert unneeded([Tag(6), Tag(7, 8), Tag(8, 8)], LEGS, [8], keep=3) == [Tag(7, 8), Tag(8, 8)]


def test_the_end_of_the_trunk_stays_when_all_is_measured():
    assert unneeded([Tag(6), Tag(12), Tag(15, 16)], LEGS, [8, 16], keep=1) == [Tag(6), Tag(15, 16)]


@given(st.sets(st.integers(0, 12)), st.sets(st.integers(7, 8)), st.integers(1, 3), st.booleans())
def test_pruning_never_sets_a_run_back(trunk, branch, keep, measured):
    tags = [Tag(step) for step in trunk if step <= 6 or measured] + [Tag(step, 8) for step in branch]
    finished = [8] if measured else []
    left = [tag for tag in tags if tag not in unneeded(tags, LEGS, finished, keep)]
    assert resume(LEGS, finished, left) == resume(LEGS, finished, tags)
