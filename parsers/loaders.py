"""Where grammars come from. The package that a row of the language table names decides; there is no second choice.

A grammar comes from the language's own package (``tree-sitter-python``, ...). A language that has none can name a
package in ``LOADERS`` instead: ``grammar=("tree_sitter_languages", "kotlin")`` takes Kotlin from that bundle.
"""

import ctypes
import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from importlib import metadata

from tree_sitter import Language

from parsers.languages import LANGUAGES
from parsers.spec import Grammar

Loader = Callable[[Grammar], object]
"""Grammar to a PyCapsule named ``tree_sitter.Language``; raises ``ImportError`` or ``AttributeError`` without it."""


class GrammarMissing(ImportError):
    """The grammar's package is not installed or lacks the grammar; the message names package and command."""


def single_wheel(grammar: Grammar) -> object:
    """Load from the language's own package: newest grammars, the normal case."""
    module, function = grammar
    return getattr(importlib.import_module(module), function)()


def language_bundle(grammar: Grammar) -> object:
    """Load from ``tree_sitter_languages``, a bundle of some forty grammars that has not been updated since 2024.

    Only its shared library is used: its own ``Language`` objects need tree-sitter < 0.22, while the bare pointers
    (ABI 14) work with the present core, which accepts ABI 13 to 15. Grammars are as old as the bundle.
    """
    module, symbol = grammar
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"No module named {module!r}")
    try:
        library = ctypes.CDLL(f"{next(iter(spec.submodule_search_locations))}/languages.so")
    except OSError as error:
        raise ImportError(str(error)) from error
    function = getattr(library, f"tree_sitter_{symbol}")
    function.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return capsule(function(), b"tree_sitter.Language", None)


LOADERS: dict[str, Loader] = {"tree_sitter_languages": language_bundle}
"""Package to its loader, for packages that are no single wheel; add an entry for another source of grammars."""


@cache
def load_language(name: str, grammar: Grammar) -> Language:
    """Return the grammar as a tree-sitter ``Language``, made once a process.

    Raises:
        GrammarMissing: its package is not installed, or does not have it.
    """
    try:
        return Language(LOADERS.get(grammar[0], single_wheel)(grammar))
    except (ImportError, AttributeError) as error:
        package = _package(grammar)
        raise GrammarMissing(
            f"no grammar for {name!r}: it comes from {package} ({error}); run: pip install {package}"
        ) from error


def grammar_versions() -> dict[str, str]:
    """Return package to version for the installed grammar packages of the language table, sorted by package."""
    packages = {
        _package(grammar) for spec in LANGUAGES.values() for grammar in (spec.grammar, *spec.dialects.values())
    }
    versions = {}
    for package in sorted(packages):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue  # a language that is not used needs no grammar
    return versions


def _package(grammar: Grammar) -> str:
    """Return the distribution of a grammar, by the custom of all grammar packages that of its module."""
    return grammar[0].replace("_", "-")
