"""Training text out of a translation pair, in the forms that arXiv 2512.13472 compares. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.languages import LANGUAGE_TITLES


@dataclass(frozen=True, slots=True)
class Program:
    """One side of a pair: id, language and text."""

    id: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class ParallelText:
    """A training text and where in it the two programs stand, in bytes of its UTF-8; -1 for a side that is absent.

    A span holds exactly the program's bytes; a final newline that the program lacks is added after its span.
    """

    form: str
    id_source: str
    id_target: str
    content: str
    source: tuple[int, int]
    target: tuple[int, int]


ABSENT = (-1, -1)


def _with_newline(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _join(form: str, before: str, between: str, source: Program, target: Program) -> ParallelText:
    """Text before the source, between source and target, and the programs themselves, with spans."""
    first = before + _with_newline(source.text) + between
    content = first + _with_newline(target.text)
    start, target_start = len(before.encode()), len(first.encode())
    source_span = (start, start + len(source.text.encode()))
    target_span = (target_start, target_start + len(target.text.encode()))
    return ParallelText(form, source.id, target.id, content, source_span, target_span)


def concatenated(source: Program, target: Program) -> ParallelText:
    """Direct concatenation: the source program, an empty line, its translation."""
    return _join("concat", "", "\n", source, target)


def prompted(source: Program, target: Program) -> ParallelText:
    """Prompt-based concatenation: the translation is asked for in words."""
    x, y = LANGUAGE_TITLES[source.language], LANGUAGE_TITLES[target.language]
    before = f"Translate this {x} program to {y}.\n\n{x}:\n"
    return _join("prompt", before, f"\n{y}:\n", source, target)


def alone(source: Program, target: Program) -> Iterator[ParallelText]:
    """The control: the same two programs as documents of their own, to be shuffled apart."""
    x, y = source.text, target.text
    yield ParallelText("shuffled", source.id, "", _with_newline(x), (0, len(x.encode())), ABSENT)
    yield ParallelText("shuffled", "", target.id, _with_newline(y), ABSENT, (0, len(y.encode())))


def parallel_texts(a: Program, b: Program, forms: tuple[str, ...]) -> Iterator[tuple[str, ParallelText]]:
    """Every form in both directions, as (direction, text)."""
    for source, target in ((a, b), (b, a)):
        direction = f"{source.language}->{target.language}"
        if "concat" in forms:
            yield direction, concatenated(source, target)
        if "prompt" in forms:
            yield direction, prompted(source, target)
        if "shuffled" in forms:
            for text in alone(source, target):
                yield direction, text
