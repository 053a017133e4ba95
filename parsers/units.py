"""Functions, methods and types of a parsed source, with where they begin and end."""

import re
from bisect import bisect_right
from typing import NamedTuple

from tree_sitter import Node

from parsers.languages import LANGUAGES, LanguageSpec
from parsers.naming import bound_function, declared_name, go_receiver, parameter_count, split_target, text
from parsers.outer import outer_start
from parsers.roles import ATTRIBUTE, BINDING, CLASS, FUNCTION, LAMBDA, NONE, WRAPPER, role_table
from parsers.syntax import Syntax, language_of
from parsers.unit import Unit

__all__ = ["Unit", "extract_units"]


MAX_CONTAINER = 256
"""Characters of a container, more than the names above any function written by hand. Each unit holds the container
as a string of its own: without the bound 200 kB of nested functions took 160 MB, 2 MB 15 GB."""
MAX_HEAD = 16384
"""Bytes in front of the name of a unit that are searched for the annotation of a test. Heads of nested units contain
each other; without the bound their search is quadratic."""


class _Scope(NamedTuple):
    """Where a declaration stands."""

    container: str = ""
    in_type: bool = False
    in_tests: bool = False
    """Whether an enclosing name is ``tests``, which the container may have lost."""

    def within(self, name: str, in_type: bool = False) -> "_Scope":
        return _Scope(_join(self.container, name), in_type, self.in_tests or name == "tests")


_Frame = tuple[Node, _Scope, int]
"""A node whose named children are to be looked at; its scope; and, if it is a wrapper such as ``export``, the offset
where the outer range of the wrapped unit begins, else -1."""

_NOWHERE = 1 << 62


def extract_units(syntax: Syntax, nested: bool = True) -> list[Unit]:
    """Return the units in the order of their first byte, outer before inner.

    Functions are named declarations, methods (of object literals too) and anonymous functions that are bound to a
    name; a bare callback is none, but what is declared inside it is found. Signatures without a body are found as
    direct members of a type. With ``nested=False`` function bodies are not searched.

    The search goes down only where a signpost of the language lies (a keyword such as ``def``, or ``{`` and ``=>``),
    which leaves out most of the tree; it costs 0.25-0.5 of the parse with all records (least for Go, most for
    TypeScript); a tree-sitter query takes 0.30-0.39 for the bare nodes, without names and containers. There is no
    recursion, so depth is limited by memory alone.
    """
    search = _Search(syntax, nested)
    search.run(syntax.tree.root_node)
    return sorted(search.units, key=lambda unit: (unit.start_byte, -unit.end_byte))


class _Search:
    """The state of one extraction."""

    def __init__(self, syntax: Syntax, nested: bool) -> None:
        self.spec: LanguageSpec = LANGUAGES[syntax.language]
        self.source = syntax.source
        self.nested = nested
        self.roles = role_table(syntax.language, language_of(syntax))
        self.posts = _posts(syntax.source, self.spec.signposts)
        self.units: list[Unit] = []
        self.stack: list[_Frame] = []

    def run(self, root: Node) -> None:
        stack, posts, role_of = self.stack, self.posts, self.roles.get
        stack.append((root, _Scope(), -1))
        while stack:
            node, scope, pending = stack.pop()
            children = node.named_children
            if wrapped := pending >= 0:
                # `type ( A ...; B ... )`: what stands above the group belongs to none of its members.
                members = sum(LAMBDA <= role_of(child.kind_id, NONE) <= FUNCTION for child in children)
                pending = pending if members <= 1 else -1
            for child in children:
                role = role_of(child.kind_id, NONE)
                if role <= BINDING:
                    start = child.start_byte
                    if posts[bisect_right(posts, start)] < child.end_byte:
                        if role == NONE:
                            stack.append((child, scope, -1))
                        else:
                            self.enter(child, role, scope, pending, node)
                    if role != NONE or not wrapped:
                        pending = -1
                elif role <= FUNCTION:
                    self.declare(child, role, scope, pending)
                    pending = -1
                elif role == ATTRIBUTE and pending < 0:
                    pending = child.start_byte

    def enter(self, node: Node, role: int, scope: _Scope, pending: int, parent: Node) -> None:
        """Handle a node that has a role, holds a signpost and is no declaration by itself."""
        if role == WRAPPER:
            self.stack.append((node, scope, node.start_byte if pending < 0 else pending))
        elif role == LAMBDA and parent.type == "export_statement":
            self.function(node, node, "default", scope, pending)
        elif role != BINDING or not self.bind(node, scope, pending):
            self.stack.append((node, scope.within(""), -1))

    def declare(self, node: Node, role: int, scope: _Scope, pending: int) -> None:
        """Handle a node that is a unit or a scope by itself."""
        if role == FUNCTION:
            self.function(node, node, declared_name(node, self.source), scope, pending)
        elif role == CLASS:
            self.type(node, node, declared_name(node, self.source), scope, pending)
        else:
            field = self.spec.scope_kinds[node.type]
            name_node, body = node.child_by_field_name(field), node.child_by_field_name("body")
            if body is not None:
                name = re.split(r"[<{(]", text(name_node, self.source))[0].split("::")[-1].strip(" &\"'")
                self.stack.append((body, scope.within(name, field == "type"), -1))

    def bind(self, node: Node, scope: _Scope, pending: int) -> bool:
        """Handle ``name = <anonymous function or class>``; return False for any other binding."""
        name_field, value_field = self.spec.binding_kinds[node.type]
        value = bound_function(node, value_field, self.roles)
        target = node.child_by_field_name(name_field)
        if value is None or target is None:
            return False
        owner, name = split_target(text(target, self.source))
        inner = scope.within(owner, scope.in_type or bool(owner) or node.type == "pair")
        if self.spec.lambda_kinds[value.type] == "class":
            self.type(node, value, name, inner, pending)
        else:
            self.function(node, value, name, inner, pending)
        return True

    def function(self, node: Node, code: Node, name: str, scope: _Scope, pending: int) -> None:
        """Add a function; ``code`` has parameters and body and is inside ``node``, or is ``node`` itself."""
        if (receiver := node.child_by_field_name("receiver")) is not None:
            scope = scope.within(go_receiver(text(receiver, self.source)), scope.in_type)
        kind = self.spec.function_kinds.get(code.type, "function")
        if kind == "function" and scope.in_type:
            kind = "method"
        if kind == "method" and name in self.spec.constructor_names:
            kind = "constructor"
        count = parameter_count(code, self.spec, self.source, scope.in_type)
        has_body = code.child_by_field_name("body") is not None
        self.add(node, code, (kind, name, scope), count, has_body, pending)
        if self.nested:
            self.stack.append((code, scope.within(name), -1))

    def type(self, node: Node, code: Node, name: str, scope: _Scope, pending: int) -> None:
        """Add a type and search its body, whose direct children are looked at whether signposted or not."""
        kind = self.spec.class_kinds.get(code.type) or self.spec.lambda_kinds[code.type]
        body = code.child_by_field_name("body")
        if kind == "type" and (definition := code.child_by_field_name("type")) is not None:
            shape = definition.type.removesuffix("_type")
            if shape in ("struct", "interface"):
                kind, body = shape, definition
        self.add(node, code, (kind, name, scope), -1, body is not None, pending)
        if body is not None:
            self.stack.append((body, scope.within(name, True), -1))

    def add(
        self, node: Node, code: Node, identity: tuple[str, str, _Scope], parameters: int, has_body: bool, pending: int
    ) -> None:
        kind, name, scope = identity
        anchor = node.start_byte if pending < 0 else pending
        outer = outer_start(self.source, anchor, self.spec)
        start_line, end = node.start_point.row + 1, node.end_point
        names = self.spec.test_classes if parameters < 0 else self.spec.test_names
        declarator = code.child_by_field_name("name") or code.child_by_field_name("body")
        stop = declarator.start_byte if declarator is not None else code.end_byte
        marks, head = self.spec.test_marks, self.source[anchor : min(stop, anchor + MAX_HEAD)]
        is_test = (
            re.fullmatch(names, name.encode()) is not None
            or (marks != b"" and re.search(marks, head) is not None)
            or (self.spec.name == "rust" and scope.in_tests)
        )
        self.units.append(
            Unit(
                kind, name, scope.container, start_line, end.row + (end.column > 0), node.start_byte, node.end_byte,
                start_line - self.source.count(b"\n", outer, node.start_byte), outer,
                parameters, has_body, node.has_error, is_test,
            )
        )  # fmt: skip


def _posts(source: bytes, signposts: tuple[bytes, ...]) -> list[int]:
    """Return the sorted offsets of all signposts, closed by one behind every source.

    A brace counts from its first byte and a word from its second, so that "strictly inside a node" leaves out the
    brace with which a block begins, but not the word with which a list of declarations begins.
    """
    found = [_NOWHERE]
    for post in signposts:
        shift = int(post != b"{")
        at = source.find(post)
        while at >= 0:
            found.append(at + shift)
            at = source.find(post, at + 1)
    found.sort()
    return found


def _join(container: str, name: str) -> str:
    """Return ``container.name``; beyond ``MAX_CONTAINER`` only the innermost whole names, behind an ellipsis."""
    joined = f"{container}.{name}" if container and name else container or name
    if len(joined) <= MAX_CONTAINER:
        return joined
    tail = joined[1 - MAX_CONTAINER :]
    return f"…{tail[max(0, tail.find('.')) :]}"
