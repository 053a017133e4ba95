"""Numbers and shares as the command line writes them: 1.3B, python=0.4,java=0.2, 0.05:0.2. Pure."""

from collections.abc import Sequence

from contracts.errors import ConfigError

UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
"""Suffixes of numbers of parameters and tokens."""


def amount(option: str, text: str | None) -> float | None:
    """A number, perhaps with a suffix; None for None.

    Raises:
        ConfigError: it is none.
    """
    if text is None:
        return None
    factor = UNITS.get(text[-1:].upper(), 1.0)
    try:
        return float(text[:-1] if factor != 1 else text) * factor
    except ValueError as error:
        raise ConfigError(f"{option} {text}: give a number such as 1300000000, 1.3e9 or 1.3B") from error


def by_name(option: str, texts: Sequence[str] | None) -> dict[str, float]:
    """NAME=NUMBER, several apart by commas, the option perhaps repeated.

    Raises:
        ConfigError: a part is no such thing, or a name is given twice.
    """
    found: dict[str, float] = {}
    for part in _parts(texts):
        name, equals, value = part.rpartition("=")
        number = amount(option, value)
        if not equals or not name or number is None:
            raise ConfigError(f"{option} {part}: expected NAME=NUMBER, such as python=0.2")
        if name in found:
            raise ConfigError(f"{option} {part}: {name} is given twice")
        found[name] = number
    return found


def with_default(option: str, texts: Sequence[str] | None) -> tuple[float | None, dict[str, float]]:
    """One number for all, and NAME=NUMBER for some.

    Raises:
        ConfigError: several numbers for all, or a part that is neither.
    """
    parts = _parts(texts)
    plain = [part for part in parts if "=" not in part]
    if len(plain) > 1:
        raise ConfigError(f"{option} {','.join(parts)}: one number is for all components; give one, and NAME=NUMBER")
    return amount(option, plain[0] if plain else None), by_name(option, [part for part in parts if "=" in part])


def span(option: str, text: str | None) -> tuple[float, float] | None:
    """LOW:HIGH; None for None.

    Raises:
        ConfigError: it is no such thing.
    """
    if text is None:
        return None
    low, colon, high = text.partition(":")
    least, most = amount(option, low or "0"), amount(option, high or "1")
    if not colon or least is None or most is None:
        raise ConfigError(f"{option} {text}: expected LOW:HIGH, such as 0.05:0.2")
    return least, most


def _parts(texts: Sequence[str] | None) -> list[str]:
    return [part.strip() for text in texts or [] for part in text.split(",") if part.strip()]
