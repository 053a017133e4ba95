"""Which options of the section `parallel` go together. Pure."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from pairing.parallel.templates import check_templates

PAIR_FORMS = ("concat", "prompt", "shuffled")
"""Forms of two programs; the form group has all of a group."""

FUNCTION_OPTIONS = {"function_kinds": "all", "min_function_score": 0.0}
"""Options that only the level function reads, with the values that ask for nothing."""


class Options(Protocol):
    """What is read of the section."""

    @property
    def forms(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def levels(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def templates(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def max_tokens(self) -> int | None: ...  # noqa: D102
    @property
    def min_kept_share(self) -> float: ...  # noqa: D102
    @property
    def vocab_size(self) -> int: ...  # noqa: D102
    @property
    def tokenizer(self) -> str | None: ...  # noqa: D102
    @property
    def align_functions(self) -> bool: ...  # noqa: D102
    @property
    def min_unit_score(self) -> float | None: ...  # noqa: D102


def pair_forms(forms: Iterable[str]) -> tuple[str, ...]:
    """Those of the forms that are of two programs."""
    return tuple(form for form in PAIR_FORMS if form in forms)


def check_options(config: Options) -> None:
    """Refuse options that do nothing, or that cannot be met.

    Args:
        config: the section.

    Raises:
        ValueError: names the options and what is allowed.
    """
    _check_names(config)
    check_templates(config.templates)
    if config.templates and "prompt" not in config.forms:
        raise ValueError(
            f"parallel.templates are for the form prompt, which parallel.forms ({_list(config.forms)}) lacks"
        )
    _check_length(config)
    _check_levels(config)
    if config.min_unit_score is not None and not config.align_functions:
        raise ValueError(
            f"parallel.min_unit_score ({config.min_unit_score}) is for parallel.align_functions: true; "
            "set that, or leave it out (null)"
        )


LENGTH_OPTIONS = {"tokenizer": None, "min_kept_share": 0.5, "vocab_size": 16_384}
"""Options that only max_tokens reads, with their defaults."""


def _check_length(config: Options) -> None:
    changed = [name for name, default in LENGTH_OPTIONS.items() if getattr(config, name) != default]
    if changed and config.max_tokens is None:
        raise ValueError(f"parallel.{changed[0]} is for parallel.max_tokens; give both, or neither")
    if config.tokenizer is not None and "vocab_size" in changed:
        raise ValueError("parallel.vocab_size is for estimates, and parallel.tokenizer counts; give one of them")


def _check_names(config: Options) -> None:
    for key, values in (("forms", config.forms), ("levels", config.levels)):
        if len(set(values)) < len(values):
            raise ValueError(f"parallel.{key} ({_list(values)}) names one twice; name each once")


def _check_levels(config: Options) -> None:
    functions = "function" in config.levels
    if functions and not config.align_functions:
        raise ValueError("parallel.levels has function, which needs parallel.align_functions: true")
    if functions and not pair_forms(config.forms):
        raise ValueError("parallel.levels has function, and parallel.forms only group, which is of whole programs")
    if "group" in config.forms and "file" not in config.levels:
        raise ValueError("parallel.forms has group, which is of whole programs: parallel.levels must have file")
    changed = [name for name, default in FUNCTION_OPTIONS.items() if getattr(config, name) != default]
    if changed and not functions:
        raise ValueError(f"parallel.{changed[0]} is for the level function, which parallel.levels lacks")


def _list(values: Iterable[str]) -> str:
    return ", ".join(values)
