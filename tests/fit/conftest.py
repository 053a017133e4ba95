import numpy as np
import pytest

from fit.points import Points, places, points

TRUTH = {"E": 1.8172, "A": 477.8, "B": 2143.0, "alpha": 0.3473, "beta": 0.3672}
"""About the values of arXiv 2404.10102."""


def chinchilla(n, d, truth=TRUTH):
    return truth["E"] + truth["A"] / n ** truth["alpha"] + truth["B"] / d ** truth["beta"]


def ladder(rows: int = 240, seed: int = 0, noise: float = 0.003, heavy: bool = True) -> Points:
    """Runs spread over three and a half decades of compute around 20 tokens a parameter, as in arXiv 2203.15556."""
    rng = np.random.default_rng(seed)
    compute = 10 ** rng.uniform(18.5, 22, rows)
    n = np.sqrt(compute / 120) * 10 ** rng.uniform(-0.6, 0.6, rows)
    d = compute / 6 / n
    errors = rng.standard_t(2.5, rows) if heavy else rng.standard_normal(rows)
    return points(places(n, d), chinchilla(n, d) * np.exp(noise * errors))


@pytest.fixture(scope="session")
def runs() -> Points:
    return ladder()


@pytest.fixture(scope="session")
def truth() -> dict[str, float]:
    return TRUTH


@pytest.fixture(scope="session")
def make_ladder():
    return ladder
