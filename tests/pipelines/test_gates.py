"""Gates at their limits."""

from typing import Any

import pytest

from pipelines.config import GatesConfig
from pipelines.gates import AFTER_PARSING, ANY_TEXT, BEFORE_PARSING, Flag, Limit, judge

PASSING: dict[str, Any] = {
    "bytes": 500, "licence": "MIT", "is_vendored": False, "generated": "", "minified": False, "longest_line": 80,
    "mean_line": 30.0, "alphanumeric_share": 0.6, "error_share": 0.0,
}  # fmt: skip
EVERY = (*BEFORE_PARSING, *AFTER_PARSING)

LIMITS = [
    # reason, fact, option, limit, value that just fails, values that pass
    ("too_small", "bytes", "min_bytes", 32, 31, (32, 33)),
    ("longest_line", "longest_line", "max_longest_line", 1000, 1001, (1000, 999)),
    ("mean_line", "mean_line", "max_mean_line", 100.0, 100.1, (100.0, 99.9)),
    ("alphanumeric_share", "alphanumeric_share", "min_alphanumeric_share", 0.25, 0.249, (0.25, 0.26)),
    ("error_share", "error_share", "max_error_share", 0.25, 0.251, (0.25, 0.24)),
]

FLAGS = [
    # reason, fact, option, rejected value, accepted value
    ("vendored", "is_vendored", "drop_vendored", True, False),
    ("generated", "generated", "drop_generated", "protoc", ""),
    ("minified", "minified", "drop_minified", True, False),
    ("no_licence", "licence", "require_licence", None, "MIT"),
    ("no_licence", "licence", "require_licence", "", "MIT"),
]


def test_the_tables_here_name_every_gate() -> None:
    known = {row[0] for row in (*LIMITS, *FLAGS)}
    assert known == {gate.reason for gate in EVERY if isinstance(gate, Limit | Flag)}


@pytest.mark.parametrize(("reason", "fact", "option", "limit", "failing", "passing"), LIMITS)
def test_a_limit_rejects_beyond_it_and_accepts_at_it(
    reason: str, fact: str, option: str, limit: float, failing: float, passing: tuple[float, ...]
) -> None:
    config = GatesConfig.model_validate({option: limit})
    rejection = judge(EVERY, {**PASSING, fact: failing}, config)
    assert rejection is not None
    assert (rejection.step, rejection.reason, rejection.value, rejection.threshold) == ("gate", reason, failing, limit)
    for value in passing:
        assert judge(EVERY, {**PASSING, fact: value}, config) is None
    assert judge(EVERY, {**PASSING, fact: failing}, GatesConfig.model_validate({option: None})) is None


@pytest.mark.parametrize(("reason", "fact", "option", "rejected", "accepted"), FLAGS)
def test_a_flag_rejects_only_when_it_is_on(reason: str, fact: str, option: str, rejected: Any, accepted: Any) -> None:
    on, off = GatesConfig.model_validate({option: True}), GatesConfig.model_validate({option: False})
    rejection = judge(EVERY, {**PASSING, fact: rejected}, on)
    assert rejection is not None and rejection.reason == reason
    assert rejection.detail == (rejected if isinstance(rejected, str) else "")
    assert judge(EVERY, {**PASSING, fact: accepted}, on) is None
    assert judge(EVERY, {**PASSING, fact: rejected}, off) is None


def test_every_limit_of_the_configuration_belongs_to_a_gate() -> None:
    used = {gate.option for gate in EVERY if isinstance(gate, Limit | Flag)}
    assert used == set(GatesConfig.model_fields)


def test_any_text_is_judged_by_size_licence_and_place_only() -> None:
    reasons = [gate.reason for gate in ANY_TEXT if isinstance(gate, Limit | Flag)]
    assert reasons == ["too_small", "no_licence", "vendored"]
    assert BEFORE_PARSING[: len(ANY_TEXT)] == ANY_TEXT
    facts = {**PASSING, "longest_line": 10**6, "mean_line": 1e6, "alphanumeric_share": 0.0, "generated": "name"}
    assert judge(ANY_TEXT, facts, GatesConfig()) is None


def test_the_first_gate_that_fails_names_the_reason() -> None:
    facts = {**PASSING, "bytes": 1, "longest_line": 10**6, "minified": True}
    rejection = judge(BEFORE_PARSING, facts, GatesConfig())
    assert rejection is not None and rejection.reason == "too_small"
