"""Event-driven simulation of a bank with several tellers and one common queue.

Inter-arrival and service times are exponential, drawn from a small linear congruential
generator so that a given seed always replays the same day at the branch.
"""

import heapq
import itertools
import math
from collections import deque
from dataclasses import dataclass, field

SEED = 2024
TELLERS = 3
CLOSING_TIME = 240.0  # minutes
MEAN_INTERARRIVAL = 2.5
MEAN_SERVICE = 7.0


def lcg(seed):
    """Endless uniforms in (0, 1] with the Numerical Recipes constants."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield (state + 1) / 2**32


@dataclass
class Statistics:
    waits: list[float] = field(default_factory=list)
    busy_minutes: float = 0.0
    longest_queue: int = 0
    closed_at: float = 0.0

    def percentile(self, q: float) -> float:
        ordered = sorted(self.waits)
        return ordered[max(0, math.ceil(q * len(ordered)) - 1)]

    def __str__(self) -> str:
        served = len(self.waits)
        if not served:
            return "no customers today"
        return "\n".join([
            f"customers served : {served}",
            f"mean wait        : {sum(self.waits) / served:.2f} min",
            f"95th percentile  : {self.percentile(0.95):.2f} min",
            f"longest wait     : {max(self.waits):.2f} min",
            f"longest queue    : {self.longest_queue}",
            f"utilisation      : {self.busy_minutes / (TELLERS * self.closed_at):.1%}",
        ])


class BankQueue:
    ARRIVAL, DEPARTURE = "arrival", "departure"

    def __init__(self, seed: int = SEED):
        self._uniforms = lcg(seed)
        self._tiebreak = itertools.count()
        self._agenda = []
        self._line = deque()  # arrival times of those standing in line
        self._free_tellers = TELLERS
        self.stats = Statistics()

    def _exponential(self, mean: float) -> float:
        return -mean * math.log(next(self._uniforms))

    def _schedule(self, when: float, kind: str) -> None:
        heapq.heappush(self._agenda, (when, next(self._tiebreak), kind))

    def run(self) -> Statistics:
        self._schedule(self._exponential(MEAN_INTERARRIVAL), self.ARRIVAL)
        while self._agenda:
            now, _, kind = heapq.heappop(self._agenda)
            if kind == self.DEPARTURE:
                self._free_tellers += 1
                self.stats.closed_at = now
            elif now < CLOSING_TIME:
                self._line.append(now)
                self._schedule(now + self._exponential(MEAN_INTERARRIVAL), self.ARRIVAL)
            if self._line and self._free_tellers:
                self._serve_next(now)
            self.stats.longest_queue = max(self.stats.longest_queue, len(self._line))
        return self.stats

    def _serve_next(self, now: float) -> None:
        self.stats.waits.append(now - self._line.popleft())
        self._free_tellers -= 1
        duration = self._exponential(MEAN_SERVICE)
        self.stats.busy_minutes += duration
        self._schedule(now + duration, self.DEPARTURE)


if __name__ == "__main__":
    print(BankQueue().run())
