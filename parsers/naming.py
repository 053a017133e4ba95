"""Names and parameters of declarations, read off their nodes."""

import re
from collections.abc import Mapping

from tree_sitter import Node

from parsers.roles import LAMBDA, UNWRAP
from parsers.spec import LanguageSpec

_PATH = re.compile(r"[\w$#@]+(?:\s*\.\s*[\w$#]+)*", re.UNICODE)
_NO_OWNERS = re.compile(r"^(?:module\.exports|exports|this|self|window|globalThis)$")
MAX_NAME = 200
"""Characters after which a name is cut: names of computed keys are expressions of any length."""
MAX_TEXT = 4096
"""Bytes of a node of which a name is read. Targets of bindings can contain each other
(``(a = function () { ... }).b = function () {}``); without the bound reading them is quadratic."""
MAX_RECEIVER = 64
"""Bytes of a first parameter in which ``self`` is looked for; default values contain each other likewise."""


def text(node: Node | None, source: bytes) -> str:
    """Return the first ``MAX_TEXT`` bytes of a node, empty for ``None``; what is not UTF-8 becomes U+FFFD."""
    if node is None:
        return ""
    start = node.start_byte
    return source[start : min(node.end_byte, start + MAX_TEXT)].decode("utf-8", "replace")


def declared_name(node: Node, source: bytes) -> str:
    """Return the name of a declaration; C# operators are called ``operator +`` and ``operator int``."""
    name = node.child_by_field_name("name")
    if name is not None:
        return _clean(text(name, source))
    operator = node.child_by_field_name("operator") or node.child_by_field_name("type")
    return f"operator {text(operator, source)}"[:MAX_NAME] if operator is not None else ""


def split_target(target: str) -> tuple[str, str]:
    """Split the left side of a binding into (owner, name): ``A.prototype.f`` is ``("A", "f")``.

    ``module.exports``, ``exports``, ``this`` and the like are no owners. What is no dotted path is a name as it is.
    """
    if not _PATH.fullmatch(target) or "." not in target:
        return "", _clean(target)
    owner, _, name = re.sub(r"\s+", "", target).rpartition(".")
    owner = owner.removesuffix(".prototype")
    return ("" if _NO_OWNERS.match(owner) or target == "module.exports" else owner), name[:MAX_NAME]


def go_receiver(receiver: str) -> str:
    """Return the type of a Go receiver: ``(s *Stack[T])`` is ``Stack``."""
    inner = receiver.strip().removeprefix("(").removesuffix(")").rstrip().removesuffix(",")
    name = re.split(r"\W", inner.partition("[")[0].rstrip())[-1]
    return "" if name[:1].isdigit() else name


def bound_function(node: Node, value_field: str, roles: Mapping[int, int]) -> Node | None:
    """Return the anonymous function or class that a binding holds, seen through parentheses and casts."""
    value = node.child_by_field_name(value_field) if value_field else None
    if not value_field and node.named_child_count > 1:
        value = node.named_child(node.named_child_count - 1)  # C# has no field for the initial value
    while value is not None and roles.get(value.kind_id) == UNWRAP:
        inner = [child for child in value.named_children if roles.get(child.kind_id) in (LAMBDA, UNWRAP)]
        value = inner[0] if len(inner) == 1 else None
    return value if value is not None and roles.get(value.kind_id) == LAMBDA else None


def parameter_count(node: Node, spec: LanguageSpec, source: bytes, in_type: bool) -> int:
    """Return the number of parameters; receivers (``self``, ``&self``) and separators (``*``) are not counted."""
    listing = node.child_by_field_name("parameters")
    if listing is None:
        return int(node.child_by_field_name("parameter") is not None)
    if not listing.type.endswith(("parameters", "parameter_list")):
        return 1  # `x => ...` without parentheses
    count = 0
    for child in listing.children:
        if child.type == "params":
            count += 1  # C# writes `params int[] rest` straight into the list, without a parameter node
        elif child.is_named and child.type not in spec.comment_kinds and child.type.encode() not in spec.receivers:
            count += _width(child, listing)
    if in_type and listing.named_child_count and _first_word(listing, source) in spec.receivers:
        count -= 1
    return count


def _width(child: Node, listing: Node) -> int:
    """Return how many parameters a child of a list stands for: Go's ``a, b int`` is two."""
    if child.type == "parameter_declaration":
        return max(1, len(child.children_by_field_name("name")))
    if listing.type == "parameter_list" and child.type in ("array_type", "identifier", "attribute_list"):
        return 0  # the pieces of a C# `params`
    return 1


def _first_word(listing: Node, source: bytes) -> bytes:
    first = listing.named_child(0)
    if first is None:
        return b""
    start = first.start_byte
    return source[start : min(first.end_byte, start + MAX_RECEIVER)].partition(b":")[0].strip()


def _clean(name: str) -> str:
    return " ".join(name.strip("\"'`").split())[:MAX_NAME]
