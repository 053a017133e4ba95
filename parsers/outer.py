"""Where a declaration begins for a reader: with the comments directly above it."""

from parsers.spec import LanguageSpec

_BLANK = b" \t\r\f\v"


def outer_start(source: bytes, anchor: int, spec: LanguageSpec) -> int:
    """Return the offset of the first comment or attribute line in the unbroken run above ``anchor``.

    Read off the text, not the tree: grammars hang the comment above the first member of a block outside that block.
    A blank line ends the run. An anchor behind other code on its line is returned as it is.
    """
    line = _line_start(source, anchor)
    if line < 0:
        return anchor
    start = anchor
    while line > 0:
        end = line - 1
        line = source.rfind(b"\n", 0, end) + 1
        above = source[line:end].strip()
        if above.endswith(b"*/") and b"//" in spec.comment_prefixes:
            begin = _block_start(source, source.rfind(b"*/", 0, end))
            line = _line_start(source, begin) if begin >= 0 else -1
            if line < 0:
                break
            start = begin
        elif above.startswith(spec.comment_prefixes) and not above.startswith(b"#!"):
            start = end - len(source[line:end].lstrip())
        else:
            break
    return start


def _line_start(source: bytes, offset: int) -> int:
    """Return where the line of ``offset`` begins, -1 if other than blanks stands before ``offset`` on that line.

    Looks at the blanks only: a line with thousands of declarations is not searched to its start for each of them.
    """
    while offset > 0 and source[offset - 1] in _BLANK:
        offset -= 1
    return offset if offset == 0 or source[offset - 1] == 0x0A else -1


def _block_start(source: bytes, close: int) -> int:
    """Return where the block comment that ends at ``close`` begins, -1 if it has no beginning.

    The search stops at the end of the comment before, so that each byte is looked at once for all declarations.
    """
    before = source.rfind(b"*/", 0, max(0, close))
    return source.rfind(b"/*", before + 2 if before >= 0 else 0, max(0, close))
