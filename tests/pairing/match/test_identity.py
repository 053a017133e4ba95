import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.match.identity import group_id, mutual_best, pair_id

edges = st.dictionaries(st.tuples(st.integers(0, 8), st.integers(0, 8)), st.integers(0, 3), max_size=40)


def chosen(scored: dict) -> set[tuple[int, int]]:
    a, b = (np.array([pair[side] for pair in scored], np.int64) for side in (0, 1))
    score = np.array(list(scored.values()), float)
    return {(int(a[i]), int(b[i])) for i in mutual_best(a, b, score)}


@settings(max_examples=200, deadline=None)
@given(edges, st.randoms())
def test_a_match_is_one_to_one_best_for_both_and_does_not_depend_on_order(scored, random):
    found = chosen(scored)
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)
    for a, b in found:
        rivals = [s for (x, y), s in scored.items() if x == a or y == b]
        assert scored[a, b] == max(rivals)
    shuffled = list(scored.items())
    random.shuffle(shuffled)
    assert chosen(dict(shuffled)) == found
    if scored:
        top = max(scored.values())  # the first of the best pairs always counts
        assert min(pair for pair, score in scored.items() if score == top) in found


def test_ties_go_to_the_smaller_number():
    assert chosen({(0, 1): 1, (0, 0): 1, (1, 0): 1, (1, 1): 1}) == {(0, 0)}


def test_a_better_rival_takes_the_place():
    assert chosen({(0, 0): 0.5, (1, 0): 0.6, (0, 1): 0.4}) == {(1, 0)}  # 0 and 1 are not best for each other


def test_no_candidates_give_no_pairs():
    assert chosen({}) == set()


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
