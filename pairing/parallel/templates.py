"""Templates that ask for a translation in words: placeholders, and which one a direction takes. Pure functions."""

from collections.abc import Mapping
from string import Formatter

from contracts.languages import ARROW, LANGUAGE_TITLES, directions

DEFAULT = "default"
"""Names the template of every direction that has none of its own."""

TEMPLATE = (
    "Translate this {source_language} {unit} to {target_language}.\n\n"
    "{source_language}:\n{source}\n{target_language}:\n{target}"
)
"""What stands in the form `prompt` unless the configuration says otherwise (prompt-based concatenation of
arXiv 2512.13472: an instruction, then both programs, each under the name of its language)."""

PROGRAMS = ("source", "target")
WORDS = ("source_language", "target_language", "unit")
"""Placeholders: each program exactly once, source first; words as often as wanted. `unit` is program or function."""

UNITS = {"file": "program", "function": "function"}

Part = tuple[str, str]
"""Text, and the placeholder behind it; empty behind the last text."""


def parts_of(template: str) -> list[Part]:
    """A template cut at its placeholders.

    Raises:
        ValueError: it is no template, has an unknown placeholder, or not both programs once, the source first.
    """
    known = ", ".join(f"{{{name}}}" for name in (*PROGRAMS, *WORDS))
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"{error}; a brace that is no placeholder is doubled: {{{{ or }}}}") from error
    parts = []
    for text, name, spec, conversion in parsed:
        if name is not None and (name not in (*PROGRAMS, *WORDS) or spec or conversion):
            raise ValueError(f"has the placeholder {{{name}}}; there are {known}. A brace of its own is doubled: {{{{")
        parts.append((text, name or ""))
    order = [name for _, name in parts if name in PROGRAMS]
    if order != list(PROGRAMS):
        raise ValueError(f"needs {{source}} and then {{target}}, each once; it has {order or 'neither'}")
    return parts


def check_templates(templates: Mapping[str, str]) -> None:
    """Check templates by direction.

    Raises:
        ValueError: a name that is neither `default` nor a direction, or a template that is none; names it.
    """
    for name, template in templates.items():
        if name != DEFAULT and name not in directions():
            raise ValueError(
                f"parallel.templates names {name!r}; allowed are default, and directions such as python{ARROW}go"
            )
        try:
            parts_of(template)
        except ValueError as error:
            raise ValueError(f"parallel.templates.{name} {error}") from error


def template_of(templates: Mapping[str, str], source: str, target: str) -> str:
    """The template of a direction: its own, else the default of the configuration, else that of glotmix."""
    return templates.get(f"{source}{ARROW}{target}", templates.get(DEFAULT, TEMPLATE))


def fill(template: str, source: str, target: str, level: str) -> tuple[str, str, str]:
    """The text before, between and after the two programs.

    Args:
        template: a template that was checked.
        source: language of the source program.
        target: language of the target program.
        level: file or function.
    """
    words = {
        "source_language": LANGUAGE_TITLES[source],
        "target_language": LANGUAGE_TITLES[target],
        "unit": UNITS[level],
    }
    texts = [""]
    for text, name in parts_of(template):
        texts[-1] += text + words.get(name, "")
        if name in PROGRAMS:
            texts.append("")
    before, between, after = texts
    return before, between, after
