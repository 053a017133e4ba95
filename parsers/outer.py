"""Where a declaration begins for a reader: with the comments directly above it."""

from parsers.spec import LanguageSpec


def outer_start(source: bytes, anchor: int, spec: LanguageSpec) -> int:
    """Return the offset of the first comment or attribute line in the unbroken run above ``anchor``.

    Read off the text, not the tree: grammars hang the comment above the first member of a block outside that block.
    A blank line ends the run. An anchor behind other code on its line is returned as it is.
    """
    line = source.rfind(b"\n", 0, anchor) + 1
    if line < anchor and not source[line:anchor].isspace():
        return anchor
    start = anchor
    while line > 0:
        end = line - 1
        line = source.rfind(b"\n", 0, end) + 1
        above = source[line:end].strip()
        if above.endswith(b"*/") and b"//" in spec.comment_prefixes:
            begin = source.rfind(b"/*", 0, end)
            if begin < 0:
                break
            line = source.rfind(b"\n", 0, begin) + 1
            if source[line:begin].strip():
                break
            start = begin
        elif above.startswith(spec.comment_prefixes) and not above.startswith(b"#!"):
            start = end - len(source[line:end].lstrip())
        else:
            break
    return start
