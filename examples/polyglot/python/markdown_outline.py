"""Outline of a Markdown document: its headings, their slugs, and a table of contents."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Iterator

ATX = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t#]*$")
SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")

GUIDE = """\
Field Guide
===========
How to watch *birds*.

## Getting Started
### Install
~~~sh
# not a heading, only a comment
~~~
## Usage & Tips
### Install ###
## FAQ
"""


@dataclass
class Heading:
    level: int
    title: str
    slug: str = ""
    children: list[Heading] = field(default_factory=list)


def find_headings(lines: Iterable[str]) -> Iterator[Heading]:
    fence = None
    previous = ""
    for line in lines:
        opening = FENCE.match(line)
        if fence:
            if opening and opening[1].startswith(fence):
                fence = None
        elif opening:
            fence = opening[1]
        elif match := ATX.match(line):
            yield Heading(len(match["marks"]), match["title"])
        elif (underline := SETEXT.match(line)) and previous.strip():
            yield Heading(1 if underline[1][0] == "=" else 2, previous.strip())
            line = ""
        previous = "" if fence or ATX.match(line) else line


class Slugger:
    """Makes anchors; a repeated title gets -1, -2 and so on."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, title: str) -> str:
        words = re.findall(r"\w+", title.lower())
        slug = "-".join(words) or "section"
        repeats = self._seen[slug]
        self._seen[slug] += 1
        return f"{slug}-{repeats}" if repeats else slug


def build_tree(headings: Iterable[Heading]) -> list[Heading]:
    root = Heading(0, "")
    path = [root]
    slugify = Slugger()
    for heading in headings:
        heading.slug = slugify(heading.title)
        while path[-1].level >= heading.level:
            path.pop()
        path[-1].children.append(heading)
        path.append(heading)
    return root.children


def render(headings: list[Heading], depth: int = 0) -> Iterator[str]:
    for heading in headings:
        yield f"{'  ' * depth}- [{heading.title}](#{heading.slug})"
        yield from render(heading.children, depth + 1)


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text(encoding="utf-8") if len(sys.argv) > 1 else GUIDE
    print("\n".join(render(build_tree(find_headings(text.splitlines())))))
