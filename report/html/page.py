"""Puts the sections on one page, and writes it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import StageError
from contracts.files import atomic_path
from contracts.manifest import VERSION
from report.html import corpus_sections, study_sections
from report.html.markup import Markup, element, escaped, joined, paragraph
from report.html.sources import RunFiles

STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --warn: #b36b00; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
@media (prefers-color-scheme: light) { body { color: #1a1a1a; background: #fff; } }
@media (prefers-color-scheme: dark) { body { color: #e4e4e4; background: #17191c; } :root { --warn: #f0b060; } }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
nav a { margin-right: 1rem; color: inherit; } .wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { padding: .2rem .7rem .2rem 0; text-align: left; border-bottom: 1px solid var(--soft); vertical-align: top; }
thead th { border-bottom-color: var(--line); } tbody th { font-weight: 400; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.5rem 0; } figure svg { width: 100%; height: auto; } figcaption { font-size: .9rem; }
.absent { opacity: .75; font-style: italic; } .toy, .warning { color: var(--warn); } footer { margin-top: 3rem; }
"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Browsers load and run nothing for this page, whatever should have got into it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its name, what makes it, and which stage it waits for."""

    key: str
    title: str
    make: Callable[[RunFiles], Markup | None]
    stage: str


SECTIONS = (
    Section("funnel", "Corpus", corpus_sections.funnel, "corpus"),
    Section("mixtures", "Mixtures", corpus_sections.mixtures, "mix"),
    Section("training", "Training", study_sections.training, "sweep"),
    Section("laws", "Laws", study_sections.laws, "fit"),
    Section("proportions", "Proportions", study_sections.proportions, "allocate"),
    Section("confirmation", "Confirmation", study_sections.confirmation, "confirm"),
)


def write_report(folder: Path, path: Path) -> list[str]:
    """Write the report of a run; the same folder gives the same bytes.

    Args:
        folder: its output folder.
        path: the file to write.

    Returns:
        titles of the sections that have nothing to show yet.

    Raises:
        StageError: no stage is finished in the folder.
    """
    files = RunFiles(folder)
    parts: list[Markup] = []
    absent: list[str] = []
    for section in SECTIONS:
        body, there = _body(section, files)
        if not there:
            absent.append(section.title)
        parts.append(element("section", element("h2", section.title), body, id=section.key))
    if len(absent) == len(SECTIONS):
        raise StageError(f"{folder}: no finished stage here. Run: glotmix run CONFIG")
    text = page(folder.resolve().name, parts)
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return absent


def page(name: str, parts: list[Markup]) -> str:
    """The whole page.

    Args:
        name: of the run.
        parts: its sections.
    """
    links = element("nav", *(element("a", s.title, href=f"#{s.key}") for s in SECTIONS))
    head = joined(
        (
            Markup('<meta charset="utf-8">'),
            Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
            Markup(f'<meta http-equiv="Content-Security-Policy" content="{escaped(POLICY)}">'),
            element("title", f"glotmix: {name}"),
            element("style", Markup(STYLE)),
        )
    )
    foot = element("footer", paragraph(f"Made by glotmix {VERSION} of the manifests and tables in the folder {name}."))
    body = joined((element("h1", f"Run {name}"), links, *parts, foot))
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def _body(section: Section, files: RunFiles) -> tuple[Markup, bool]:
    try:
        found = section.make(files)
    except (StageError, KeyError, TypeError, ValueError, AttributeError) as error:
        # one damaged file must not take the others' report away
        return paragraph(f"Cannot be shown: {type(error).__name__}: {error}", "warning"), True
    if found is None:
        return paragraph(f"Not there: the {section.stage} stage has not finished in this folder.", "absent"), False
    return found, True
