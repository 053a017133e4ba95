"""Work out in which order to build packages, or report the cycle that prevents it.

Usage: topological_build.py [MANIFEST]     (without a manifest, two samples are built)
"""

import sys
from enum import Enum, auto
from pathlib import Path

WEB_SHOP = """
app: http auth logging
http: sockets logging
auth: crypto storage
storage: logging
"""

COMPILER = """
driver: parser
parser: lexer
lexer: tokens
tokens: parser
"""


class CycleError(Exception):
    def __init__(self, cycle):
        super().__init__(" -> ".join(cycle))
        self.cycle = cycle


class Mark(Enum):
    IN_PROGRESS = auto()
    BUILT = auto()


def parse_manifest(text):
    """Read ``package: dependency...`` lines; dependencies without a line have none themselves."""
    dependencies = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        package, _, needed = line.partition(":")
        dependencies[package] = needed.split()
        for name in dependencies[package]:
            dependencies.setdefault(name, [])
    return dependencies


def build_order(dependencies):
    """Depth-first search: a package comes after everything it depends on."""
    marks = {}
    trail = []
    order = []

    def visit(package):
        mark = marks.get(package)
        if mark is Mark.BUILT:
            return
        if mark is Mark.IN_PROGRESS:
            raise CycleError(trail[trail.index(package):] + [package])
        marks[package] = Mark.IN_PROGRESS
        trail.append(package)
        for needed in sorted(dependencies.get(package, ())):
            visit(needed)
        trail.pop()
        marks[package] = Mark.BUILT
        order.append(package)

    for package in sorted(dependencies):
        visit(package)
    return order


def report(title, manifest):
    try:
        order = build_order(parse_manifest(manifest))
    except CycleError as error:
        print(f"{title}: circular dependency {error}")
        return False
    print(f"{title}: build {', '.join(order)}")
    return True


def main(arguments):
    if not arguments:
        report("web shop", WEB_SHOP)
        report("compiler", COMPILER)
        return 0
    path = Path(arguments[0])
    return 0 if report(path.stem, path.read_text(encoding="utf-8")) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
