"""The base of every configuration section, and YAML in: read strictly, overridden, checked."""

import copy
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import ConfigError
from contracts.faults import describe

MAX_CONFIG_BYTES = 1_000_000
"""A configuration larger than this is refused unread: no real one comes near it."""


class StrictModel(BaseModel):
    """A section of the configuration: unknown keys are errors, values cannot change after loading."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        populate_by_name=True,
        protected_namespaces=(),
        allow_inf_nan=False,  # neither has a place in JSON manifests, nor do they compare with limits
    )


Model = TypeVar("Model", bound=BaseModel)


class _StrictLoader(yaml.SafeLoader):
    """Plain data only: no tags that build objects, no aliases (expansion bombs), no key given twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise ConfigError(f"aliases (*{event.anchor}) are not allowed; write the value out\n{event.start_mark}")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            try:
                duplicate = key in seen
            except TypeError as error:
                raise ConfigError(f"a key must be a plain name\n{key_node.start_mark}") from error
            if duplicate:
                raise ConfigError(f"key {key!r} is given twice\n{key_node.start_mark}")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _parse(text: str, where: str) -> Any:
    """Plain data out of YAML text.

    Raises:
        ConfigError: it is not YAML, or uses what a configuration may not.
    """
    try:
        loader = _StrictLoader(text)
        loader.name = where
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigError(f"{where}: not valid YAML: {error}") from error


def read_yaml(path: Path) -> dict[str, Any]:
    """Read one YAML mapping.

    Raises:
        ConfigError: the file is missing, too large, not UTF-8, not YAML, or not a mapping.
    """
    try:
        size = path.stat().st_size
        if size > MAX_CONFIG_BYTES:
            raise ConfigError(f"{path}: {size} bytes; a configuration has at most {MAX_CONFIG_BYTES}")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file. Write one with: glotmix init {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    data = _parse(text, str(path))
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: a configuration is a mapping of sections, not {type(data).__name__}")
    return data


def override(data: dict[str, Any], assignments: list[str]) -> dict[str, Any]:
    """Apply `--set section.key=value` (values in YAML) to a copy of the data.

    Raises:
        ConfigError: no `=`, an empty name, a value that is not YAML, or a path through a value that is no section.
    """
    result = copy.deepcopy(data)
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        names = key.split(".")
        if not equals or not all(name.strip() for name in names):
            raise ConfigError(f"--set {assignment}: expected key=value, for example --set mix.sequence_length=512")
        section = result
        for number, name in enumerate(names[:-1]):
            if section.get(name) is None:  # a section that is absent, or a heading with nothing below it
                section[name] = {}
            section = section[name]
            if not isinstance(section, dict):
                whole = ".".join(names[: number + 1])
                raise ConfigError(
                    f"--set {assignment}: {whole} is a {type(section).__name__}, not a section; set all of it: "
                    f"--set {whole}=..."
                )
        section[names[-1]] = _parse(value, f"--set {assignment}")
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
        raise ConfigError(f"{where}: " + "\n  ".join(describe(model, error))) from error
    except ConfigError as error:  # raised by a validator of several keys
        raise ConfigError(f"{where}: {error}") from error
