"""Deterministic k-means for points on a map, seeded by farthest-first traversal."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import dist
from statistics import fmean

Point = tuple[float, float]

# Orders of a food delivery service, in km from the town hall.
ORDERS: list[Point] = [
    (1.0, 1.2), (1.5, 1.8), (1.2, 0.8), (0.7, 1.5), (1.9, 1.1),
    (8.0, 8.1), (8.4, 7.6), (7.7, 8.8), (9.1, 8.3),
    (1.1, 8.0), (0.8, 7.4), (1.6, 8.5), (2.1, 7.7), (1.3, 9.0),
    (5.0, 4.6),
]


@dataclass
class Cluster:
    centroid: Point
    members: list[Point] = field(default_factory=list)

    def recentred(self) -> Point:
        if not self.members:
            return self.centroid
        xs, ys = zip(*self.members)
        return fmean(xs), fmean(ys)

    @property
    def inertia(self) -> float:
        return sum(dist(p, self.centroid) ** 2 for p in self.members)


def farthest_first(points: list[Point], k: int) -> list[Point]:
    """Start with the first point, then keep adding the one farthest from all seeds."""
    seeds = [points[0]]
    while len(seeds) < k:
        seeds.append(max(points, key=lambda p: min(dist(p, s) for s in seeds)))
    return seeds


def assign(points: list[Point], centroids: list[Point]) -> list[Cluster]:
    clusters = [Cluster(c) for c in centroids]
    for p in points:
        nearest = min(clusters, key=lambda cluster: dist(p, cluster.centroid))
        nearest.members.append(p)
    return clusters


def kmeans(points: list[Point], k: int, max_rounds: int = 50) -> tuple[list[Cluster], int]:
    """Return the clusters and the number of rounds until the centroids stood still."""
    if not 1 <= k <= len(points):
        raise ValueError(f"k must be between 1 and {len(points)}, got {k}")
    centroids = farthest_first(points, k)
    for rounds in range(1, max_rounds + 1):
        clusters = assign(points, centroids)
        moved = [cluster.recentred() for cluster in clusters]
        if moved == centroids:
            break
        centroids = moved
    return clusters, rounds


def main() -> None:
    for k in (2, 3):
        clusters, rounds = kmeans(ORDERS, k)
        print(f"k={k}: {rounds} rounds, inertia {sum(c.inertia for c in clusters):.3f}")
        for number, cluster in enumerate(clusters, start=1):
            x, y = cluster.centroid
            print(f"  depot {number} at ({x:.2f}, {y:.2f}) serves {len(cluster.members)} orders")


if __name__ == "__main__":
    main()
