"""Training text out of a pair or a group of programs, in the forms that arXiv 2512.13472 compares. Pure functions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.languages import ARROW
from pairing.parallel.templates import fill, template_of


@dataclass(frozen=True, slots=True)
class Program:
    """One program (or function) of a document, as it is written.

    Attributes:
        first_line: line of the document that it begins with, from 1.
        last_line: last line, included.
        repo: repository of the document.
        path: its path there.
        commit: of the repository, where known.
    """

    id: str
    language: str
    text: str
    licence: str | None = None
    first_line: int = 1
    last_line: int = 1
    repo: str = ""
    path: str = ""
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class ParallelText:
    """A training text and where in it the programs stand, in bytes of its UTF-8.

    A span holds exactly the program's bytes; a final newline that the program lacks is added after its span.

    Attributes:
        direction: source language->target language.
        programs: in the order in which they stand in the text.
        spans: first byte of each, byte after it.
        sources: how many of them are the source; the one that is left, if any, is the target.
    """

    form: str
    direction: str
    content: str
    programs: tuple[Program, ...]
    spans: tuple[tuple[int, int], ...]
    sources: int

    @property
    def source(self) -> tuple[int, int]:
        """From the first byte of the source to its last, with what stands between several programs; -1 if absent."""
        return (self.spans[0][0], self.spans[self.sources - 1][1]) if self.sources else ABSENT

    @property
    def target(self) -> tuple[int, int]:
        """Span of the target program; -1 if absent."""
        return self.spans[-1] if self.sources < len(self.spans) else ABSENT

    @property
    def id_source(self) -> str:
        """Id of the source program, of several the first; empty if absent."""
        return self.programs[0].id if self.sources else ""

    @property
    def id_target(self) -> str:
        """Id of the target program; empty if absent."""
        return self.programs[-1].id if self.sources < len(self.programs) else ""

    def pieces(self) -> Iterator[str]:
        """The text cut where a program begins or ends: what is encoded by itself."""
        raw, position = self.content.encode(), 0
        for start, end in self.spans:
            yield raw[position:start].decode()
            yield raw[start:end].decode()
            position = end
        yield raw[position:].decode()


ABSENT = (-1, -1)


def _render(form: str, direction: str, parts: Iterable[str | Program], sources: int) -> ParallelText:
    content = bytearray()
    programs: list[Program] = []
    spans: list[tuple[int, int]] = []
    for part in parts:
        if isinstance(part, str):
            content += part.encode()
            continue
        raw = part.text.encode()
        programs.append(part)
        spans.append((len(content), len(content) + len(raw)))
        content += raw
        if not raw.endswith(b"\n"):
            content += b"\n"
    return ParallelText(form, direction, content.decode(), tuple(programs), tuple(spans), sources)


def direction_of(source: Program, target: Program) -> str:
    """The direction between the languages of two programs."""
    return f"{source.language}{ARROW}{target.language}"


def concatenated(source: Program, target: Program) -> ParallelText:
    """Direct concatenation: the source program, an empty line, its translation."""
    return _render("concat", direction_of(source, target), (source, "\n", target), 1)


def prompted(source: Program, target: Program, templates: Mapping[str, str], level: str = "file") -> ParallelText:
    """Prompt-based concatenation: the translation is asked for in words."""
    template = template_of(templates, source.language, target.language)
    before, between, after = fill(template, source.language, target.language, level)
    return _render("prompt", direction_of(source, target), (before, source, between, target, after), 1)


def alone(source: Program, target: Program) -> Iterator[ParallelText]:
    """The control: the same two programs as documents of their own, to be shuffled apart."""
    direction = direction_of(source, target)
    yield _render("shuffled", direction, (source,), 1)
    yield _render("shuffled", direction, (target,), 0)


def grouped(programs: Sequence[Program]) -> ParallelText:
    """Several programs one after another with empty lines between; the last is the target, the others the source."""
    parts: list[str | Program] = []
    for program in programs:
        parts += ["\n", program] if parts else [program]
    return _render("group", direction_of(programs[0], programs[-1]), parts, len(programs) - 1)


def pair_texts(
    source: Program, target: Program, forms: Sequence[str], templates: Mapping[str, str], level: str = "file"
) -> Iterator[ParallelText]:
    """A pair in one direction, in every one of these forms that pairs have."""
    if "concat" in forms:
        yield concatenated(source, target)
    if "prompt" in forms:
        yield prompted(source, target, templates, level)
    if "shuffled" in forms:
        yield from alone(source, target)
