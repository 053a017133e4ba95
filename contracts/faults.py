"""What pydantic found wrong with a configuration, one line a fault, in the words of whoever wrote the YAML."""

import types
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

MAX_FAULTS = 20
"""Faults that one message names; whoever has more has given the wrong file."""

MAX_VALUE = 80
"""Characters of a given value that a message repeats."""


def describe(model: type[BaseModel], error: ValidationError) -> list[str]:
    """How many problems there are, and lines that name each key, the value given and what is allowed.

    Args:
        model: the class whose validation failed.
        error: what pydantic raised.
    """
    found = error.errors(include_url=False)
    # a list whose items are all at fault counts as empty too, which is no fault of its own
    below = {fault["loc"][:end] for fault in found for end in range(len(fault["loc"]))}
    faults = [fault for fault in found if fault["type"] != "too_short" or fault["loc"] not in below]
    lines = [f"{len(faults)} problem(s)", *(_line(model, fault) for fault in faults[:MAX_FAULTS])]
    return lines + ([f"and {len(faults) - MAX_FAULTS} more"] if len(faults) > MAX_FAULTS else [])


def _line(model: type[BaseModel], fault: ErrorDetails) -> str:
    key, here = locate(model, fault["loc"])
    if fault["type"] == "extra_forbidden":
        _, section = locate(model, fault["loc"][:-1])
        return f"{key}: unknown key{_allowed(str(fault['loc'][-1]), section)}"
    if fault["type"] in ("union_tag_invalid", "union_tag_not_found"):
        context = fault["ctx"]
        name = str(context["discriminator"]).strip("'")
        given = f"unknown value {context['tag']!r}" if "tag" in context else "missing"
        allowed = ", ".join(str(m.model_fields[name].default) for m in models_in(here))
        return f"{key}.{name}: {given}; allowed: {allowed}"
    told = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "value_error" and isinstance(
        fault["input"], dict
    ):  # of keys together, which the message names
        return told if told.startswith(f"{key}.") or not key else f"{key}: {told}"
    if fault["type"] == "tuple_type":
        told = "expected a list, such as [1, 2]"
    given = "" if fault["type"] == "missing" else f" (given: {_short(fault['input'])})"
    return f"{key or 'configuration'}: {told}{given}"


def _allowed(given: str, section: Any) -> str:
    names = [name for model in models_in(section)[:1] for name in model.model_fields]
    close = get_close_matches(given, names, 1)
    meant = f" (did you mean {close[0]}?)" if close else ""
    return f"; allowed here: {', '.join(names)}{meant}" if names else ""


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 3] + "..."


def locate(model: type[BaseModel], location: Sequence[int | str]) -> tuple[str, Any]:
    """A pydantic location as a key such as `corpus.sources[0].path`, and the annotation of what stands there.

    Pydantic names the branch of a union on the way (`corpus.sources.0.directory.path`), which is not in the file.
    """
    key = ""
    current: Any = model
    for part in location:
        branches = _branches(current)
        if len(branches) > 1 and isinstance(part, str):
            current = next((b for b in branches if _is_branch(b, part)), object)
            continue
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
        current = _below(branches[0], part)
    return key, current


def _below(annotation: Any, part: int | str) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.model_fields[part].annotation if part in annotation.model_fields else object  # type: ignore[index]
    arguments = [a for a in get_args(annotation) if a is not Ellipsis]
    return arguments[-1] if arguments else object


def _branches(annotation: Any) -> list[Any]:
    """The alternatives of a union without None; of anything else, itself."""
    if get_origin(annotation) is Annotated:
        return _branches(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [b for a in get_args(annotation) if a is not type(None) for b in _branches(a)]
    return [annotation]


def _is_branch(annotation: Any, tag: str) -> bool:
    """Whether pydantic means this alternative: by its `type`, its class name, or `dict[...]` for a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        own = annotation.model_fields.get("type")
        return annotation.__name__ == tag or (own is not None and own.default == tag)
    origin = get_origin(annotation) or annotation
    return tag.startswith(f"{getattr(origin, '__name__', origin)}[")


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The model classes inside an annotation such as `tuple[A | B, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in models_in(argument)]
