"""The loop closes: what the fitter writes, the mixer takes as it is."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from contracts.files import write_json
from fit.allocate.allocate import Effort, allocate
from fit.allocate.constraints import Constraints
from fit.allocate.pool import Pool
from fit.points import Inputs
from mixer.config import MixConfig
from mixer.planning.prepare import dry_run, resolve

from ..pools import Pool as Written
from ..pools import write_pool

LENGTH = 64
SIZES = {"python": [40] * 60, "java": [31] * 40, "go": [30] * 21, "go->rust": [20] * 30, "rust->go": [21] * 30}
UNIQUE = {"python": 2400.0, "java": 1240.0, "go": 630.0, "parallel": 600.0}
"""Each program of a pair counted once."""


@dataclass(frozen=True)
class Languages:
    """Languages that learn from their own tokens, and a little from pairs."""

    names: tuple[str, ...] = ("python", "java", "go")
    components: tuple[str, ...] = ("python", "java", "go", "parallel")

    def predict(self, inputs: Inputs) -> np.ndarray:
        tokens = (inputs.shares[:, :3] + 0.2 * inputs.shares[:, 3:] + 1e-9) * inputs.d[:, None]
        return 1 + np.array([5.0, 8.0, 12.0]) / tokens**0.3


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Written:
    return write_pool(tmp_path_factory.mktemp("allocated"), SIZES)


@pytest.mark.parametrize("tokens", [1500, 2000, 2600, 3000])
@pytest.mark.parametrize("epochs", [0.7, 1.0])
def test_an_allocation_is_planned_without_editing_also_where_it_uses_up_a_component(pool, tmp_path, tokens, epochs):
    held = Pool(UNIQUE, UNIQUE, "pool-1")
    limits = Constraints(
        pairs=(0.05, 0.2), unique=held.unique, held=held.held, max_epochs=epochs, sequence_length=LENGTH
    )
    effort = Effort(starts=4, pool_identity=held.identity)
    made = allocate(Languages(), constraints=limits, n=1e6, d=tokens, effort=effort).allocation
    write_json(tmp_path / "allocation.json", made.model_dump(mode="json"))
    config = MixConfig(
        proportions="allocation",
        allocation="allocation.json",
        tokens=tokens,
        max_epochs=epochs,
        sequence_length=LENGTH,
    )
    planned = dry_run(config, tmp_path, pool.folder)
    for name, part in planned.components.items():
        assert part.wanted == made.weights[name]
        assert abs(part.sequences - part.quota) < 1 and part.epochs <= epochs
    go = planned.components["go"]
    assert made.weights["go"] * tokens <= epochs * held.unique["go"]
    if tokens >= 2600:  # all of it
        assert go.sequences == go.available


def test_the_mixture_says_which_fit_and_pool_its_proportions_come_from(pool, tmp_path):
    made = allocate(Languages(), constraints=Constraints(pairs=(0.1, 0.1)), n=1e6, d=2000, effort=Effort(starts=4))
    told = made.allocation.model_copy(update={"fit_identity": "f" * 64, "pool_identity": "p"})
    write_json(tmp_path / "allocation.json", told.model_dump(mode="json"))
    _, facts = resolve(MixConfig(proportions="allocation", allocation="allocation.json"), Path(tmp_path))
    assert facts == {
        "n_parameters": 1e6,
        "tokens": 2000,
        "law": "",
        "runs_identity": "",
        "fit_identity": "f" * 64,
        "pool_identity": "p",
    }
