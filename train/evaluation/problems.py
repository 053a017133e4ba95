"""Programming problems as users bring them, and the rate at which they are solved. Pure but for reading the file."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import ConfigError
from contracts.languages import LANGUAGE_NAMES
from parsers.languages import normalise_language

NAMES = ("task_id", "name")
STOPS = ("stop", "stop_tokens")
TEST_FILE = "go_test.go"
"""MultiPL-E names the language of a Go problem go_test.go."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: a model continues the prompt, and the tests are put behind what it wrote.

    Attributes:
        name: unique in its language.
        language: one of the seven.
        prompt: text that the model continues.
        tests: program text behind the continuation; fails by a status other than 0.
        stop: strings before which a continuation ends.
    """

    name: str
    language: str
    prompt: str
    tests: str
    stop: tuple[str, ...] = ()

    def program(self, text: str) -> str:
        """The whole program with a continuation."""
        return f"{self.prompt}{self.before_stop(text)}\n{self.tests}"

    def before_stop(self, text: str) -> str:
        """A continuation up to its first stop."""
        return text[: min((at for stop in self.stop if (at := text.find(stop)) >= 0), default=len(text))]


def read_problems(path: Path) -> list[Problem]:
    """The problems in a file of JSON lines.

    Raises:
        ConfigError: it cannot be read, a line is no problem, or two have one name; says which line.
    """
    try:
        with open(path, encoding="utf-8") as lines:
            found = list(_problems(path, lines))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"problems: {path}: cannot be read ({error})") from error
    if not found:
        raise ConfigError(f"problems: {path}: holds no problem")
    return found


def _problems(path: Path, lines: Iterable[str]) -> Iterator[Problem]:
    names: set[tuple[str, str]] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            problem = _problem(json.loads(line))
        except ValueError as error:
            raise ConfigError(f"problems: {path}, line {number}: {error}. See docs/evaluation.md") from error
        if (problem.language, problem.name) in names:
            raise ConfigError(f"problems: {path}, line {number}: {problem.name} in {problem.language} is there twice")
        names.add((problem.language, problem.name))
        yield problem


def _problem(row: Any) -> Problem:
    """A row as a problem.

    Raises:
        ValueError: a field is missing or of another type; names it.
    """
    if not isinstance(row, dict):
        raise ValueError(f"a problem is a JSON object, not {type(row).__name__}")
    stop = _first(row, STOPS, [])
    if not isinstance(stop, list) or not all(isinstance(s, str) and s for s in stop):
        raise ValueError(f"stop: {stop!r}; allowed: a list of strings that are not empty")
    return Problem(
        _text(row, NAMES), _language(_text(row, ("language",))), _text(row, ("prompt",)), _tests(row), tuple(stop)
    )


def _tests(row: dict[str, Any]) -> str:
    """The tests; those of HumanEval define check(), which is called with the entry point."""
    if "tests" in row or "test" not in row:
        return _text(row, ("tests",))
    return f"{_text(row, ('test',))}\ncheck({_text(row, ('entry_point',))})"


def _language(name: str) -> str:
    found = normalise_language("go" if name == TEST_FILE else name)
    if found is None:
        raise ValueError(f"language: {name!r}; allowed: {', '.join(LANGUAGE_NAMES)}")
    return found


def _text(row: dict[str, Any], names: Sequence[str]) -> str:
    value = _first(row, names, None)
    if not isinstance(value, str):
        raise ValueError(f"{' or '.join(names)}: {value!r}; a text is needed")
    return value


def _first(row: dict[str, Any], names: Sequence[str], default: Any) -> Any:
    return next((row[name] for name in names if name in row), default)


def pass_at_k(samples: int, passed: int, k: int) -> float:
    """The chance that of k texts drawn out of these samples at least one passes (Chen et al., arXiv 2107.03374).

    Args:
        samples: texts written for a problem.
        passed: of these, how many pass.
        k: at most samples.

    Raises:
        ValueError: k is larger, or a number is negative.
    """
    if not 0 <= passed <= samples or not 1 <= k <= samples:
        raise ValueError(f"{passed} of {samples} passed, k = {k}: 0 <= passed <= samples and 1 <= k <= samples")
    return 1.0 - math.comb(samples - passed, k) / math.comb(samples, k)
