"""The languages in one table: names, files and grammars. The node kinds of each are in ``grammars``."""

from collections.abc import Mapping
from types import MappingProxyType

from parsers.grammars.csharp import CSHARP
from parsers.grammars.ecmascript import JAVASCRIPT, TYPESCRIPT
from parsers.grammars.go import GO
from parsers.grammars.java import JAVA
from parsers.grammars.python import PYTHON
from parsers.grammars.rust import RUST
from parsers.spec import Grammar, LanguageSpec

__all__ = ["LANGUAGES", "Grammar", "LanguageSpec", "normalise_language"]

LANGUAGES: Mapping[str, LanguageSpec] = MappingProxyType(
    {spec.name: spec for spec in (PYTHON, JAVA, JAVASCRIPT, TYPESCRIPT, CSHARP, GO, RUST)}
)
"""Name to specification, in the order in which tables and reports list the languages."""

_ALIASES: Mapping[str, str] = MappingProxyType(
    {alias: spec.name for spec in LANGUAGES.values() for alias in (spec.name, spec.title.lower(), *spec.aliases)}
)


def normalise_language(name: str) -> str | None:
    """Return the key in ``LANGUAGES`` of a language as somebody wrote it, ``None`` if it is not one of them.

    Case and surrounding blanks do not matter: ``"C#"``, ``"c-sharp"`` and ``" CSharp "`` are all ``"csharp"``.
    """
    return _ALIASES.get(name.strip().lower())
