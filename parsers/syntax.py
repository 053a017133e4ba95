"""Parse one source with tree-sitter and measure how much of it the grammar could not read."""

import os.path
from dataclasses import dataclass
from functools import cache

from tree_sitter import Language, Node, Parser, Tree

from parsers.budget import ParseBudgetExceeded, budgeted_tree
from parsers.languages import LANGUAGES, Grammar
from parsers.loaders import load_language

__all__ = ["ParseBudgetExceeded", "Syntax", "grammar_of", "language_of", "parse"]


@dataclass(frozen=True, slots=True)
class Syntax:
    """A parsed source. Holds a native tree: it stays in the process that made it and cannot be pickled."""

    language: str
    """Key in ``LANGUAGES``."""
    source: bytes
    """The bytes that were parsed; every offset of the tree is an offset into them."""
    tree: Tree
    """Tree-sitter tree."""
    grammar: Grammar
    """Grammar that was used (a dialect has its own)."""
    error_bytes: int
    """Bytes that the grammar could not place: what lies inside ``ERROR`` nodes, less their well-formed composite
    children and the blanks around them. A file whose root is an ``ERROR`` over good declarations thus counts
    only what lies between these."""
    error_nodes: int
    """Number of ``ERROR`` nodes."""
    missing_nodes: int
    """Number of tokens that the parser had to invent."""

    @property
    def error_share(self) -> float:
        """``error_bytes`` over the length of the source, 0 to 1."""
        return self.error_bytes / max(1, len(self.source))


def grammar_of(language: str, path: str = "") -> Grammar:
    """Return the grammar for a language, taking the dialect from the file extension (``.tsx``)."""
    spec = LANGUAGES[language]
    return spec.dialects.get(os.path.splitext(path)[1].lower(), spec.grammar)


def language_of(syntax: Syntax) -> Language:
    """Return the tree-sitter ``Language`` that a syntax was parsed with."""
    return load_language(syntax.language, syntax.grammar)


def parse(source: bytes, language: str, path: str = "") -> Syntax:
    """Parse UTF-8 source bytes.

    The parser is made at the first call of a process and kept; results depend on the arguments only.

    Raises:
        KeyError: the language is not in ``LANGUAGES``.
        GrammarMissing: the grammar's package is not installed.
        ParseBudgetExceeded: the source makes the parser run away (see ``parsers.budget``).
    """
    grammar = grammar_of(language, path)
    tree = budgeted_tree(_parser(language, grammar), source, language)
    return Syntax(language, source, tree, grammar, *_errors(tree.root_node, source))


@cache
def _parser(language: str, grammar: Grammar) -> Parser:
    return Parser(load_language(language, grammar))


def _errors(root: Node, source: bytes) -> tuple[int, int, int]:
    """Return (error bytes, ERROR nodes, MISSING nodes), visiting only nodes with an error below them."""
    error_bytes = error_nodes = missing_nodes = 0
    stack = [root] if root.has_error else []
    while stack:
        node = stack.pop()
        if node.is_missing:
            missing_nodes += 1
            continue
        children = node.children
        if node.is_error:
            error_nodes += 1
            error_bytes += _uncovered(node, children, source)
        stack.extend(child for child in children if child.has_error)
    return error_bytes, error_nodes, missing_nodes


def _uncovered(node: Node, children: list[Node], source: bytes) -> int:
    """Return the bytes of an ERROR node outside its composite named children, blanks at the seams not counted."""
    total, position = 0, node.start_byte
    for child in children:
        # An inner ERROR counts for itself, a composite child for nothing; a leaf or keyword is part of the wreck.
        if child.is_error or (child.is_named and child.child_count > 0):
            total += len(source[position : child.start_byte].strip())
            position = child.end_byte
    return total + len(source[position : node.end_byte].strip())
