"""Comments out of a program: which bytes go, and whether the rest still parses. Pure functions over syntax trees."""

from collections.abc import Iterator
from functools import cache
from typing import Literal

from tree_sitter import Language, Node, Query, QueryCursor

from pairing.parallel.edits import Edit, Edits, inside_line, whole_lines, without_gaps
from parsers.languages import LANGUAGES
from parsers.syntax import ParseBudgetExceeded, Syntax, language_of, parse

Comments = Literal["keep", "strip", "strip_docstrings"]
"""What becomes of comments; the last: of Python's docstrings too."""

BLOCKS = ("module", "block")
"""Nodes of Python's grammar that hold statements."""

NO_DOCSTRING = b"fFbBtT"
"""Letters before a string of Python that is no docstring: formatted, bytes, template."""


def stripped(syntax: Syntax, docstrings: bool = False, path: str = "") -> tuple[Syntax, Edits] | None:
    """A program without comments, as it parses then, and what was taken out.

    A comment alone on its lines goes with them; one behind code goes with the blanks before it; between code it leaves
    what it kept apart, apart. The first line of a script (`#!`) stays.

    Args:
        syntax: the program.
        docstrings: take out Python's docstrings too; one that is all there is of a body gives way to `pass`.
        path: for the dialect.

    Returns:
        None where the rest would parse worse than the whole: nothing can be taken out with safety.
    """
    taken = [*_comment_edits(syntax)]
    if docstrings and syntax.language == "python":
        taken += _docstring_edits(syntax)
    edits = Edits(taken)
    if not edits:
        return syntax, edits
    try:
        rest = parse(edits.apply(syntax.source), syntax.language, path)
    except ParseBudgetExceeded:
        return None
    return (rest, edits) if parses_as_well(rest, syntax) else None


def parses_as_well(after: Syntax, before: Syntax) -> bool:
    """Whether a changed program has no more syntax errors than it had."""
    return (
        after.error_bytes <= before.error_bytes
        and after.error_nodes <= before.error_nodes
        and after.missing_nodes <= before.missing_nodes
    )


@cache
def _query(name: str, language: Language) -> Query:
    return Query(language, " ".join(f"({kind}) @comment" for kind in sorted(LANGUAGES[name].comment_kinds)))


def comment_nodes(syntax: Syntax) -> list[Node]:
    """The comments of a program in order; a comment inside another (Rust's documentation) is part of it."""
    query = _query(syntax.language, language_of(syntax))
    found = QueryCursor(query).captures(syntax.tree.root_node).get("comment", [])
    return sorted(found, key=lambda node: (node.start_byte, -node.end_byte))


def _comment_edits(syntax: Syntax) -> Iterator[Edit]:
    text, lines = syntax.source, []
    for node in comment_nodes(syntax):
        start, end = node.start_byte, node.end_byte
        if not start and text.startswith(b"#!"):
            continue
        if (whole := whole_lines(text, start, end)) is not None:
            lines.append(whole)
        else:
            # Rust's documentation comments hold the end of their line, which stays
            yield inside_line(text, start, end - (text[end - 1 : end] == b"\n"))
    yield from without_gaps(text, lines)


def _docstring_edits(syntax: Syntax) -> Iterator[Edit]:
    text, lines = syntax.source, []
    stack = [syntax.tree.root_node]
    while stack:
        node = stack.pop()
        children = node.named_children
        stack.extend(child for child in children if child.child_count)
        if node.type not in BLOCKS:
            continue
        statements = [child for child in children if child.type not in LANGUAGES["python"].comment_kinds]
        if not statements or not _is_docstring(statements[0], text) or not _documents(node):
            continue
        start, end = statements[0].start_byte, statements[0].end_byte
        whole = whole_lines(text, start, end)
        if whole is not None and (len(statements) > 1 or node.type == "module"):
            lines.append(whole)
        else:
            yield Edit(start, end, b"pass")
    yield from without_gaps(text, sorted(lines))


def _is_docstring(statement: Node, text: bytes) -> bool:
    if statement.type != "expression_statement" or statement.named_child_count != 1:
        return False
    value = statement.named_children[0]
    parts = value.named_children if value.type == "concatenated_string" else [value]
    return all(part.type == "string" and not _marked(part, text) for part in parts if part.type != "comment")


def _marked(string: Node, text: bytes) -> bool:
    prefix = text[string.start_byte : string.start_byte + 2].split(b'"')[0].split(b"'")[0]
    return any(letter in NO_DOCSTRING for letter in prefix)


def _documents(block: Node) -> bool:
    """Whether a string at the head of this block documents something: a module, class or function."""
    parent = block.parent
    return parent is None or parent.type in ("function_definition", "class_definition")
