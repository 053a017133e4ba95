"""Who is dropped: only in favour of a kept, measured, near document."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.cluster import drop_near_duplicates

THRESHOLD = 0.7

edge_lists = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.permutations(range(n)),
        st.dictionaries(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1]),
            st.sampled_from([0.5, 0.69, 0.7, 0.8, 0.9, 1.0]),
            max_size=25,
        ),
    )
)
Case = tuple[list[int], dict[tuple[int, int], float]]


def drop(rank: list[int], edges: dict[tuple[int, int], float]) -> list[int]:
    pairs = np.array(list(edges), np.int64).reshape(-1, 2)
    return drop_near_duplicates(pairs, np.array(list(edges.values()), float), np.array(rank), THRESHOLD).tolist()


@given(edge_lists)
def test_every_dropped_document_names_a_better_kept_one_that_is_near(case: Case) -> None:
    rank, edges = case
    survivor = drop(rank, edges)
    for node, kept in enumerate(survivor):
        if kept >= 0:
            assert survivor[kept] < 0 and rank[kept] < rank[node]
            assert edges[min(node, kept), max(node, kept)] >= THRESHOLD


@given(edge_lists)
def test_no_two_kept_documents_are_near(case: Case) -> None:
    rank, edges = case
    survivor = drop(rank, edges)
    assert not [e for e, s in edges.items() if s >= THRESHOLD and survivor[e[0]] < 0 and survivor[e[1]] < 0]


@given(edge_lists)
def test_the_survivor_named_is_the_most_similar_kept_one(case: Case) -> None:
    rank, edges = case
    survivor = drop(rank, edges)
    for node, kept in enumerate(survivor):
        near = [
            (-s, rank[other], other)
            for (a, b), s in edges.items()
            for other in ([b] if a == node else [a] if b == node else [])
            if s >= THRESHOLD and rank[other] < rank[node] and survivor[other] < 0
        ]
        assert kept == (min(near)[2] if near else -1)


@given(edge_lists, st.randoms(use_true_random=False))
def test_neither_the_order_of_edges_nor_the_order_inside_them_matters(case: Case, random: object) -> None:
    rank, edges = case
    shuffled = list(edges.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    flipped = np.array([e[::-1] for e, _ in shuffled], np.int64).reshape(-1, 2)
    again = drop_near_duplicates(flipped, np.array([s for _, s in shuffled], float), np.array(rank), THRESHOLD)
    assert drop(rank, edges) == again.tolist()


def test_chains_do_not_remove() -> None:
    # b is like a, c is like b, c is not like a: b goes, c stays
    assert drop([0, 1, 2], {(0, 1): 0.8, (1, 2): 0.8, (0, 2): 0.5}) == [-1, 0, -1]


def test_equal_similarity_goes_to_the_better_document() -> None:
    assert drop([1, 0, 2], {(0, 2): 0.9, (1, 2): 0.9, (0, 1): 0.5}) == [-1, -1, 1]
