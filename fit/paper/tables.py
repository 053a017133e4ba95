"""The tables of arXiv 2512.13472, made again from its printed numbers, each with how far it is from print. Pure."""

from typing import Any

import numpy as np

from fit.paper import numbers
from fit.paper.equations import FLOORS, equation_2, gains, realigned, scale_law, transfer
from fit.paper.findings import findings
from fit.paper.mixtures import Optimum, as_corrected, as_printed
from fit.paper.numbers import LANGUAGES
from fit.paper.synergy import orders

Rows = list[dict[str, Any]]


def figure_2() -> Rows:
    """Laws of the languages, and their place in the stated order of difficulty."""
    return [
        {
            "language": name,
            "alpha_N": law.alpha_n,
            "alpha_D": law.alpha_d,
            "L_inf": law.floor,
            "difficulty, stated": numbers.STATED_DIFFICULTY.index(name) + 1,
            "by L_inf": 1 + sum(other.floor < law.floor for other in numbers.FIGURE_2.values()),
        }
        for name, law in numbers.FIGURE_2.items()
    ]


def table_1() -> Rows:
    """Gains in percent out of realigned losses: rows targets, columns auxiliary languages."""
    recomputed, losses = gains(realigned()), realigned()
    return [
        {
            "target": name,
            "alone": float(losses[row, row]),
            **dict(zip(LANGUAGES, recomputed[row].round(3).tolist(), strict=True)),
            "from print": float(np.abs(recomputed[row] - numbers.TABLE_1_GAINS[row]).max()),
        }
        for row, name in enumerate(LANGUAGES)
    ]


def table_1_losses() -> Rows:
    """Realigned losses: rows targets, columns auxiliary languages."""
    return [
        {"target": name, **dict(zip(LANGUAGES, losses.tolist(), strict=True))}
        for name, losses in zip(LANGUAGES, realigned(), strict=True)
    ]


def column_orders() -> Rows:
    """The order of table 1's columns that reproduces its percentages, beside the next best and the printed one."""
    found = orders()
    printed = next(pair for pair in found if pair[1] == LANGUAGES)
    named = {"best": found[0], "next best": found[1], "as printed": printed}
    return [
        {"order": name, "columns": ", ".join(order), "largest difference, points": error, "of orders": len(found)}
        for name, (error, order) in named.items()
    ]


def synergy_sums() -> Rows:
    """What section 4 and equation 7 need of table 1: mean gains, sign of equation 2, transfer at equal shares."""
    losses = realigned()
    off = ~np.eye(len(LANGUAGES), dtype=bool)
    deltas = np.array([[equation_2(losses[i, j], losses[i, i]) for j in range(7)] for i in range(7)])
    equal = np.full(len(LANGUAGES), 1 / len(LANGUAGES))
    tau = transfer()
    below = np.diag(losses) < FLOORS
    upper = np.triu_indices(len(LANGUAGES), 1)
    return [
        {"what": "pairs that gain, of 42", "value": float((deltas[off] > 0).sum())},
        {"what": "mean gain, %", "value": float(gains(losses)[off].mean())},
        {"what": "sum of p_i p_j tau_ij at equal shares", "value": float(equal @ tau @ equal)},
        {"what": "languages whose own loss is below their floor in figure 2", "value": float(below.sum())},
        {"what": "correlation of tau_ij with tau_ji", "value": float(np.corrcoef(tau[upper], tau.T[upper])[0, 1])},
    ]


def translation_laws() -> Rows:
    """Equations 3 to 5 at the tokens of the study, beside the bars of figure 3 that belong to them."""
    laws = {
        "3, shuffled": (numbers.EQUATION_3, numbers.FIGURE_3_SHUFFLED),
        "4, seen pairs, as printed": (numbers.EQUATION_4, None),
        "4, B and alpha exchanged": (numbers.EQUATION_4_EXCHANGED, None),
        "5, unseen pairs": (numbers.EQUATION_5, numbers.FIGURE_3_PAIRED),
    }
    rows: Rows = []
    for name, (law, bars) in laws.items():
        values = [scale_law(law, n, numbers.TRANSLATION_TOKENS) for n in numbers.TRANSLATION_SIZES]
        rows.append({"equation": name, **_by_size(values)})
        if bars is not None:
            rows.append({"equation": "   figure 3", **_by_size(list(bars))})
    return rows


def _by_size(values: list[float]) -> dict[str, float]:
    return {f"{size:g}B": value for size, value in zip(numbers.TRANSLATION_SIZES, values, strict=True)}


def table_3() -> Rows:
    """Pass@1, shuffled and paired, averages recomputed, and without Java, whose gain is the whole average gain."""
    rows: Rows = [{"language": name, **_by_model(np.array(pairs))} for name, pairs in numbers.TABLE_3.items()]
    every = np.array(list(numbers.TABLE_3.values()))
    rest = np.array([pairs for name, pairs in numbers.TABLE_3.items() if name != "Java"])
    rows.append({"language": "average, printed", **_by_model(np.array(numbers.TABLE_3_AVERAGES))})
    rows.append({"language": "average, recomputed", **_by_model(every.mean(axis=0))})
    return [*rows, {"language": "average without Java", **_by_model(rest.mean(axis=0))}]


def _by_model(pairs: np.ndarray) -> dict[str, float]:
    found: dict[str, float] = {}
    for size, (shuffled, paired) in zip(numbers.TABLE_3_SIZES, pairs.tolist(), strict=True):
        found[f"{size} shuffled"], found[f"{size} paired"] = round(shuffled, 3), round(paired, 3)
    return found


def optima() -> Rows:
    """Best mixtures: equation 6 as printed, and the corrected form."""
    return [_shares(optimum) for optimum in (*as_printed(), *as_corrected())]


def brief_optima() -> Rows:
    """The same, without coefficients that change nothing."""
    seen: dict[tuple[str, str, tuple[float, ...]], dict[str, Any]] = {}
    for row in optima():
        key = (row["form"], row["units"], tuple(row[name] for name in LANGUAGES))
        found = seen.setdefault(key, {**row, "A": set(), "B": set(), "gamma": set()})
        for name in ("A", "B", "gamma"):
            found[name].add(row[name])
    for row in seen.values():
        for name in ("A", "B", "gamma"):
            row[name] = " ".join(f"{value:g}" for value in sorted(row[name]))
    return list(seen.values())


def _shares(optimum: Optimum) -> dict[str, Any]:
    shares = {name: round(share, 4) for name, share in zip(LANGUAGES, optimum.shares, strict=True)}
    head = {"form": optimum.form, "units": optimum.units, "A": optimum.a, "B": optimum.b, "gamma": optimum.gamma}
    return {**head, **shares, "vertex": optimum.is_vertex}


def inconsistencies() -> Rows:
    """The eight findings."""
    return [
        {
            "no": finding.number,
            "the paper": finding.claim,
            "computed": finding.computed,
            "contradicts": finding.contradicts,
            "glotmix": finding.instead,
        }
        for finding in findings()
    ]
