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
    """A training text and where in it the two programs stand, in bytes of its UTF-8; -1 for a side that is absent."""

    form: str
    id_source: str
    id_target: str
    content: str
    source: tuple[int, int]
    target: tuple[int, int]


ABSENT = (-1, -1)


def _with_newline(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _join(form: str, parts: tuple[str, str, str], source: Program, target: Program) -> ParallelText:
    """Texts before the source, between source and target, and the programs themselves, with spans."""
    before, between, after = parts
    x, y = _with_newline(source.text), _with_newline(target.text)
    start = len(before.encode())
    end = start + len(x.encode())
    target_start = end + len(between.encode())
    content = before + x + between + y + after
    span = (target_start, target_start + len(y.encode()))
    return ParallelText(form, source.id, target.id, content, (start, end), span)


def concatenated(source: Program, target: Program) -> ParallelText:
    """Direct concatenation: the source program, an empty line, its translation."""
    return _join("concat", ("", "\n", ""), source, target)


def prompted(source: Program, target: Program) -> ParallelText:
    """Prompt-based concatenation: the translation is asked for in words."""
    x, y = LANGUAGE_TITLES[source.language], LANGUAGE_TITLES[target.language]
    before = f"Translate this {x} program to {y}.\n\n{x}:\n"
    return _join("prompt", (before, f"\n{y}:\n", ""), source, target)


def alone(source: Program, target: Program) -> Iterator[ParallelText]:
    """The control: the same two programs as documents of their own, to be shuffled apart."""
    x, y = _with_newline(source.text), _with_newline(target.text)
    yield ParallelText("shuffled", source.id, "", x, (0, len(x.encode())), ABSENT)
    yield ParallelText("shuffled", "", target.id, y, ABSENT, (0, len(y.encode())))


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
