"""Guess a language from what its programs cannot do without. Conservative: unsure means none."""

import re

MARGIN = 2.0
"""The best language must score this many times the second best."""

LEAST = 4
"""Least score of an answer: two strong cues, or one that no other language shares (weight 4)."""

_CUES: dict[str, tuple[tuple[int, str], ...]] = {
    "python": (
        (3, r"^[ \t]*(?:async[ \t]+)?def \w+\(.*\).*:[ \t]*(?:#.*)?$"),
        (2, r"^(?:from [\w.]+ import [\w*(]|import \w[\w.]*(?: as \w+)?[ \t]*$)"),
        (3, r"^if __name__ == ['\"]__main__['\"]:"),
        (2, r"^[ \t]*(?:elif .*|except\b.*|class \w+(?:\(.*\))?):[ \t]*$"),
    ),
    "java": (
        (3, r"^import (?:static )?(?:java|javax|org|com|jakarta)\.[\w.]+(?:\.\*)?;"),
        (2, r"^package [a-z][\w.]*;"),
        (3, r"\bpublic static void main\(\s*(?:final )?String\b"),
        (2, r"^(?:public |final |abstract )+(?:class|interface|enum|record) \w+[^;]*$"),
        (1, r"\bSystem\.out\.print"),
    ),
    "javascript": (
        (3, r"\b(?:const|let|var) (?:\w+|\{[^}\n]*\}) = require\(['\"]"),
        (3, r"^(?:module\.exports|exports\.\w+) ="),
        (2, r"^['\"]use strict['\"];?"),
        (1, r"^(?:async )?function \w+\([\w, ]*\) \{"),
        (2, r"\b(?:console\.log|document\.(?:getElementById|querySelector))\("),
    ),
    "typescript": (
        (3, r"^(?:export )?(?:interface \w+(?:<.*>)?(?: extends .*)? \{|type \w+(?:<.*>)? = )"),
        (3, r"^import [^\n'\"]* from ['\"][^\n'\"]*['\"][\s\S]*\w\??: (?:string|number|boolean|void)\b"),
        (3, r"\b(?:const|let|function) \w+(?:\(.*\))?: (?:string|number|boolean|void|Promise<)"),
        (2, r"^[ \t]*(?:private|public|readonly|protected) (?:async )?\w+(?:\(.*\))?: \w"),
    ),
    "csharp": (
        (3, r"^using (?:static )?(?:System|Microsoft|Newtonsoft|Unity\w*|Xunit|NUnit)[\w.]*;"),
        (3, r"^namespace [A-Z][\w.]*\s*[;{]?[ \t]*$"),
        (2, r"^[ \t]*(?:public|private|protected|internal)[\w<>\[\] ]* \{ get;"),
        (1, r"\bConsole\.Write"),
    ),
    "go": (
        (3, r"^package [a-z]\w*[ \t]*(?://.*)?$"),
        (3, r"^func (?:\(\w+ \*?\w+\) )?\w+\(.*\).*\{[ \t]*$"),
        (2, r"^import (?:\(|\w* ?\"[\w./-]+\")[ \t]*$"),
        (1, r"\w := "),
    ),
    "rust": (
        (3, r"^(?:[ \t]*)(?:pub(?:\(\w+\))? )?(?:async |unsafe |const )*fn \w+(?:<.*>)?\(.*\)?.*(?:->.*)?\{?[ \t]*$"),
        (3, r"^(?:pub )?use (?:std|core|crate|super|self|\w+)::[\w:{}, *]+;"),
        (3, r"^#!?\[(?:derive|cfg|allow|test|no_std)\b"),
        (2, r"^impl(?:<.*>)? .*\{|\blet mut \w"),
    ),
}
"""Regular expressions with weights, each counted once. Weight 3: hardly seen elsewhere at the start of a line; 1:
shared with relatives. TypeScript also gets what JavaScript scores, see ``by_cues``."""

_COMPILED = {
    language: tuple((weight, re.compile(pattern.encode(), re.MULTILINE)) for weight, pattern in cues)
    for language, cues in _CUES.items()
}


def by_cues(head: bytes) -> str | None:
    """Return the language of the first bytes of a file, ``None`` unless one is well ahead of all others."""
    lines = b"\n".join(line[:300] for line in head.splitlines())
    scores = {
        language: sum(weight for weight, pattern in cues if pattern.search(lines))
        for language, cues in _COMPILED.items()
    }
    if scores["typescript"] >= 3:
        # TypeScript is JavaScript with types: the types decide between the two.
        scores["typescript"] += scores.pop("javascript")
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (best, score), (_, second) = ranked[:2]
    return best if score >= LEAST and score >= MARGIN * second else None
