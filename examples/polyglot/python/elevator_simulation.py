"""Discrete-tick simulation of a two-cabin elevator bank.

Passengers call from a floor at a given tick; the dispatcher hands each call to the cheapest
cabin, and cabins sweep up and down (the LOOK discipline) until everyone has been delivered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import mean

TOP_FLOOR = 9
DOOR_TICKS = 2
STOP_PENALTY = 3


@dataclass
class Passenger:
    name: str
    called_at: int
    origin: int
    destination: int
    boarded_at: int | None = None
    delivered_at: int | None = None

    def __post_init__(self) -> None:
        for floor in (self.origin, self.destination):
            if not 0 <= floor <= TOP_FLOOR:
                raise ValueError(f"{self.name}: there is no floor {floor}")


@dataclass
class Cabin:
    label: str
    floor: int = 0
    heading: int = 0
    door_timer: int = 0
    travelled: int = 0
    calls: list[Passenger] = field(default_factory=list)
    riders: list[Passenger] = field(default_factory=list)

    @property
    def stops(self) -> set[int]:
        return {p.origin for p in self.calls} | {p.destination for p in self.riders}

    def cost_of(self, call: Passenger) -> int:
        return abs(self.floor - call.origin) + STOP_PENALTY * len(self.stops)

    def tick(self, now: int) -> None:
        if self.door_timer:
            self.door_timer -= 1
        elif self.floor in self.stops:
            self._exchange(now)
            self.door_timer = DOOR_TICKS
        else:
            self.heading = self._next_heading()
            self.floor += self.heading
            self.travelled += abs(self.heading)

    def _exchange(self, now: int) -> None:
        """Let riders out first, then let callers on this floor in."""
        for rider in [p for p in self.riders if p.destination == self.floor]:
            rider.delivered_at = now
            self.riders.remove(rider)
        for caller in [p for p in self.calls if p.origin == self.floor]:
            caller.boarded_at = now
            self.calls.remove(caller)
            self.riders.append(caller)

    def _next_heading(self) -> int:
        stops = self.stops
        if not stops:
            return 0
        if self.heading and any((s - self.floor) * self.heading > 0 for s in stops):
            return self.heading
        nearest = min(stops, key=lambda s: (abs(s - self.floor), s))
        return 1 if nearest > self.floor else -1


def simulate(cabins: list[Cabin], passengers: list[Passenger], max_ticks: int = 500) -> int:
    """Run until everyone is delivered; return the tick at which that happened."""
    for now in range(max_ticks):
        for call in (p for p in passengers if p.called_at == now):
            min(cabins, key=lambda c: c.cost_of(call)).calls.append(call)
        for cabin in cabins:
            cabin.tick(now)
        if all(p.delivered_at is not None for p in passengers):
            return now
    raise RuntimeError(f"passengers still stranded after {max_ticks} ticks")


def main() -> None:
    cabins = [Cabin("A"), Cabin("B", floor=5)]
    people = [
        Passenger("Ada", 0, 0, 7),
        Passenger("Boris", 1, 4, 0),
        Passenger("Chen", 3, 8, 2),
        Passenger("Dora", 5, 1, 9),
        Passenger("Emil", 9, 6, 3),
    ]
    finished = simulate(cabins, people)
    for p in people:
        wait, ride = p.boarded_at - p.called_at, p.delivered_at - p.boarded_at
        print(f"{p.name:<6} floor {p.origin} -> {p.destination}: waited {wait:2}, rode {ride:2}")
    print(f"mean wait {mean(p.boarded_at - p.called_at for p in people):.1f}, done at tick {finished}")
    print(", ".join(f"cabin {c.label} travelled {c.travelled} floors" for c in cabins))


if __name__ == "__main__":
    main()
