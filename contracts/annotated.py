"""A configuration written out in full: every key with its default, explained by its field's docstring."""

from collections.abc import Mapping
from typing import Any, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from contracts.errors import ConfigError
from contracts.faults import models_in


def annotated_yaml(
    model: type[BaseModel],
    values: Mapping[str, Any] | None = None,
    notes: Mapping[str, str] | None = None,
    where: str = "",
) -> str:
    """The model's defaults as YAML, every key explained.

    Args:
        model: the section's class.
        values: values to show instead of defaults, by key, sections as mappings; required keys must be among them.
        notes: more text to stand behind an entry as comments, by dotted key.
        where: dotted key of the section itself.

    Raises:
        ConfigError: a required key has no value, or a value is for no key.
    """
    values = values or {}
    unknown = sorted(set(values) - set(model.model_fields))
    if unknown:
        raise ConfigError(f"annotated_yaml: {model.__name__} has no {', '.join(unknown)}")
    pad = "  " * (where.count(".") + 1) if where else ""
    lines: list[str] = []
    for name, field in model.model_fields.items():
        key = f"{where}.{name}" if where else name
        section = _section(field)
        lines += [f"{pad}# {line}".rstrip() for line in _explanation(field, section)]
        value = values.get(name, field.get_default(call_default_factory=True))
        if section is not None:
            shown = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
            shown = {} if shown is PydanticUndefined else shown
            lines += [f"{pad}{name}:", annotated_yaml(section, shown, notes, key)]
        elif value is PydanticUndefined:
            raise ConfigError(f"annotated_yaml: {key} has no default; give a value")
        else:
            lines += _entry(name, list(value) if isinstance(value, tuple) else value, pad)
        lines += [f"{pad}# {line}".rstrip() for line in (notes or {}).get(key, "").splitlines()]
    return "\n".join(lines)


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a field that is a section of its own."""
    found = models_in(field.annotation) if get_origin(field.annotation) is None else []
    return found[0] if found else None


def _explanation(field: FieldInfo, section: type[BaseModel] | None) -> list[str]:
    text = field.description or (section.__doc__ if section is not None else None) or ""
    return [line.strip() for line in text.strip().splitlines()]


def _entry(name: str, value: object, pad: str) -> list[str]:
    """One `key: value` as YAML lines; only mappings inside a list take a line for each of their keys."""
    if isinstance(value, list) and value and all(isinstance(item, dict) and item for item in value):
        items = [line for item in value for line in _item(item, pad)]
        return [f"{pad}{name}:", *items]
    plain = str(value).isprintable()  # other line ends, such as U+0085, would be folded to blanks when read back
    text = yaml.safe_dump({name: value}, default_flow_style=True, sort_keys=False, width=100_000, allow_unicode=plain)
    return [pad + text.strip().removeprefix("{").removesuffix("}")]


def _item(item: dict[str, Any], pad: str) -> list[str]:
    first, *rest = [line for key, value in item.items() for line in _entry(key, value, "")]
    return [f"{pad}- {first}", *(f"{pad}  {line}" for line in rest)]
