"""Packs a rucksack for a three-day hike: 0/1 knapsack by dynamic programming."""

import sys
from typing import NamedTuple


class Gear(NamedTuple):
    name: str
    weight: int  # in units of 100 g
    usefulness: int


CLOSET = [
    Gear("tent", 18, 60),
    Gear("stove", 6, 34),
    Gear("sleeping bag", 12, 55),
    Gear("rain jacket", 5, 38),
    Gear("camera", 9, 22),
    Gear("water filter", 3, 30),
    Gear("paperback", 4, 8),
    Gear("head torch", 2, 19),
    Gear("first aid kit", 3, 28),
    Gear("trekking poles", 5, 17),
    Gear("bear canister", 11, 25),
    Gear("binoculars", 7, 12),
]


def pack(gear: list[Gear], capacity: int) -> list[Gear]:
    """Return the most useful selection that weighs no more than the capacity."""
    if capacity < 0:
        raise ValueError("the rucksack cannot have a negative capacity")

    # best[i][w]: highest usefulness from the first i items within weight w
    best = [[0] * (capacity + 1)]
    for item in gear:
        above = best[-1]
        best.append([
            max(skip, above[w - item.weight] + item.usefulness) if w >= item.weight else skip
            for w, skip in enumerate(above)
        ])

    packed: list[Gear] = []
    room = capacity
    for i in range(len(gear), 0, -1):
        if best[i][room] != best[i - 1][room]:
            packed.append(gear[i - 1])
            room -= gear[i - 1].weight
    packed.reverse()
    return packed


def packing_list(gear: list[Gear], capacity: int) -> str:
    chosen = pack(gear, capacity)
    lines = [f"Rucksack for {capacity / 10:.1f} kg"]
    lines += [f"  {g.name:<16}{g.weight / 10:>5.1f} kg  {g.usefulness:>3}" for g in chosen]
    weight = sum(g.weight for g in chosen)
    score = sum(g.usefulness for g in chosen)
    lines.append(f"  {'total':<16}{weight / 10:>5.1f} kg  {score:>3}")
    left_behind = [g.name for g in gear if g not in chosen]
    lines.append("  at home: " + (", ".join(left_behind) or "nothing"))
    return "\n".join(lines)


def main(argv: list[str]) -> None:
    capacities = [int(arg) for arg in argv] or [55, 30]
    print("\n\n".join(packing_list(CLOSET, c) for c in capacities))


if __name__ == "__main__":
    main(sys.argv[1:])
