"""The gates: pure decisions on what is known of a file. The first gate that fails names the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipelines.config import GatesConfig
from pipelines.draft import Rejection


@dataclass(frozen=True, slots=True)
class Limit:
    """A gate with a number: rejects when the fact lies beyond the configured limit.

    Attributes:
        reason: code in the rejected table.
        fact: name of the measured value.
        option: name of the limit in the configuration.
        beyond: `above` or `below`.
    """

    reason: str
    fact: str
    option: str
    beyond: str

    def __call__(self, facts: Mapping[str, Any], config: GatesConfig) -> Rejection | None:
        """The rejection, or None."""
        limit = getattr(config, self.option)
        if limit is None:
            return None
        value = facts[self.fact]
        outside = value > limit if self.beyond == "above" else value < limit
        return Rejection("gate", self.reason, float(value), float(limit)) if outside else None


@dataclass(frozen=True, slots=True)
class Flag:
    """A gate with a yes or no: rejects when the option is on and the fact is true (or empty, if `negate`)."""

    reason: str
    fact: str
    option: str
    negate: bool = False

    def __call__(self, facts: Mapping[str, Any], config: GatesConfig) -> Rejection | None:
        """The rejection, or None."""
        value = facts[self.fact]
        if not getattr(config, self.option) or bool(value) == self.negate:
            return None
        return Rejection("gate", self.reason, detail=value if isinstance(value, str) else "")


Gate = Callable[[Mapping[str, Any], GatesConfig], Rejection | None]

ANY_TEXT: Final[tuple[Gate, ...]] = (
    Limit("too_small", "bytes", "min_bytes", "below"),
    Flag("no_licence", "licence", "require_licence", negate=True),
    Flag("vendored", "is_vendored", "drop_vendored"),
)
"""Gates that mean something for any text: all that is asked of a component that is no language."""

BEFORE_PARSING: Final[tuple[Gate, ...]] = (
    *ANY_TEXT,
    Flag("generated", "generated", "drop_generated"),
    Flag("minified", "minified", "drop_minified"),
    Limit("longest_line", "longest_line", "max_longest_line", "above"),
    Limit("mean_line", "mean_line", "max_mean_line", "above"),
    Limit("alphanumeric_share", "alphanumeric_share", "min_alphanumeric_share", "below"),
)
"""Cheap gates of code, judged before the file is parsed."""

AFTER_PARSING: Final[tuple[Gate, ...]] = (Limit("error_share", "error_share", "max_error_share", "above"),)
"""Gates that need the syntax tree."""


def judge(gates: tuple[Gate, ...], facts: Mapping[str, Any], config: GatesConfig) -> Rejection | None:
    """The first rejection among the gates, or None when the file passes them all."""
    for gate in gates:
        rejection = gate(facts, config)
        if rejection is not None:
            return rejection
    return None
