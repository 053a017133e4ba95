"""What a fit warns of, each warning once, with where it holds."""

import re
from typing import TYPE_CHECKING

from fit.estimate.fitted import Fit
from report.table import Row

if TYPE_CHECKING:
    from fit.select.average import Average

_NUMBER = re.compile(r"[-+]?\d[\d.]*(e[-+]?\d+)?")
EDGE = 1e-9
"""Distance from a bound, in internal units, that counts as on it."""
PLAIN = {
    "A": "the term of size is at its floor: the law says that size does not matter; do not choose N by it",
    "B": "the term of data is at its floor: the law says that more data do not matter; do not choose D by it",
}
"""What it means that a level stands at its lower bound."""
TRADING = "trade for each other"
TOGETHER = "parameters trade for each other: predictions are surer than they are; --json names them"
"""What tables say of an average instead of each pair in each law."""


def warnings(fitted: "Fit | Average", notes: tuple[str, ...], as_json: bool) -> list[Row]:
    """Notes of reading, and flags with the targets, for an average the laws too, that have them.

    Args:
        fitted: what was fitted.
        notes: of reading.
        as_json: flags are not drawn together where their numbers differ.
    """
    rows: list[Row] = [{"targets": "all", "warning": note} for note in notes]
    if isinstance(fitted, Fit):
        return rows + _of_one(fitted, as_json)
    return rows + _of_several(fitted, as_json)


def _of_one(fitted: Fit, as_json: bool) -> list[Row]:
    """Numbers in a warning are of the first of its targets."""
    rows = []
    for found in _by_text(fitted, as_json).values():
        names = [name for name, _ in found]
        several = len({flag for _, flag in found}) > 1
        text = f"{found[0][1]} [{names[0]}]" if several else found[0][1]
        rows.append({"targets": "all" if len(names) == len(fitted.names) else ", ".join(names), "warning": text})
    return rows


def _of_several(fitted: "Average", as_json: bool) -> list[Row]:
    """For each warning how many targets of which law have it, the most frequent first."""
    where: dict[str, dict[str, list[str]]] = {}
    first: dict[str, str] = {}
    for label, member in zip(fitted.labels, fitted.members, strict=True):
        for key, found in _by_text(member, as_json).items() if isinstance(member, Fit) else ():
            drawn = TOGETHER if TRADING in key and not as_json else key
            first.setdefault(drawn, TOGETHER if drawn == TOGETHER else _said(label, found))
            had = where.setdefault(drawn, {}).setdefault(label, [])
            had += [name for name, _ in found if name not in had]
    order = sorted(where, key=lambda key: -sum(map(len, where[key].values())))
    # what the numbers mean for their use stands above the single bounds
    order.sort(key=lambda key: key not in PLAIN.values())
    return [{"targets": _where(where[key], fitted), "warning": first[key]} for key in order]


def _said(label: str, found: list[tuple[str, str]]) -> str:
    """The first target's flag, marked where others have other numbers."""
    (name, text), several = found[0], len({flag for _, flag in found}) > 1
    return f"{text} [{label}, {name}]" if several else text


def _where(by_law: dict[str, list[str]], fitted: "Average") -> str:
    every = len(fitted.names)
    if len(by_law) == len(fitted.labels) and all(len(names) == every for names in by_law.values()):
        return "all"
    return ", ".join(f"{label} {_counted(names, every)}" for label, names in by_law.items())


def _by_text(fitted: Fit, as_json: bool) -> dict[str, list[tuple[str, str]]]:
    """Target and flag of all that say the same, but for numbers."""
    found: dict[str, list[tuple[str, str]]] = {}
    for text, names in _floors(fitted).items():
        found[text] = [(name, text) for name in names]
    for name, made in fitted.targets.items():
        for flag in made.flags:
            found.setdefault(flag if as_json else _NUMBER.sub("#", flag), []).append((name, flag))
    return found


def _floors(fitted: Fit) -> dict[str, list[str]]:
    """Targets whose law has lost its term of size or of data."""
    found: dict[str, list[str]] = {}
    for name, made in fitted.targets.items():
        low, _ = made.law.bounds
        for index, parameter in enumerate(made.law.parameters):
            if parameter.symbol in PLAIN and index in made.law.levels() and made.theta[index] <= low[index] + EDGE:
                found.setdefault(PLAIN[parameter.symbol], []).append(name)
    return found


def _counted(names: list[str], every: int) -> str:
    return "all" if len(names) == every else f"{len(names)} of {every}"
