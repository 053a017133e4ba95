"""A hand-written JSON reader that reports the line and column of every error."""

import re
from typing import Any

WHITESPACE = re.compile(r"[ \t\r\n]*")
NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?P<real>(?:\.\d+)?(?:[eE][+-]?\d+)?)")
PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
KEYWORDS = {"true": True, "false": False, "null": None}


class JsonError(ValueError):
    def __init__(self, problem: str, document: str, offset: int) -> None:
        self.line = document.count("\n", 0, offset) + 1
        self.column = offset - document.rfind("\n", 0, offset)
        super().__init__(f"{self.line}:{self.column}: {problem}")


def read_json(document: str) -> Any:
    """Parse one complete document into dicts, lists, strings, numbers, booleans and None."""

    def fail(problem: str, offset: int) -> None:
        raise JsonError(problem, document, offset)

    def skip(offset: int) -> int:
        return WHITESPACE.match(document, offset).end()

    def value(offset: int) -> tuple[Any, int]:
        match document[offset:offset + 1]:
            case "{":
                return members(offset + 1)
            case "[":
                return elements(offset + 1)
            case '"':
                return string(offset + 1)
        for word, meaning in KEYWORDS.items():
            if document.startswith(word, offset):
                return meaning, offset + len(word)
        if found := NUMBER.match(document, offset):
            convert = float if found["real"] else int
            return convert(found[0]), found.end()
        fail("expected a value", offset)

    def separator(offset: int, closing: str) -> tuple[bool, int]:
        """Read a comma or the closing bracket; tell whether more items follow."""
        offset = skip(offset)
        if document.startswith((",", closing), offset):
            return document[offset] == ",", skip(offset + 1) if document[offset] == "," else offset + 1
        fail(f"expected , or {closing}", offset)

    def elements(offset: int) -> tuple[list, int]:
        result, offset = [], skip(offset)
        more = not document.startswith("]", offset)
        if not more:
            offset += 1
        while more:
            item, offset = value(offset)
            result.append(item)
            more, offset = separator(offset, "]")
        return result, offset

    def members(offset: int) -> tuple[dict, int]:
        result, offset = {}, skip(offset)
        more = not document.startswith("}", offset)
        if not more:
            offset += 1
        while more:
            if not document.startswith('"', offset):
                fail("expected a quoted key", offset)
            key, offset = string(offset + 1)
            offset = skip(offset)
            if not document.startswith(":", offset):
                fail(f"expected : after {key!r}", offset)
            result[key], offset = value(skip(offset + 1))
            more, offset = separator(offset, "}")
        return result, offset

    def string(offset: int) -> tuple[str, int]:
        pieces = []
        while True:
            plain = PLAIN.match(document, offset)
            pieces.append(plain[0])
            offset = plain.end()
            if document.startswith('"', offset):
                return "".join(pieces), offset + 1
            if not document.startswith("\\", offset):
                fail("unterminated string", offset)
            escape = document[offset + 1:offset + 2]
            if escape in ESCAPES:
                pieces.append(ESCAPES[escape])
                offset += 2
            elif code := re.compile("u([0-9a-fA-F]{4})").match(document, offset + 1):
                pieces.append(chr(int(code[1], 16)))
                offset = code.end()
            else:
                fail("invalid escape", offset)

    result, end = value(skip(0))
    if skip(end) != len(document):
        fail("trailing text after the document", skip(end))
    return result
