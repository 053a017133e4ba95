"""Which language a file is in: by what somebody declared, by its name, by its first lines."""

import os.path
import re
from dataclasses import dataclass
from typing import Literal

from parsers.cues import by_cues
from parsers.languages import LANGUAGES, normalise_language

How = Literal["declared", "filename", "shebang", "extension", "content", ""]

HEAD = 4096
"""Bytes at the start of a file that are looked at; licence headers are seldom longer than 2 kB."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A language, or none, and the evidence."""

    language: str | None
    """Key in ``LANGUAGES``; ``None`` for any other language and for what cannot be told."""
    how: How
    """What decided; empty if nothing did. With ``language`` ``None`` it says what ruled the seven out."""


_BY_EXTENSION = {extension: spec.name for spec in LANGUAGES.values() for extension in spec.extensions}
_BY_FILENAME = {filename: spec.name for spec in LANGUAGES.values() for filename in spec.filenames}
_BY_INTERPRETER = {program: spec.name for spec in LANGUAGES.values() for program in spec.interpreters}

_SHEBANG = re.compile(rb"#!\s*(\S+)(?:[ \t]+([^\r\n]*))?")
_MODELINE = re.compile(
    rb"-\*-(?:.*?;)?\s*(?:mode:\s*)?([\w+#.-]+)\s*(?:;.*?)?-\*-"
    rb"|\b(?:vim?|ex):\s*(?:set?\s+)?(?:[\w=,]+[\s:]+)*?(?:ft|filetype|syntax)=([\w+#.-]+)",
    re.IGNORECASE,
)
_IMPOSTORS: dict[str, re.Pattern[bytes]] = {
    # Qt Linguist translations are XML; MPEG transport streams repeat a sync byte every 188 bytes.
    ".ts": re.compile(rb"\s*<(?:\?xml|!DOCTYPE TS|TS[\s>])|\x47.{187}\x47.{187}\x47", re.DOTALL),
    # RenderScript must state its version before its code.
    ".rs": re.compile(rb"(?:.*\n)*?[ \t]*#[ \t]*pragma[ \t]+(?:version[ \t]*\(|rs[ \t]+java_package_name)"),
    # Smalltalk change sets (chunks that end in !), and Cubescript and other XML-like data.
    ".cs": re.compile(rb"\s*(?:<\?xml|'From .*\n|!\w+ methodsFor:)"),
    ".js": re.compile(rb"\s*<(?:\?xml|!DOCTYPE|html)", re.IGNORECASE),
    ".go": re.compile(rb"(?:\[Term\]|format-version:)"),
}
"""What other formats under one of our extensions begin with (go-enry and Linguist keep such rules too)."""


def detect(path: str, content: bytes, declared: str | None = None) -> Detection:
    """Return the language of a file.

    A declared language is final: one that is not in ``LANGUAGES`` means that the file is none of ours. Otherwise whole
    file name, extension (unless the content is that of another format under the same extension), and for files
    without an extension the ``#!`` line, an editor modeline in the first or last five lines, and cues in the content.
    A file with a foreign extension is none of ours, whatever its content.
    """
    if declared is not None and declared.strip():
        return Detection(normalise_language(declared), "declared")
    filename = os.path.basename(path.replace("\\", "/"))
    if filename in _BY_FILENAME:
        return Detection(_BY_FILENAME[filename], "filename")
    extension = os.path.splitext(filename)[1].lower()
    if extension in _BY_EXTENSION:
        impostor = _IMPOSTORS.get(extension)
        if impostor is not None and impostor.match(content[:HEAD]):
            return Detection(None, "content")
        return Detection(_BY_EXTENSION[extension], "extension")
    if extension and not extension[1:].isdigit():
        return Detection(None, "extension")
    return _by_content(content)


def _by_content(content: bytes) -> Detection:
    head = content[:HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"#!"):
        return Detection(_interpreter(head), "shebang")
    if (mode := _modeline(head, content)) is not None:
        return Detection(normalise_language(mode), "content")
    language = by_cues(head)
    return Detection(language, "content" if language else "")


def _interpreter(head: bytes) -> str | None:
    """Return the language of a ``#!`` line, seen through ``env``, its options and assignments."""
    found = _SHEBANG.match(head)
    if found is None:
        return None
    words = [found.group(1), *(found.group(2) or b"").split()]
    programs = [word.rsplit(b"/", 1)[-1].decode("ascii", "replace") for word in words]
    if programs[0] == "env":
        programs = [word for word in programs[1:] if not word.startswith("-") and "=" not in word]
    program = programs[0] if programs else ""
    return _BY_INTERPRETER.get(program.rstrip("0123456789.")) or _BY_INTERPRETER.get(program)


def _modeline(head: bytes, content: bytes) -> str | None:
    lines = [*head.splitlines()[:5], *content[-HEAD:].splitlines()[-5:]]
    found = next((match for line in lines if (match := _MODELINE.search(line[:500]))), None)
    return (found.group(1) or found.group(2)).decode("ascii", "replace") if found else None
