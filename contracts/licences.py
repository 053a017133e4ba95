"""Licences as the SPDX licence list names them: what is an expression, and what was meant by what is none. Pure."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from contracts.spdx import NotSpdx, alternatives

LIST: Final = "spdx_licences.txt"
"""Identifiers of the SPDX licence list 3.27.0 (https://spdx.org/licenses/), each behind its kind: licence, deprecated
(what lacks -only or -or-later, for the most part) or exception."""

OWN: Final = re.compile(r"(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
"""A licence that the list does not have (SPDX 2.3, annex D)."""

LONGEST: Final = 1_000
"""Characters of an expression that a person writes."""

_LATER = re.compile(r"\s+or\s+(?:any\s+)?later(?:\s+version)?(?![^\s)])", re.IGNORECASE)
_BETWEEN = re.compile(r"(\(|\)|/|(?<![^\s)])(?:AND|OR|WITH)(?![^\s(]))", re.IGNORECASE)
_SPELT = re.compile(r"[A-Za-z0-9 .,_-]+")
_WORDS = re.compile(r"[a-z]+|\d+(?:\.\d+)*")
_IDLE = frozenset({"the", "license", "licence", "version"})
_NAMES = {
    "gnu affero general public": "agpl",
    "gnu lesser general public": "lgpl",
    "gnu general public": "gpl",
    "gnu agpl": "agpl",
    "gnu lgpl": "lgpl",
    "gnu gpl": "gpl",
    "mozilla public": "mpl",
    "eclipse public": "epl",
    "boost software": "bsl",
}
"""How names begin whose identifiers are abbreviations."""

SHOWN: Final = 80
"""Characters of a name that a refusal repeats, and that are compared with identifiers."""

HINTS: Final = 4
"""Identifiers that a refusal names at most."""


@cache
def identifiers(*kinds: str) -> dict[str, str]:
    """Identifiers of these kinds by their lower case, which counts for nothing (SPDX 2.3, annex D.2)."""
    lines = (files("contracts") / LIST).read_text(encoding="utf-8").splitlines()
    found = [name for kind, name in map(str.split, lines) if kind in kinds]
    return {name.lower(): name for name in found}


@lru_cache(maxsize=4096)
def is_expression(licence: str) -> bool:
    """Whether a licence is an SPDX expression of licences that the list has or that say that it has not."""
    try:
        found = alternatives(licence)
    except NotSpdx:
        return False
    return all(_is_listed(name) for names in found for name in names)


def _is_listed(name: str) -> bool:
    licence, *exception = name.split(" WITH ")
    known = OWN.fullmatch(licence) or licence.lower() in identifiers("licence", "deprecated")
    return bool(known) and all(each.lower() in identifiers("exception") for each in exception)


def expression(licence: str) -> str:
    """What a person wrote as an SPDX expression: identifiers as the list has them, and names that can mean one only.

    Raises:
        NotSpdx: it is none; the message names what is not known, and the nearest identifiers.
    """
    if len(licence) > LONGEST:
        raise NotSpdx(f"it has more than {LONGEST:,} characters")
    parts: list[str] = []
    for number, part in enumerate(map(str.strip, _BETWEEN.split(_LATER.sub("-or-later", licence)))):
        if number % 2:
            parts.append("OR" if part == "/" else part.upper())
        elif part:
            parts.append(_identifier(part, "exception" if parts[-1:] == ["WITH"] else "licence"))
    found = " ".join(parts).replace("( ", "(").replace(" )", ")")
    try:
        alternatives(found)
    except NotSpdx as error:
        raise NotSpdx(f"what it joins does not make an expression ({error})") from error
    return found


def _identifier(text: str, kind: str) -> str:
    """The identifier that a name means.

    Raises:
        NotSpdx: none, or one of several.
    """
    listed = identifiers(kind, "deprecated") if kind == "licence" else identifiers(kind)
    bare = text.removesuffix("+")
    if bare.lower() in listed:
        return listed[bare.lower()] + text[len(bare) :]
    if kind == "licence" and OWN.fullmatch(text):
        return text
    meant = _by_form(kind).get(_form(text)) if _SPELT.fullmatch(text) else None
    if meant is not None:
        return meant
    hints = list(_near(text, kind))
    told = f" (did you mean {' or '.join(hints)}?)" if hints else ""
    raise NotSpdx(f"the list has no {kind} {text[:SHOWN]!r}{told}")


@cache
def _by_form(kind: str) -> dict[str, str]:
    return {_form(name): name for name in identifiers(kind).values()}


def _form(text: str) -> str:
    """What is left of a name without idle words, marks and noughts: `Apache License, Version 2.0` is `apache 2`."""
    words = _WORDS.findall(re.sub(r"v(?=\d)", " ", text.lower().replace("v.", "v")))
    found = " ".join(re.sub(r"(\.0)+$", "", word) for word in words if word not in _IDLE)
    name = next((name for name in _NAMES if found.startswith(name)), "")
    return _NAMES.get(name, "") + found[len(name) :]


def _near(text: str, kind: str) -> Iterator[str]:
    """The identifiers that a name may mean: those that begin with it, shortest first; else those that are like it."""
    by_form, form = _by_form(kind), _form(text[:SHOWN])
    begun = sorted(
        (found for found in by_form if form and f"{found} ".startswith(f"{form} ")), key=lambda f: (len(f), f)
    )
    for found in begun[:HINTS] or get_close_matches(form, by_form, HINTS):
        yield by_form[found]
