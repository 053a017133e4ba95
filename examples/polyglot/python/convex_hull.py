"""Convex hull of buoy positions: monotone chain, area, perimeter, point containment."""

from collections.abc import Iterable
from itertools import pairwise
from math import dist

Point = tuple[float, float]

BUOYS: list[Point] = [
    (1, 1), (4, 0), (9, 2), (11, 6), (8, 10), (3, 9), (0, 5),
    (5, 5), (6, 3), (2, 4), (7, 7), (4, 8), (11, 6), (6.5, 1),
]


def cross(o: Point, a: Point, b: Point) -> float:
    """Twice the signed area of triangle oab; positive for a left turn."""
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def half_hull(points: Iterable[Point]) -> list[Point]:
    chain: list[Point] = []
    for p in points:
        while len(chain) >= 2 and cross(chain[-2], chain[-1], p) <= 0:
            chain.pop()
        chain.append(p)
    return chain


def convex_hull(points: Iterable[Point]) -> list[Point]:
    """Vertices in counter-clockwise order, starting with the leftmost one."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    lower = half_hull(ordered)
    upper = half_hull(reversed(ordered))
    return lower[:-1] + upper[:-1]


def edges(polygon: list[Point]) -> Iterable[tuple[Point, Point]]:
    return pairwise([*polygon, polygon[0]])


def area(polygon: list[Point]) -> float:
    """Shoelace formula."""
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in edges(polygon)) / 2


def perimeter(polygon: list[Point]) -> float:
    return sum(dist(a, b) for a, b in edges(polygon))


def contains(polygon: list[Point], p: Point) -> bool:
    """True for points inside the hull or on its border."""
    return all(cross(a, b, p) >= 0 for a, b in edges(polygon))


def main() -> None:
    hull = convex_hull(BUOYS)
    print(f"{len(hull)} of {len(BUOYS)} buoys are on the hull:")
    print(" ".join(f"({x:g}, {y:g})" for x, y in hull))
    print(f"area {area(hull):.2f}, perimeter {perimeter(hull):.3f}")
    for boat in [(5, 6), (10, 9), (0, 5), (10, 4)]:
        where = "inside" if contains(hull, boat) else "outside"
        print(f"boat at {boat}: {where}")


if __name__ == "__main__":
    main()
