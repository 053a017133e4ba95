import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from pairing.match.adapt import adapted, estimated
from pairing.score.model import Logistic, PairModel
from pairing.score.prevalence import PLAUSIBLE, below

from ..score.conftest import graph_of, graphs

NONE = Logistic((), (), 0.0)
MODEL = PairModel(NONE, NONE, 0.3, (), calibrated=0.4, prevalence=((2, 0.15), (3, 0.3), (7, 0.38)), note="")


def side_by_side(languages: int, programs: int):
    """Programs of some languages, each a candidate with its counterpart in every other one."""
    pairs = [(x, y) for x in range(languages) for y in range(x + 1, languages)]
    edges = sorted((x * programs + n, y * programs + n, 0.5) for x, y in pairs for n in range(programs))
    return graph_of((programs,) * languages, edges)


@given(graphs(), st.integers(0, 99))
def test_what_is_not_plausible_says_nothing(graph, seed):
    probability = np.random.default_rng(seed).choice([PLAUSIBLE / 2, 0.2, 0.9], len(graph.a))
    found = estimated(graph, probability, MODEL)
    assert (found is None) == (not (probability > PLAUSIBLE).any())
    if found is not None:
        assert found == estimated(graph.only(probability > PLAUSIBLE), probability[probability > PLAUSIBLE], MODEL)


@pytest.mark.parametrize(("languages", "least"), [(2, 0.15), (3, 0.3), (4, 0.3), (7, 0.38)])
def test_each_number_of_languages_has_its_own_measure(languages, least):
    graph = side_by_side(languages, 3)
    found = estimated(graph, np.full(len(graph.a), 0.5), MODEL)
    assert found is not None and found[1] == least


def test_a_stray_file_of_a_third_language_changes_no_measure():
    graph = graph_of((200, 200, 1), [*((n, 200 + n, 0.5) for n in range(200)), (0, 400, 0.5)])
    found = estimated(graph, np.full(201, 0.5), MODEL)
    assert found is not None and found[1] == 0.15


def test_documents_without_partners_lower_the_estimate_and_those_with_raise_it():
    def of(programs: int, strangers: int) -> float:
        size = programs + strangers
        graph = graph_of((size, size), [(n, size + n, 0.5) for n in range(size)])
        found = estimated(graph, np.where(np.arange(size) < programs, 0.95, 0.05), MODEL)
        assert found is not None
        return below(*found)

    shifts = [of(100, strangers) for strangers in (0, 100, 1000, 10_000)]
    assert shifts == sorted(shifts, reverse=True)
    assert shifts[:2] == [0.0, 0.0] and shifts[2] < 0 and shifts[3] < shifts[2] - 1
    assert of(300, 1000) > of(100, 1000)


def test_a_rival_that_assignment_leaves_out_is_not_counted():
    graph = graph_of((1, 2), [(0, 1, 0.5), (0, 2, 0.4)])
    both = estimated(graph, np.array([0.9, 0.2]), MODEL)
    assert both == estimated(graph.only(np.array([0])), np.array([0.9]), MODEL)


@given(st.lists(st.floats(0, 1), max_size=20), st.floats(-8, 0))
def test_adapted_probabilities_are_lower_and_in_the_same_order(values, shift):
    probability = np.sort(np.array(values))
    found = adapted(probability, shift)
    assert (found <= probability + 1e-12).all() and (np.diff(found) >= 0).all()
    inner = (probability > 1e-6) & (probability < 1 - 1e-6)
    assert logit(found[inner]) == pytest.approx(logit(probability[inner]) + shift)


def test_no_shift_leaves_every_bit_of_a_probability():
    probability = np.array([0.0, 1e-15, 0.1, 1 / 3, 1.0])
    assert adapted(probability, 0.0).tobytes() == probability.tobytes()
