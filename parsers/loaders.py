"""Where grammars come from: a list of loaders, tried in order, so that more sources can be added later."""

import ctypes
import importlib
import importlib.util
from collections.abc import Callable
from functools import cache

from tree_sitter import Language

from parsers.spec import Grammar

Loader = Callable[[str, Grammar], object]
"""(language name, grammar) to a PyCapsule named ``tree_sitter.Language``; raises ``ImportError`` if it has none."""


class GrammarMissing(ImportError):
    """No loader has the grammar; the message names the package to install."""


def single_wheel(name: str, grammar: Grammar) -> object:
    """Load from the language's own package (``tree-sitter-python``, ...): newest grammars, the normal case."""
    module, function = grammar
    return getattr(importlib.import_module(module), function)()


def language_bundle(name: str, grammar: Grammar) -> object:
    """Load from ``tree_sitter_languages``, a bundle of some forty grammars that has not been updated since 2024.

    Only its shared library is used: its own ``Language`` objects need tree-sitter < 0.22, while the bare pointers
    (ABI 14) work with the present core, which accepts ABI 13 to 15. Grammars are as old as the bundle.
    """
    spec = importlib.util.find_spec("tree_sitter_languages")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("tree_sitter_languages is not installed")
    symbol = {"csharp": "c_sharp"}.get(name, name)
    if grammar[1] not in ("language", f"language_{name}"):
        symbol = grammar[1].removeprefix("language_")
    try:
        library = ctypes.CDLL(f"{next(iter(spec.submodule_search_locations))}/languages.so")
        function = getattr(library, f"tree_sitter_{symbol}")
    except (OSError, AttributeError) as error:
        raise ImportError(f"tree_sitter_languages has no grammar {symbol!r}: {error}") from error
    function.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return capsule(function(), b"tree_sitter.Language", None)


LOADERS: list[Loader] = [single_wheel, language_bundle]
"""Tried in order; append a loader to add a source of grammars."""


@cache
def load_language(name: str, grammar: Grammar) -> Language:
    """Return the grammar as a tree-sitter ``Language``, made once a process.

    Raises:
        GrammarMissing: no loader has it.
    """
    reasons = []
    for loader in LOADERS:
        try:
            return Language(loader(name, grammar))
        except (ImportError, AttributeError) as error:
            reasons.append(str(error))
    package = grammar[0].replace("_", "-")
    raise GrammarMissing(f"no grammar for {name!r}: install {package} ({'; '.join(reasons)})")
