"""What the toolkit knows of one programming language, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Grammar = tuple[str, str]
"""A grammar by name: (module, function that returns its pointer). Data, so that it can be pickled."""

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LanguageSpec:
    """One row of the language table.

    Node kinds are names of the grammar's own node types; ``tests/parsers`` checks each of them against the grammar.
    """

    name: str
    """Key of the language in every table of the project."""
    title: str
    """Name for people."""
    aliases: tuple[str, ...]
    """Lower-case names that users and data sets write; ``name`` itself is always accepted."""
    extensions: tuple[str, ...]
    """Lower-case file name endings with the dot."""
    grammar: Grammar
    """Grammar of every extension that ``dialects`` does not name."""
    filenames: tuple[str, ...] = ()
    """Whole file names (case-sensitive) that belong to the language without a telling extension."""
    interpreters: tuple[str, ...] = ()
    """Programs of a ``#!`` line, without version digits."""
    dialects: Mapping[str, Grammar] = field(default_factory=dict)
    """Extension to grammar, where one language has several."""
    function_kinds: Mapping[str, str] = field(default_factory=dict)
    """Node kind to unit kind: functions, methods, constructors, with or without a body."""
    class_kinds: Mapping[str, str] = field(default_factory=dict)
    """Node kind to unit kind: classes, interfaces, structs, ..."""
    scope_kinds: Mapping[str, str] = field(default_factory=dict)
    """Node kind to the field with its name: no unit, yet part of the container of what lies inside."""
    binding_kinds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Node kind to (name field, value field): gives its name to an anonymous function in the value field."""
    lambda_kinds: Mapping[str, str] = field(default_factory=dict)
    """Node kind to unit kind: anonymous functions and classes, units only where a binding names them."""
    unwrap_kinds: frozenset[str] = frozenset()
    """Node kinds between a binding and its anonymous function: lists of one, parentheses, casts."""
    wrapper_kinds: frozenset[str] = frozenset()
    """Node kinds around a declaration (export, decorators) where the outer range of a unit begins."""
    attribute_kinds: frozenset[str] = frozenset()
    """Node kinds that stand beside a declaration and before it, and belong to it (decorators, attributes)."""
    comment_kinds: frozenset[str] = frozenset()
    """Node kinds of comments."""
    comment_prefixes: tuple[bytes, ...] = ()
    """What a line that is wholly a comment or an attribute begins with."""
    import_kinds: frozenset[str] = frozenset()
    """Node kinds of imports."""
    signposts: tuple[bytes, ...] = ()
    """Strings of which one stands inside every unit: a subtree without any is not searched for units."""
    receivers: frozenset[bytes] = frozenset()
    """Parameters (text or node kind) that name the object itself and do not count as parameters."""
    constructor_names: frozenset[str] = frozenset()
    """Names that make a method the constructor, where the grammar has no kind of its own for it."""
    test_names: bytes = rb"(?!)"
    """Regular expression on the name of a test function (full match)."""
    test_classes: bytes = rb"(?!)"
    """Regular expression on the name of a test class (full match)."""
    test_marks: bytes = b""
    """Regular expression found in the annotations above a test; empty where tests have none."""
