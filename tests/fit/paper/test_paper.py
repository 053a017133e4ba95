import numpy as np
import pytest

from fit.paper import findings, mixtures, numbers, tables
from fit.paper.equations import (
    COLUMN_ORDER,
    Corrected,
    Mixture,
    corrected,
    corrected_losses,
    equation_1,
    equation_2,
    equation_2_as_printed,
    equation_6,
    equation_7,
    gains,
    realigned,
    scale_law,
    transfer,
)
from fit.paper.numbers import LANGUAGES
from fit.paper.optimum import least, onto_simplex
from fit.paper.synergy import orders


def test_the_realigned_table_reproduces_all_printed_percentages():
    difference = np.abs(gains(realigned()) - numbers.TABLE_1_GAINS)
    assert difference.max() < 0.024
    assert (difference[~np.eye(7, dtype=bool)] > 0).sum() == 42


def test_one_order_of_columns_fits_and_no_other():
    found = orders()
    assert len(found) == 5040 and len({order for _, order in found}) == 5040
    assert found[0][1] == COLUMN_ORDER and found[0][0] < 0.024
    assert found[1][0] > 5.4
    assert next(error for error, order in found if order == LANGUAGES) > 25


def test_rows_and_columns_of_the_realigned_table_are_in_one_order():
    losses = realigned()
    assert np.diag(losses).tolist() == [0.7528, 0.9034, 0.5424, 0.5347, 0.3459, 0.4328, 0.3954]
    assert losses[LANGUAGES.index("Java"), LANGUAGES.index("C#")] == 0.7175


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (numbers.EQUATION_5, (0.187, 0.124, 0.089, 0.078, 0.071)),
        (numbers.EQUATION_4_EXCHANGED, (0.297, 0.203, 0.152, 0.136, 0.126)),
    ],
)
def test_translation_laws_at_the_tokens_of_the_study(law, expected):
    found = [scale_law(law, n, numbers.TRANSLATION_TOKENS) for n in numbers.TRANSLATION_SIZES]
    assert [round(value, 3) for value in found] == list(expected)


def test_equation_5_is_the_paired_bars_of_figure_3():
    found = [scale_law(numbers.EQUATION_5, n, 1000.0) for n in numbers.TRANSLATION_SIZES]
    assert np.abs(np.array(found) - numbers.FIGURE_3_PAIRED).max() < 0.01


def test_averages_of_table_3_are_as_printed():
    recomputed = np.array(list(numbers.TABLE_3.values())).mean(axis=0)
    assert np.abs(recomputed - numbers.TABLE_3_AVERAGES).max() <= 0.005001
    rows = {row["language"]: row for row in tables.table_3()}
    assert rows["average without Java"]["7B shuffled"] == pytest.approx(36.94)
    assert rows["average without Java"]["7B paired"] == pytest.approx(34.1625, abs=1e-3)


def test_sums():
    assert sum(numbers.FIGURE_5_CHANGES) == pytest.approx(0, abs=1e-9)
    found = {row["what"]: row["value"] for row in tables.synergy_sums()}
    assert found["sum of p_i p_j tau_ij at equal shares"] == pytest.approx(0.0323, abs=5e-5)
    assert found["pairs that gain, of 42"] == 37
    assert found["languages whose own loss is below their floor in figure 2"] == 2


def test_the_stated_order_of_difficulty_is_that_of_the_floors():
    rows = sorted(tables.figure_2(), key=lambda row: row["difficulty, stated"])
    assert [row["L_inf"] for row in rows] == sorted(row["L_inf"] for row in rows)


def test_equation_1_falls_to_its_floor():
    assert equation_1(1e30, 1e30, 2.0, 3.0, 0.5, 0.5, 0.3) == pytest.approx(0.3)
    assert equation_1(2.0, 3.0, 2.0, 3.0, 0.5, 0.5, 0.3) == pytest.approx(2.3)


def test_the_sign_of_equation_2_is_exchanged_in_print():
    assert equation_2(mixed=0.8, alone=0.9) == pytest.approx(0.1) == -equation_2_as_printed(mixed=0.8, alone=0.9)


def test_equation_7_counts_each_ordered_pair_once():
    tau = np.array([[9.0, 0.1], [0.3, 9.0]])
    assert equation_7(100.0, np.array([[0.25, 0.75]]), tau, 2.0) == pytest.approx(100 * (1 + 2 * 0.25 * 0.75 * 0.4))


def test_equation_6_at_a_vertex_is_the_law_of_that_language():
    at = Mixture(0.5, 2.0, 3.0, 1.5, 350.0)
    for place, name in enumerate(LANGUAGES):
        law = numbers.FIGURE_2[name]
        expected = 0.5 * 1.5**-law.alpha_n + 2.0 * 350.0**-law.alpha_d + law.floor
        assert equation_6(np.eye(7)[place : place + 1], at) == pytest.approx(expected)


def test_equation_6_is_least_at_one_language_for_all_coefficients_tried():
    found = mixtures.as_printed()
    assert len(found) == 54
    assert all(optimum.is_vertex for optimum in found)
    assert {optimum.largest for optimum in found} == {"C#", "Go"}
    everywhere = np.random.default_rng(3).dirichlet(np.full(7, 0.5), 20_000)
    for optimum in found[::7]:
        factor = mixtures.UNITS[optimum.units]
        at = Mixture(optimum.a, optimum.b, optimum.gamma, 1.5 * factor, 350.0 * factor)
        assert optimum.value <= equation_6(everywhere, at).min()


def test_the_corrected_form_has_an_interior_optimum_that_no_unit_moves():
    found = mixtures.as_corrected()
    assert all(min(optimum.shares) > 0.04 and max(optimum.shares) < 0.2 for optimum in found)
    assert mixtures.spread_over_units(found) < 1e-5
    assert mixtures.spread_over_units(mixtures.as_printed()) == 1.0


def test_the_optimum_of_the_corrected_form_does_not_hang_on_coefficients_that_are_not_printed():
    shares = [
        least(lambda p, a=a, b=b: corrected(p, Corrected(a, b, 0.5, 1.5, 350, 1.3, 64)), 7)[0]
        for a, b in ((0.1, 0.1), (3.0, 1.0), (0.2, 5.0))
    ]
    assert np.ptp(np.array(shares), axis=0).max() < 1e-3


def test_target_weights_move_the_optimum_towards_their_language():
    at = Corrected(1.0, 1.0, 0.5, 1.5, 350, 1.3, 64)
    weights = np.full(7, 0.1)
    weights[LANGUAGES.index("Rust")] = 0.4
    even, rust = least(lambda p: corrected(p, at), 7)[0], least(lambda p: corrected(p, at, weights), 7)[0]
    assert rust[LANGUAGES.index("Rust")] > even[LANGUAGES.index("Rust")] + 0.05


def test_transfer_is_asymmetric_and_counts_towards_the_language_that_gains():
    tau = transfer()
    java, csharp = LANGUAGES.index("Java"), LANGUAGES.index("C#")
    assert tau[java, csharp] == pytest.approx(0.2058, abs=1e-4) and tau[csharp, java] == pytest.approx(
        0.0191, abs=1e-4
    )
    at = Corrected(1.0, 1.0, 1.0, 1.5, 350, 1.3, 64)
    base = np.full((1, 7), 1 / 7)
    more = base.copy()
    more[0, csharp] += 0.1
    assert (corrected_losses(more, at) < corrected_losses(base, at))[0, java]


@pytest.mark.parametrize("size", [2, 7])
def test_the_minimum_of_a_known_function_is_found(size):
    truth = np.random.default_rng(size).dirichlet(np.ones(size))
    found, value = least(lambda p: ((p - truth) ** 2).sum(axis=1), size)
    assert found == pytest.approx(truth, abs=1e-4) and value < 1e-8
    corner, _ = least(lambda p: p @ np.arange(size), size)
    assert corner.tolist() == np.eye(size)[0].tolist()


def test_projections_lie_on_the_simplex_and_keep_what_lies_there():
    points = np.random.default_rng(0).normal(0.2, 0.5, (200, 5))
    found = onto_simplex(points)
    assert found.sum(axis=1) == pytest.approx(1) and (found >= 0).all()
    assert onto_simplex(found) == pytest.approx(found)


# each finding is a computation: with other numbers it does not contradict


CONSISTENT = {
    4: {"EQUATION_8": numbers.StarredLaw(0.5, 1.2, 0.4)},
    5: {"EQUATION_4": numbers.EQUATION_4_EXCHANGED},
    6: {"EQUATION_3": numbers.ScaleLaw(0.1574, 9.553, 0.347, 0.8829, 0.08)},
    7: {"CLAIMED_LARGEST": 7.0},
    8: {"OTHER_DATA_EXPONENTS": {"elsewhere": 0.9}},
}


def test_all_eight_findings_contradict():
    assert findings.contradictions() == 8


@pytest.mark.parametrize("number", CONSISTENT)
def test_a_finding_would_not_stand_with_consistent_numbers(number, monkeypatch):
    for name, value in CONSISTENT[number].items():
        monkeypatch.setattr(numbers, name, value)
    found = {finding.number: finding.contradicts for finding in findings.findings()}
    assert not found[number]
    assert sum(found.values()) == 7


def test_the_finding_on_exponents_would_not_stand_if_they_were_as_the_text_says(monkeypatch):
    for name in ("ALPHA_N", "ALPHA_D"):
        monkeypatch.setattr(findings, name, np.linspace(0.8, 0.2, 7))
    assert not findings.findings()[0].contradicts


def test_the_finding_on_the_vertex_would_not_stand_with_an_interior_optimum(monkeypatch):
    monkeypatch.setattr(findings, "as_printed", mixtures.as_corrected)
    found = {finding.number: finding.contradicts for finding in findings.findings()}
    assert not found[2] and not found[3]
