"""The laws by name."""

from contracts.errors import ConfigError
from fit.laws.additive import Additive
from fit.laws.bimix import Bimix
from fit.laws.capacity import Capacity
from fit.laws.chinchilla import Chinchilla, TiedChinchilla
from fit.laws.exponential import Exponential
from fit.laws.farseer import Farseer
from fit.laws.joint import Joint
from fit.laws.law import Law
from fit.laws.multilingual import Multilingual
from fit.laws.repetition import Repetition
from fit.laws.transfer import Transfer

ALL: tuple[type[Law], ...] = (
    Chinchilla,
    TiedChinchilla,
    Farseer,
    Repetition,
    Multilingual,
    Bimix,
    Exponential,
    Additive,
    Transfer,
    Capacity,
    Joint,
)
"""Every law: of scale alone, then of scale and a number of the mixture, then of all shares."""
LAWS: dict[str, type[Law]] = {law.name: law for law in ALL}
"""Name to class."""


def law_of(name: str) -> type[Law]:
    """The class of a law.

    Raises:
        ConfigError: there is no law of this name; lists them.
    """
    if name not in LAWS:
        raise ConfigError(f"--law {name}: there is no such law. Allowed are {', '.join(LAWS)}")
    return LAWS[name]
