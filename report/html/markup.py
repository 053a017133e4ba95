"""HTML out of values: whatever is not markup by type is escaped, so no name can become part of the page. Pure."""

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from report.table import plain

DIGITS = 4
"""Significant digits of numbers."""
LONG = 1e12
"""Numbers from here on are shown as powers of ten."""
TEXT = 300
"""Characters of a text that are shown."""


class Markup(str):
    """Text that is HTML already; made by this module only."""

    __slots__ = ()


def escaped(value: object) -> Markup:
    """Any value as text of a page; control characters and changes of text direction are spelled out."""
    if isinstance(value, Markup):
        return value
    text = plain(str(value))
    text = text if len(text) <= TEXT else f"{text[:TEXT]}... ({len(text):,} characters)"
    return Markup(html.escape(text, quote=True))


def element(name: str, *parts: object, **attributes: str) -> Markup:
    """An element; its parts and attributes are escaped unless they are markup."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{given}>{''.join(map(escaped, parts))}</{name}>")


def joined(parts: Iterable[object]) -> Markup:
    """Parts one after the other, each on a line."""
    return Markup("\n".join(map(escaped, parts)))


def shown(value: object) -> str:
    """A value for people."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        whole = 1000 <= abs(value) < LONG
        return f"{value:,.0f}" if whole else f"{value:.{DIGITS}g}"
    return str(value)


def table(caption: str, rows: Sequence[Mapping[str, Any]], empty: str = "nothing") -> Markup:
    """A table with a caption; numbers stand right.

    Args:
        caption: what it shows.
        rows: with the same keys; the first key heads each row.
        empty: what to say where there are no rows.
    """
    if not rows:
        return element("p", f"{caption}: {empty}.", class_="absent")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head = element("tr", *(element("th", column, scope="col") for column in columns))
    body = [element("tr", *(_cell(row.get(c), c == columns[0]) for c in columns)) for row in rows]
    inner = element("table", element("caption", caption), element("thead", head), element("tbody", joined(body)))
    return element("div", inner, class_="wide")


def _cell(value: object, first: bool) -> Markup:
    text = value if isinstance(value, Markup) else shown(value)
    if first:
        return element("th", text, scope="row")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return element("td", text, class_="number") if number else element("td", text)


def notes(texts: Sequence[str], kind: str = "warning") -> Markup:
    """A list of sentences; nothing where there are none."""
    if not texts:
        return Markup("")
    return element("ul", *(element("li", text) for text in texts), class_=kind)


def paragraph(text: object, kind: str = "") -> Markup:
    """A paragraph."""
    return element("p", text, class_=kind) if kind else element("p", text)
