"""Count the islands of a character map with a disjoint-set forest.

``#`` is land and ``.`` is water. Squares belong to the same island when they
touch along an edge; touching at a corner is not enough.
"""

from collections import Counter

CHART = """\
##...#..
#....##.
...#....
..##...#
#......#
#.#####.
"""


class DisjointSet:
    """Union by size with path halving; members join when they are first mentioned."""

    def __init__(self):
        self._parent = {}
        self._size = Counter()

    def add(self, member):
        if member not in self._parent:
            self._parent[member] = member
            self._size[member] = 1

    def find(self, member):
        parent = self._parent
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def union(self, first, second):
        first, second = self.find(first), self.find(second)
        if first == second:
            return False
        if self._size[first] < self._size[second]:
            first, second = second, first
        self._parent[second] = first
        self._size[first] += self._size.pop(second)
        return True

    @property
    def sizes(self):
        """Sizes of all sets, the largest first."""
        return sorted(self._size.values(), reverse=True)


def survey(chart):
    """Return the island sizes of a chart."""
    land = {
        (row, column)
        for row, line in enumerate(chart.splitlines())
        for column, square in enumerate(line)
        if square == "#"
    }
    islands = DisjointSet()
    for row, column in sorted(land):
        islands.add((row, column))
        for neighbour in ((row - 1, column), (row, column - 1)):
            if neighbour in land:
                islands.union(neighbour, (row, column))
    return islands.sizes


def main():
    sizes = survey(CHART)
    print(CHART)
    print(f"{len(sizes)} islands, the largest covers {sizes[0]} squares")
    print("sizes:", *sizes)


if __name__ == "__main__":
    main()
