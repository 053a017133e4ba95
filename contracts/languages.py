"""The seven languages, in the one order in which every table, plan and report lists them."""

from collections.abc import Iterable
from typing import Final

LANGUAGE_NAMES: Final = ("python", "java", "javascript", "typescript", "csharp", "go", "rust")
"""Names used in columns, file names and configuration (the languages of arXiv 2512.13472, section 3)."""

LANGUAGE_TITLES: Final = {
    "python": "Python",
    "java": "Java",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "csharp": "C#",
    "go": "Go",
    "rust": "Rust",
}
"""Names for people: reports, prompts, documentation."""

PARALLEL: Final = "parallel"
"""The mixture component that holds the translation pairs of all directions."""


ARROW: Final = "->"
"""Joins the two languages of a translation direction: python->go."""


def is_direction(component: str) -> bool:
    """Whether a component is a translation direction such as python->go."""
    return ARROW in component


def is_parallel(component: str) -> bool:
    """Whether a component holds translation pairs: `parallel`, or one direction."""
    return component == PARALLEL or is_direction(component)


def directions() -> tuple[str, ...]:
    """The 42 translation directions, in the order of `LANGUAGE_NAMES`."""
    return tuple(f"{a}{ARROW}{b}" for a in LANGUAGE_NAMES for b in LANGUAGE_NAMES if a != b)


def in_order(components: Iterable[str]) -> list[str]:
    """Components in the one order of every plan: languages, other text by name, parallel data, directions."""
    ranks = {name: i for i, name in enumerate((*LANGUAGE_NAMES, "", PARALLEL, *directions()))}
    return sorted(components, key=lambda name: (ranks.get(name, ranks[""]), name))


def language_pairs() -> list[tuple[str, str]]:
    """The 21 unordered language pairs, each in the order of `LANGUAGE_NAMES`."""
    return [(a, b) for i, a in enumerate(LANGUAGE_NAMES) for b in LANGUAGE_NAMES[i + 1 :]]
