"""The stages `allocate` and `remix`: from a fit to proportions, and from these to a mixture."""

from dataclasses import dataclass
from typing import Any

from contracts import manifest as manifests
from contracts.allocation import Allocation
from contracts.errors import StageError
from contracts.files import write_json
from contracts.manifest import Manifest
from mixer.config import MixConfig
from mixer.layout import Layout
from pipelines.stage import Outcome, StageContext, StageResult, run_stage
from train.ladder import rung
from train.loop.config import AllocateSection, LoopConfiguration
from train.loop.layout import ALLOCATION, FIT, MIXTURE, LoopLayout
from train.loop.sweeping import Runs
from train.sweep.make import mix_for
from train.sweep.mixtures import with_kept


def allocate_stage(config: LoopConfiguration, runs: Runs, sweep: Manifest, fit: Manifest) -> StageResult:
    """Find proportions; made anew whenever the fit, the pool or the section changed, since that takes seconds.

    Args:
        config: of the whole run.
        runs: the sweep.
        sweep: its manifest.
        fit: manifest of the fit.

    Raises:
        ConfigError: what is asked for names what the fit does not have.
        StageError: no proportions keep the bounds, or they are a vertex.
    """
    question, places = asked_of(config, runs, sweep), LoopLayout(runs.layout)

    def body(_: StageContext) -> Outcome:
        return _allocate(config.allocated, question, places)

    inputs = {"fit": fit.identity, "tokens": question.pool.identity}
    return run_stage("allocate", places.allocation, question.asked, inputs, body, config.executor, force=True)


@dataclass(frozen=True, slots=True)
class Question:
    """What proportions are sought for.

    Attributes:
        scale: size and tokens, or operations.
        max_epochs: how often unique tokens may be repeated.
        sequence_length: of the mixtures, which hold whole sequences.
        pool: the tokens that there are.
        asked: all that decides the answer, but for the fit and the pool.
    """

    scale: dict[str, Any]
    max_epochs: float
    sequence_length: int
    pool: Manifest
    asked: dict[str, Any]


def asked_of(config: LoopConfiguration, runs: Runs, sweep: Manifest) -> Question:
    """The section `allocate` with what it leaves to the sweep."""
    section = config.allocated
    mix = mix_for(runs.config, runs.whole, runs.base)
    limit, length = section.max_epochs or mix.max_epochs, mix.sequence_length
    scale = _scale(section, sweep)
    own = {"max_epochs": limit, "sequence_length": length}
    asked = {**section.model_dump(mode="json", exclude={"mixture"}), **scale, **own}
    return Question(scale, limit, length, _pool(runs), asked)


def _pool(runs: Runs) -> Manifest:
    """The tokens that the sweep reads."""
    mix = mix_for(runs.config, runs.whole, runs.base)
    pool = runs.layout.tokens(mix.parallel_form, mix.parallel_level)
    found = manifests.read(pool)
    if found is None:
        raise StageError(f"{pool}: the tokens are not finished. Run: glotmix run CONFIG")
    return found


def _scale(section: AllocateSection, sweep: Manifest) -> dict[str, float | None]:
    """Size and tokens, or operations: as configured, else the largest of the sweep."""
    if section.flops is not None:
        return {"n": None, "d": None, "flops": section.flops}
    size = rung(section.rung).parameters if section.rung else section.n_parameters
    n, d = size or sweep.counts["n_parameters"], section.tokens or sweep.counts["tokens"]
    return {"n": float(n), "d": float(d), "flops": None}


def _allocate(section: AllocateSection, question: Question, places: LoopLayout) -> Outcome:
    from fit.allocate.allocate import Effort, allocate
    from fit.allocate.constraints import Constraints
    from fit.allocate.goal import Goal
    from fit.record import load, load_bootstrap

    path = places.fit / FIT
    predictor = load(path)
    train = question.pool.counts["train"]
    found = allocate(
        predictor,
        Goal(kind=section.objective, weights=section.weights, guard=section.guard),
        Constraints(
            minimum=section.minimum,
            maximum=section.maximum,
            fixed=section.fixed,
            unique={name: float(v["unique_tokens"]) for name, v in train.items()},
            held={name: float(v["tokens"]) for name, v in train.items()},
            max_epochs=question.max_epochs,
            sequence_length=question.sequence_length,
            prior=section.prior,
            strength=section.strength,
        ),
        **question.scale,
        draws=load_bootstrap(path),
        allow_vertex=section.allow_vertex,
        effort=Effort(pool_identity=question.pool.identity),
    ).allocation
    data = found.model_dump(mode="json")
    write_json(places.allocation / ALLOCATION, data)
    write_json(places.allocation / MIXTURE, mixture_of(found, section.keep).model_dump(mode="json"))
    return Outcome([places.allocation / ALLOCATION, places.allocation / MIXTURE], {"allocation": data})


def mixture_of(found: Allocation, keep: dict[str, float]) -> Allocation:
    """The allocation with the shares of kept components; what it says of losses is of the first one, so left out."""
    weights = with_kept(found.weights, keep)
    return Allocation(weights=weights, **{k: v for k, v in found.origin.items() if v is not None})  # type: ignore[arg-type]


def proposed(layout: LoopLayout) -> Allocation:
    """The allocation that was found."""
    return Allocation.model_validate_json((layout.allocation / ALLOCATION).read_text(encoding="utf-8"))


def second_mixture(config: LoopConfiguration, layout: Layout) -> LoopConfiguration:
    """The configuration with the second mixture in place of the first: other proportions and another name."""
    path = LoopLayout(layout).allocation / MIXTURE
    data: dict[str, Any] = config.mix.model_dump(exclude_unset=True)
    data |= {"name": config.allocated.mixture, "proportions": "allocation", "allocation": str(path)}
    return config.model_copy(update={"mix": MixConfig.model_validate(data)})
