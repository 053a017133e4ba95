"""The laws by name."""

from contracts.errors import ConfigError
from fit.laws.chinchilla import Chinchilla, TiedChinchilla
from fit.laws.law import Law

LAWS: dict[str, type[Law]] = {law.name: law for law in (Chinchilla, TiedChinchilla)}
"""Name to class."""


def law_of(name: str) -> type[Law]:
    """The class of a law.

    Raises:
        ConfigError: there is no law of this name; lists them.
    """
    if name not in LAWS:
        raise ConfigError(f"--law {name}: there is no such law. Allowed are {', '.join(LAWS)}")
    return LAWS[name]
