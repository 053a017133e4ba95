"""Lotka-Volterra predator-prey model, integrated with the classical Runge-Kutta method.

Hares (prey) breed at rate ALPHA and are eaten at rate BETA; lynxes (predators) grow by DELTA
per encounter and starve at rate GAMMA.
"""

from math import log
from typing import Callable, NamedTuple

ALPHA, BETA, DELTA, GAMMA = 1.1, 0.4, 0.1, 0.4


class Populations(NamedTuple):
    hares: float
    lynxes: float

    def plus(self, slope: "Populations", dt: float) -> "Populations":
        return Populations(self.hares + dt * slope.hares, self.lynxes + dt * slope.lynxes)


def lotka_volterra(state: Populations) -> Populations:
    hares, lynxes = state
    return Populations(
        hares=ALPHA * hares - BETA * hares * lynxes,
        lynxes=DELTA * hares * lynxes - GAMMA * lynxes,
    )


def rk4_step(f: Callable[[Populations], Populations], y: Populations, dt: float) -> Populations:
    k1 = f(y)
    k2 = f(y.plus(k1, dt / 2))
    k3 = f(y.plus(k2, dt / 2))
    k4 = f(y.plus(k3, dt))
    return Populations(*(
        value + dt / 6 * (a + 2 * b + 2 * c + d) for value, a, b, c, d in zip(y, k1, k2, k3, k4)
    ))


def invariant(state: Populations) -> float:
    """The quantity that an exact orbit conserves."""
    hares, lynxes = state
    return DELTA * hares - GAMMA * log(hares) + BETA * lynxes - ALPHA * log(lynxes)


def integrate(start: Populations, dt: float, steps: int) -> list[Populations]:
    orbit = [start]
    for _ in range(steps):
        orbit.append(rk4_step(lotka_volterra, orbit[-1], dt))
    return orbit


def ascii_plot(orbit: list[Populations], width: int = 72, height: int = 16) -> str:
    ceiling = max(max(state) for state in orbit)
    canvas = [[" "] * width for _ in range(height)]

    def put(column: int, value: float, mark: str) -> None:
        row = height - 1 - round(value / ceiling * (height - 1))
        canvas[row][column] = "*" if canvas[row][column] not in (" ", mark) else mark

    for column in range(width):
        sample = orbit[column * (len(orbit) - 1) // (width - 1)]
        put(column, sample.hares, "h")
        put(column, sample.lynxes, "L")
    rows = [f"{ceiling * (height - 1 - r) / (height - 1):6.1f} |" + "".join(line).rstrip()
            for r, line in enumerate(canvas)]
    return "\n".join(rows + [" " * 7 + "+" + "-" * width])


def main() -> None:
    orbit = integrate(Populations(hares=10.0, lynxes=10.0), dt=0.02, steps=2000)
    print(ascii_plot(orbit))
    print("h = hares, L = lynxes, * = both; time 0 to 40")
    peak = max(range(len(orbit)), key=lambda i: orbit[i].hares)
    print(f"most hares: {orbit[peak].hares:.3f} at t = {peak * 0.02:.2f}")
    print(f"drift of the invariant: {abs(invariant(orbit[-1]) - invariant(orbit[0])):.2e}")


if __name__ == "__main__":
    main()
