"""Shortest road routes between Scottish towns, by Dijkstra's algorithm."""

from collections import defaultdict
from heapq import heappop, heappush
from math import inf

ROADS = """
Edinburgh Glasgow 76
Edinburgh Stirling 59
Edinburgh Perth 71
Glasgow Stirling 43
Glasgow Oban 155
Stirling Perth 55
Perth Dundee 35
Perth Inverness 180
Dundee Aberdeen 106
Aberdeen Inverness 167
"""


class NoRoute(Exception):
    def __init__(self, origin, destination):
        super().__init__(f"no road leads from {origin} to {destination}")


def read_roads(text):
    """Parse ``town town kilometres`` lines into an adjacency mapping; roads go both ways."""
    network = defaultdict(dict)
    for line in text.strip().splitlines():
        here, there, kilometres = line.split()
        network[here][there] = network[there][here] = int(kilometres)
    return dict(network)


def shortest_route(network, origin, destination):
    """Return ``(kilometres, [towns])`` of the shortest route, ends included."""
    distance = {origin: 0}
    arrived_from = {}
    settled = set()
    frontier = [(0, origin)]
    while frontier:
        so_far, town = heappop(frontier)
        if town == destination:
            return so_far, trace_back(arrived_from, destination)
        if town in settled:
            continue
        settled.add(town)
        for neighbour, leg in network.get(town, {}).items():
            candidate = so_far + leg
            if candidate < distance.get(neighbour, inf):
                distance[neighbour] = candidate
                arrived_from[neighbour] = town
                heappush(frontier, (candidate, neighbour))
    raise NoRoute(origin, destination)


def trace_back(arrived_from, destination):
    route = [destination]
    while route[-1] in arrived_from:
        route.append(arrived_from[route[-1]])
    return route[::-1]


def main():
    network = read_roads(ROADS)
    for origin, destination in [
        ("Glasgow", "Aberdeen"),
        ("Edinburgh", "Inverness"),
        ("Oban", "Dundee"),
        ("Oban", "Lerwick"),
    ]:
        try:
            kilometres, route = shortest_route(network, origin, destination)
        except NoRoute as problem:
            print(problem)
        else:
            print(f"{kilometres:>4} km  {' - '.join(route)}")


if __name__ == "__main__":
    main()
