"""The seven languages, in the one order in which every table, plan and report lists them."""

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
"""The mixture component that holds concatenated translation pairs."""


def language_pairs() -> list[tuple[str, str]]:
    """The 21 unordered language pairs, each in the order of `LANGUAGE_NAMES`."""
    return [(a, b) for i, a in enumerate(LANGUAGE_NAMES) for b in LANGUAGE_NAMES[i + 1 :]]
