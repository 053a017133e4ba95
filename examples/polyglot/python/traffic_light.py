"""A pedestrian-crossing traffic light as a finite-state machine with timers.

A press of the button shortens the green phase (but never below its minimum) and inserts a
walk phase; without a press the light still turns red now and then for the cross traffic.
"""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """Each phase knows its lamps and how many seconds it lasts."""

    GREEN = ("G", 12)
    AMBER = ("A", 3)
    ALL_RED = ("R", 2)
    CROSS_TRAFFIC = ("R", 6)
    WALK = ("R", 5)
    CLEARANCE = ("R", 3)
    RED_AMBER = ("RA", 1)

    def __init__(self, lamps: str, seconds: int):
        self.lamps = lamps
        self.seconds = seconds

    @property
    def pedestrian_signal(self) -> str:
        return {"WALK": "walk", "CLEARANCE": "flashing"}.get(self.name, "stop")


MINIMUM_GREEN = 5

FOLLOWING = {
    Phase.GREEN: Phase.AMBER,
    Phase.AMBER: Phase.ALL_RED,
    Phase.CROSS_TRAFFIC: Phase.RED_AMBER,
    Phase.WALK: Phase.CLEARANCE,
    Phase.CLEARANCE: Phase.RED_AMBER,
    Phase.RED_AMBER: Phase.GREEN,
}


@dataclass
class TrafficLight:
    phase: Phase = Phase.GREEN
    elapsed: int = 0
    requested: bool = False

    def press_button(self) -> bool:
        """Register a pedestrian; the press is ignored while they may already walk."""
        accepted = self.phase is not Phase.WALK
        self.requested |= accepted
        return accepted

    @property
    def _expired(self) -> bool:
        if self.phase is Phase.GREEN and self.requested:
            return self.elapsed >= MINIMUM_GREEN
        return self.elapsed >= self.phase.seconds

    def tick(self) -> Phase | None:
        """Let one second pass; return the new phase if there was a transition."""
        self.elapsed += 1
        if not self._expired:
            return None
        if self.phase is Phase.ALL_RED:
            self.phase = Phase.WALK if self.requested else Phase.CROSS_TRAFFIC
            self.requested = False
        else:
            self.phase = FOLLOWING[self.phase]
        self.elapsed = 0
        return self.phase


def main() -> None:
    presses = {7, 9, 14, 31, 58}
    light = TrafficLight()
    print(f" 0 s  {light.phase.lamps:<3} {light.phase.name}")
    for second in range(1, 76):
        if second in presses:
            verdict = "wait" if light.press_button() else "ignored"
            print(f"{second:2} s  button pressed: {verdict}")
        if phase := light.tick():
            print(f"{second:2} s  {phase.lamps:<3} {phase.name} (pedestrians: {phase.pedestrian_signal})")


if __name__ == "__main__":
    main()
