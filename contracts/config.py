"""The base of every configuration section, YAML in and annotated YAML out."""

import json
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticUndefined

from contracts.errors import ConfigError

MAX_CONFIG_BYTES = 1_000_000
"""A configuration larger than this is refused unread: no real one comes near it."""


class StrictModel(BaseModel):
    """A section of the configuration: unknown keys are errors, values cannot change after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, populate_by_name=True, protected_namespaces=()
    )


Model = TypeVar("Model", bound=BaseModel)


class _StrictLoader(yaml.SafeLoader):
    """Plain data only: no tags that build objects, no aliases (expansion bombs), no key given twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()
            raise ConfigError(f"aliases (*{event.anchor}) are not allowed in a configuration{event.start_mark}")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            try:
                duplicate = key in seen
            except TypeError as error:
                raise ConfigError(f"a key must be a plain name{key_node.start_mark}") from error
            if duplicate:
                raise ConfigError(f"key {key!r} is given twice{key_node.start_mark}")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one YAML mapping.

    Raises:
        ConfigError: the file is missing, too large, not UTF-8, not YAML, or not a mapping.
    """
    try:
        size = path.stat().st_size
        if size > MAX_CONFIG_BYTES:
            raise ConfigError(f"{path}: {size} bytes; a configuration has at most {MAX_CONFIG_BYTES}")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file. Write one with: glotmix init {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    try:
        data = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: a configuration is a mapping of sections, not {type(data).__name__}")
    return data


def override(data: dict[str, Any], assignments: list[str]) -> dict[str, Any]:
    """Apply `--set section.key=value` (values in YAML) to a copy of the data.

    Raises:
        ConfigError: an assignment without `=`, or a path that runs through a value that is no section.
    """
    result: dict[str, Any] = json.loads(json.dumps(data))
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals or not key:
            raise ConfigError(f"--set {assignment}: expected key=value, for example --set mix.sequence_length=512")
        *parents, last = key.split(".")
        section = result
        for parent in parents:
            child = section.setdefault(parent, {})
            if not isinstance(child, dict):
                raise ConfigError(f"--set {assignment}: {parent!r} is not a section")
            section = child
        try:
            section[last] = yaml.load(value, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
        except yaml.YAMLError as error:
            raise ConfigError(f"--set {assignment}: the value is not valid YAML: {error}") from error
    return result


def validate(model: type[Model], data: dict[str, Any], where: str) -> Model:
    """Build a model from plain data, turning pydantic's report into one line a fault.

    Args:
        model: the section's class.
        data: plain data, as YAML gives it.
        where: what to call the data in messages, usually the file's path.

    Raises:
        ConfigError: naming each key, the value and what is allowed.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [f"{where}: {len(error.errors())} problem(s)"]
        for fault in error.errors():
            key = ".".join(str(part) for part in fault["loc"] if not str(part).startswith("function-"))
            if fault["type"] == "extra_forbidden":
                allowed = ", ".join(_keys_at(model, fault["loc"][:-1]))
                lines.append(f"  {key}: unknown key{'; allowed here: ' + allowed if allowed else ''}")
            else:
                given = "" if fault["type"] == "missing" else f" (given: {_short(fault['input'])})"
                lines.append(f"  {key or 'configuration'}: {fault['msg'].removeprefix('Value error, ')}{given}")
        raise ConfigError("\n".join(lines)) from error


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The field names of the section that a pydantic error location points to."""
    current: Any = model
    for part in location:
        candidates = _models(current)
        named = [c for c in candidates if isinstance(part, str) and part in c.model_fields]
        if named:
            current = named[0].model_fields[part].annotation
            continue
        tagged = [c for c in candidates if "type" in c.model_fields and c.model_fields["type"].default == part]
        if tagged:
            current = tagged[0]
    models = _models(current)
    return list(models[0].model_fields) if models else []


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The model classes inside an annotation such as `list[A | B] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models(argument)]


def annotated_yaml(model: type[BaseModel], values: dict[str, Any] | None = None, indent: int = 0) -> str:
    """The model's defaults as YAML, every key explained by its field's docstring.

    Args:
        model: the section's class.
        values: values to show instead of defaults, by key; required keys must be among them.
        indent: depth, in levels of two spaces.
    """
    values = values or {}
    pad = "  " * indent
    lines: list[str] = []
    for name, field in model.model_fields.items():
        if field.description:
            lines += [f"{pad}# {line.strip()}" for line in field.description.strip().splitlines()]
        nested = _models(field.annotation) if get_origin(field.annotation) is None else []
        if nested and not isinstance(values.get(name), (list, str)):
            lines.append(f"{pad}{name}:")
            lines.append(annotated_yaml(nested[0], values.get(name), indent + 1))
            continue
        value = values[name] if name in values else field.get_default(call_default_factory=True)
        if value is PydanticUndefined:
            raise ConfigError(f"annotated_yaml: {model.__name__}.{name} has no default; give a value")
        if isinstance(value, tuple):
            value = list(value)
        lines += _yaml_entry(name, value, pad)
    return "\n".join(lines)


def _yaml_entry(name: str, value: object, pad: str) -> list[str]:
    """One `key: value` as YAML lines; plain lists stay on one line, lists of mappings do not."""
    nested = isinstance(value, list) and any(isinstance(item, dict) for item in value)
    flow = None if nested else True
    text = yaml.safe_dump({name: value}, default_flow_style=flow, sort_keys=False, width=100_000, allow_unicode=True)
    text = text.strip()
    if flow:
        text = text.removeprefix("{").removesuffix("}")
    return [pad + line for line in text.splitlines()]
