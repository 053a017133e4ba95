"""How much of a parsed source is comment."""

from functools import cache

from tree_sitter import Language, Query, QueryCursor

from parsers.languages import LANGUAGES
from parsers.syntax import Syntax, language_of


def comment_bytes(syntax: Syntax) -> int:
    """Return the bytes in comment nodes. Python docstrings are strings to the grammar and do not count.

    One tree-sitter query over the whole tree, about 30 % of the time of the parse.
    """
    query = _query(syntax.language, language_of(syntax))
    nodes = QueryCursor(query).captures(syntax.tree.root_node).get("comment", [])
    return sum(node.end_byte - node.start_byte for node in nodes)


@cache
def _query(name: str, language: Language) -> Query:
    kinds = " ".join(
        f"({kind})" for kind in sorted(LANGUAGES[name].comment_kinds) if language.id_for_node_kind(kind, True)
    )
    return Query(language, f"[{kinds}] @comment")
