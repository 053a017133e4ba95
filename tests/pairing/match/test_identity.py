from hypothesis import given
from hypothesis import strategies as st

from pairing.match.identity import group_id, pair_id


def test_pair_ids_are_stable_and_the_same_from_either_side():
    assert pair_id("x", "y") == pair_id("y", "x") == "5ab1f95cdccfc1d5ef6226bbfb780f5e"
    assert pair_id("x", "y") != pair_id("x", "z")
    assert pair_id("ab", "c") != pair_id("a", "bc")


@given(st.lists(st.text(max_size=4), min_size=1, max_size=5), st.randoms())
def test_group_ids_do_not_depend_on_the_order_of_documents(ids, random):
    shuffled = random.sample(ids, len(ids))
    assert group_id(shuffled) == group_id(ids)
    assert group_id([*ids, "one more"]) != group_id(ids)
    assert len(group_id(ids)) == 32


def test_the_group_of_two_documents_is_called_like_their_pair():
    assert group_id(["y", "x"]) == pair_id("x", "y")
    assert group_id(["ab", "c"]) != group_id(["a", "bc"])
