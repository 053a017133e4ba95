"""A mustache-like template engine: ``{{name}}`` and ``{{#each items}} ... {{/each}}``."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Callable

TAG = re.compile(r"\{\{\s*(#each\s+)?(/each|[@\w.]+)\s*\}\}")
Renderer = Callable[[list[Mapping[str, Any]]], str]


class TemplateError(ValueError):
    pass


class Template:
    """Compiled once, rendered many times."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._render = self._block(nested=False)

    def render(self, **context: Any) -> str:
        return self._render([context])

    def _block(self, nested: bool) -> Renderer:
        parts: list[Renderer] = []
        while tag := TAG.search(self._source, self._position):
            parts.append(self._text(self._source[self._position:tag.start()]))
            self._position = tag.end()
            opens_each, path = tag.groups()
            if path == "/each":
                if not nested:
                    raise TemplateError(f"stray {tag[0]} at character {tag.start()}")
                break
            parts.append(self._each(path) if opens_each else self._placeholder(path))
        else:
            if nested:
                raise TemplateError("an {{#each}} block is never closed")
            parts.append(self._text(self._source[self._position:]))
        return lambda scopes: "".join(part(scopes) for part in parts)

    @staticmethod
    def _text(literal: str) -> Renderer:
        return lambda scopes: literal

    @staticmethod
    def _placeholder(path: str) -> Renderer:
        return lambda scopes: html.escape(str(lookup(path, scopes)))

    def _each(self, path: str) -> Renderer:
        body = self._block(nested=True)

        def repeat(scopes: list[Mapping[str, Any]]) -> str:
            output = []
            for index, item in enumerate(lookup(path, scopes), start=1):
                fields = item if isinstance(item, Mapping) else {}
                output.append(body([*scopes, {**fields, "this": item, "@index": index}]))
            return "".join(output)

        return repeat


def lookup(path: str, scopes: list[Mapping[str, Any]]) -> Any:
    """Find the first name in the innermost scope that has it, then follow the dots."""
    first, *rest = path.split(".")
    for scope in reversed(scopes):
        if first in scope:
            value = scope[first]
            break
    else:
        raise TemplateError(f"nothing called {first!r} here")
    for name in rest:
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value


LETTER = """\
Dear {{customer.name}},
order {{orderId}} ships on {{ shipDate }}:
{{#each lines}}  {{@index}}. {{quantity}} x {{title}}{{#each tags}} <{{this}}>{{/each}}
{{/each}}Thank you!"""

if __name__ == "__main__":
    kettle = {"quantity": 2, "title": "Copper kettle", "tags": ["kitchen", "gift"]}
    towel = {"quantity": 1, "title": "Tea towel", "tags": []}
    letter = Template(LETTER)
    order = {"customer": {"name": "Ines & Co"}, "orderId": "A-1047", "shipDate": "3 May"}
    print(letter.render(**order, lines=[kettle, towel]))
    for broken in ("{{#each lines}} oops", "oops {{/each}}"):
        try:
            Template(broken)
        except TemplateError as error:
            print("rejected:", error)
