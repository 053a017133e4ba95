"""Licence notices at the head of a file: the same text above unrelated programs. Pure functions.

Where they were read, the text of a licence made 12 of the 58 wrong pairs in a review of an ordinary crawl; only the
same name for something else made more (19). Above a small file a notice has more words than the code.
"""

from typing import Final

import regex as re

from parsers.lexer import CODE, COMMENT, parts

_NOTICE: Final = re.compile(
    rb"\b(?:licen[sc]e[sd]?|copyright|spdx|redistributions?|warrant(?:y|ies)|all rights reserved)\b|\(c\) ?\d{4}", re.I
)
_NO_CODE: Final = re.compile(rb"(?:\s++|#(?:region|endregion|nullable|pragma)\b[^\n]*+|<\?php)*+\Z")
"""What may stand between comments and still is no program: blanks, and directives of C#."""


def without_notice(content: bytes, language: str) -> bytes:
    """The content without those comments before its first code that speak of licences.

    Comments with less than an empty line between them are one: a notice in line comments goes as a whole.

    Raises:
        KeyError: the language is none of the seven.
    """
    group: list[bytes] = []
    kept: list[bytes] = []
    read = 0
    for kind, text in parts(content, language):
        if kind == COMMENT or (kind == CODE and text.count(b"\n") < 2 and group and _NO_CODE.match(text)):
            group.append(text)
            read += len(text)
            continue
        kept += _harmless(group)
        group = []
        if kind != CODE or not _NO_CODE.match(text):
            break
        kept.append(text)
        read += len(text)
    kept += _harmless(group)
    return b"".join(kept) + content[read:]


def _harmless(group: list[bytes]) -> list[bytes]:
    return [] if _NOTICE.search(b"".join(group)) else group
