"""The functions of a program: how they nest, their whole text, and which may be taken out of it. Pure functions."""

from collections.abc import Container, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from tree_sitter import Node

from pairing.parallel.edits import Edits, whole_lines, without_gaps
from parsers.languages import LANGUAGES
from parsers.syntax import Syntax

BEHIND = b";"
"""What may stand behind a function and belongs to it."""

LIST_ITEM = (b",", b"=", b"(", b"[")
"""What stands before a function that is an item or a value: without it the rest would not be whole."""

SHIFT = b" \t"


class Unit(NamedTuple):
    """A function with a body, in bytes of its program; `outer` is where its decorators and comments begin."""

    start: int
    end: int
    outer: int
    first_line: int
    last_line: int

    def moved(self, edits: Edits, text: bytes) -> "Unit":
        """The same function in the text that edits of its program gave; lines stay those of the document."""
        start, end, outer = edits.place(self.start), edits.place(self.end), edits.place(self.outer)
        while outer < start and text[outer : outer + 1].isspace():
            outer += 1
        return self._replace(start=start, end=max(start, end), outer=min(outer, start))


def parents(units: Sequence[Unit]) -> list[int]:
    """The function that each one stands in directly, by number; -1 for none.

    Args:
        units: in the order of their first byte, outer before inner.
    """
    found: list[int] = []
    stack: list[int] = []
    for number, unit in enumerate(units):
        while stack and units[stack[-1]].end <= unit.start:
            stack.pop()
        found.append(stack[-1] if stack else -1)
        stack.append(number)
    return found


def exposed(units: Sequence[Unit], partners: Container[int]) -> list[int]:
    """The functions that may be taken out as wholes: those with a partner, and those without anything that has one.

    A function with a partner hides what it holds. One without lets its inner functions stand for it where one of them
    has a partner: with the whole, that one's counterpart would lose it.
    """
    above = parents(units)
    holds = [False] * len(units)
    for number in range(len(units) - 1, -1, -1):
        if above[number] >= 0 and (holds[number] or number in partners):
            holds[above[number]] = True
    shown: list[int] = []
    open_ = [False] * len(units)
    for number, parent in enumerate(above):
        if parent >= 0 and not open_[parent]:
            continue
        if holds[number] and number not in partners:
            open_[number] = True
        else:
            shown.append(number)
    return shown


def removable(text: bytes, unit: Unit) -> tuple[int, int] | None:
    """The whole lines of a function, if it stands on them alone and is no item of a list; else None."""
    lines = whole_lines(text, unit.outer, unit.end, BEHIND)
    if lines is None:
        return None
    before = unit.outer
    while before and text[before - 1 : before].isspace():
        before -= 1
    return None if text[before - 1 : before] in LIST_ITEM else lines


def removal(syntax: Syntax, units: Sequence[Unit]) -> Edits:
    """Takes functions out of a program as whole lines; a Python body that would hold nothing holds `pass` instead.

    Args:
        syntax: the program.
        units: functions that are `removable`, none inside another.
    """
    lines = [found for unit in units if (found := removable(syntax.source, unit)) is not None]
    fillers = dict(_emptied(syntax, units))
    edits = []
    for edit in without_gaps(syntax.source, sorted(lines)):
        text = b"".join(fillers[line] for line in sorted(fillers) if edit.start <= line < edit.end)
        edits.append(edit._replace(text=text))
    return Edits(edits)


def _emptied(syntax: Syntax, removed: Sequence[Unit]) -> Iterator[tuple[int, bytes]]:
    """Where a body of a Python program begins all of whose statements are removed, and what is put there."""
    if syntax.language != "python":
        return
    gone: dict[int, list[Unit]] = {}
    blocks: dict[int, Node] = {}
    for unit in removed:
        if (block := _block(syntax, unit)) is not None:
            gone.setdefault(block.id, []).append(unit)
            blocks[block.id] = block
    for key, block in blocks.items():
        kinds = LANGUAGES["python"].comment_kinds
        left = [child for child in block.named_children if child.type not in kinds]
        if len(left) <= len(gone[key]):
            # the indentation of a definition itself: comments above it may stand anywhere
            first = min(gone[key], key=attrgetter("start")).start
            line = syntax.source.rfind(b"\n", 0, first) + 1
            yield line, syntax.source[line:first][: _indent(syntax.source[line:first])] + b"pass\n"


def _indent(text: bytes) -> int:
    return len(text) - len(text.lstrip(SHIFT))


def _block(syntax: Syntax, unit: Unit) -> Node | None:
    last = max(unit.start, unit.end - 1)
    node: Node | None = syntax.tree.root_node.named_descendant_for_byte_range(unit.start, last)
    while node is not None and node.type != "block":
        if node.start_byte < unit.outer or node.end_byte > unit.end:
            return None
        node = node.parent
    if node is not None and node.start_byte > unit.start:
        return None
    return node


def text_of(syntax: Syntax, unit: Unit) -> bytes:
    """The whole text of a function with its decorators and comments, moved to the left margin.

    Lines that begin inside a string stay as they are. Where other code stands before the function on its first line,
    the text begins with the function, and the other lines move as far as that line is indented.
    """
    source = syntax.source
    line = source.rfind(b"\n", 0, unit.outer) + 1
    indent = _indent(source[line : unit.outer])
    end = unit.end + (source[unit.end : unit.end + 1] == BEHIND)
    text = source[unit.outer : end]
    if not indent:
        return text
    lines = text.split(b"\n")
    moved, position = [lines[0]], unit.outer + len(lines[0]) + 1
    for content in lines[1:]:
        cut = min(indent, _indent(content))
        moved.append(content[cut:] if cut and not _in_string(syntax, position) else content)
        position += len(content) + 1
    return b"\n".join(moved)


def _in_string(syntax: Syntax, offset: int) -> bool:
    """Whether a line begins inside a token, which is then a string; a comment is none."""
    node = syntax.tree.root_node.descendant_for_byte_range(offset, offset + 1)
    if node is None or node.type in LANGUAGES[syntax.language].comment_kinds or node.parent is None:
        return False
    if node.start_byte >= offset:
        return False
    return not node.child_count or "string" in node.type or "template" in node.type
