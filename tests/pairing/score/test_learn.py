import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from pairing.score.evidence import DIRECT, GROUPED, direct_evidence
from pairing.score.learn import Case, balanced, fit_logistic, fixed_share, learn
from pairing.score.model import PairModel, score

from .conftest import graph_of, renumbered


def planted(rows, seed=0):
    random = np.random.default_rng(seed)
    evidence = random.normal([0.0, 5.0, -2.0], [1.0, 0.1, 20.0], (rows, 3))
    odds = evidence @ [2.0, -10.0, 0.05] + 49.0
    return evidence, random.random(rows) < expit(odds)


def test_a_planted_model_is_found_again():
    evidence, truth = planted(40_000)
    found = fit_logistic(evidence, truth, np.ones(len(truth)), ("x", "y", "z"), penalty=1.0)
    assert found.columns == ("x", "y", "z")
    assert found.coefficients == pytest.approx((2.0, -10.0, 0.05), rel=0.05)
    assert found.intercept == pytest.approx(49.0, rel=0.05)
    assert expit(found.logit(evidence)).mean() == pytest.approx(truth.mean(), abs=1e-3)  # calibrated


def test_a_weight_counts_like_as_many_rows_and_their_order_does_not_count():
    evidence, truth = planted(300)
    weight = np.random.default_rng(1).integers(1, 4, len(truth))
    weighed = fit_logistic(evidence, truth, weight.astype(float), ("x", "y", "z"))
    order = np.random.default_rng(2).permutation(len(truth))
    moved = fit_logistic(evidence[order], truth[order], weight[order].astype(float), ("x", "y", "z"))
    assert weighed.logit(evidence) == pytest.approx(moved.logit(evidence), abs=1e-3)
    # columns are standardised by rows: with the same ones, repeating a row is weighing it
    double = fit_logistic(np.tile(evidence, (2, 1)), np.tile(truth, 2), np.ones(2 * len(truth)), ("x", "y", "z"))
    twice = fit_logistic(evidence, truth, np.full(len(truth), 2.0), ("x", "y", "z"))
    assert double.logit(evidence) == pytest.approx(twice.logit(evidence), abs=1e-3)


@pytest.mark.parametrize("truth", [np.ones(20, bool), np.zeros(20, bool)])
def test_one_class_or_a_constant_column_give_finite_coefficients(truth):
    evidence = np.column_stack([np.full(20, 3.0), np.arange(20.0)])
    found = fit_logistic(evidence, truth, np.ones(20), ("same", "x"))
    assert np.isfinite([*found.coefficients, found.intercept]).all()
    assert ((found.logit(evidence) > 0) == truth).all()


@given(st.lists(st.booleans()), st.sampled_from([0.5, 1.0, 3.0]))
def test_positives_weigh_a_fixed_share_of_negatives(flags, share):
    truth = np.array(flags, bool)
    weight = fixed_share(truth, share)
    assert (weight[~truth] == 1).all()
    if truth.any() and not truth.all():
        assert weight[truth].sum() == pytest.approx(share * (~truth).sum())
    else:
        assert (weight == 1).all()


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=1), st.sampled_from([0.5, 3.0]))
def test_each_source_weighs_the_same_and_has_the_same_share_of_positives(edges, share):
    truth, source = np.array([t for t, _ in edges]), np.array([s for _, s in edges])
    weight = balanced(truth, source, share)
    assert weight.sum() == pytest.approx(len(edges))
    for one in set(source.tolist()):
        inside = source == one
        assert weight[inside].sum() == pytest.approx(len(edges) / len(set(source.tolist())))
        right = weight[inside & truth].sum()
        if 0 < truth[inside].sum() < inside.sum():
            assert right == pytest.approx(share * weight[inside & ~truth].sum())


PROGRAMS = 60
"""Of each language; the first half has versions in all three."""


def case(seed=0):
    """Versions of a program are alike, and a little like the next one; programs of one language have false friends."""
    random = np.random.default_rng(seed)
    edges = []
    for x, y in ((0, 1), (0, 2), (1, 2)):
        for n in range(PROGRAMS):
            known = n < PROGRAMS // 2
            for other, middle in ((n, 0.6 if known else 0.15), ((n + 1) % PROGRAMS, 0.1)):
                edges.append((x * PROGRAMS + n, y * PROGRAMS + other, random.normal(middle, 0.03)))
    graph = graph_of((PROGRAMS,) * 3, sorted(edges))
    number = graph.a % PROGRAMS
    truth = (number == graph.b % PROGRAMS) & (number < PROGRAMS // 2)
    return Case(graph, truth, np.ones(len(graph.a), bool), np.zeros(len(graph.a), int))


def made(cases):
    direct, grouped = learn(cases)
    return PairModel(direct, grouped, 0.5, (), 0.5, ((2, 0.3),), "")


def test_both_stages_tell_true_pairs_of_a_corpus_that_they_have_not_seen():
    model = made([case(seed=1)])
    assert (model.direct.columns, model.grouped.columns) == (DIRECT, GROUPED)
    new = case(seed=2)
    for found in (score(new.graph, model).direct, score(new.graph, model).final):
        assert found[new.truth].min() > found[~new.truth].max()


def test_what_is_not_known_teaches_nothing_and_numbers_of_documents_neither():
    one = case()
    hidden = np.arange(len(one.truth)) % 3 == 0
    # the second truth is wrong about what is hidden
    models = [made([Case(one.graph, truth, ~hidden, one.source)]) for truth in (one.truth, one.truth ^ hidden)]
    assert models[0] == models[1]
    graph, _, order = renumbered(one.graph, 5)
    moved = made([Case(graph, one.truth[order], ~hidden[order], one.source[order])])
    evidence, _ = direct_evidence(one.graph)
    assert moved.direct.logit(evidence) == pytest.approx(models[0].direct.logit(evidence), abs=0.01)
