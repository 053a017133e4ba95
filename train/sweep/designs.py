"""Ready-made designs: the study of arXiv 2512.13472, scaled by one factor, and repetition. Pure.

Sizes, budgets and numbers of runs are the paper's; what it does not say (which size its table of synergy is for) is an
option. Tokens are scaled exactly; sizes become models of the scaled number of parameters, or the nearest rungs.
"""

from collections.abc import Sequence

from contracts.languages import LANGUAGE_NAMES
from mixer.config import Limits
from train.config import ShapeConfig
from train.sweep.config import Design, Languages, Repetition, Strategies, Strategy, Synergy, Wanted
from train.sweep.sizes import scaled

LANGUAGE_SIZES = ("0.1B", "0.2B", "0.4B", "0.6B", "1.1B", "1.3B", "1.6B", "2.0B", "2.4B", "3.1B")
LANGUAGE_BUDGETS = tuple(n * 10**9 for n in (2, 4, 8, 16, 32, 64))
SYNERGY_TOKENS = 128 * 10**9
STRATEGY_SIZES = ("0.2B", "0.5B", "1.5B", "3B", "7B")
STRATEGY_TOKENS = 10**12
STRATEGIES: tuple[Strategy, ...] = ("shuffled", "concat", "prompt")
"""The paper's random shuffling, direct concatenation and prompt-based concatenation."""

Size = tuple[str, ShapeConfig | None]


def expand(design: Design) -> list[Wanted]:
    """The runs of a design."""
    if isinstance(design, Languages):
        return _languages(design)
    if isinstance(design, Synergy):
        return _synergy(design)
    if isinstance(design, Strategies):
        return _strategies(design)
    return _repetition(design)


def _sizes(names: Sequence[str], scale: float, own: bool) -> list[Size]:
    """The sizes, scaled; those that become the same one count once."""
    found: list[Size] = []
    for name in names:
        size = scaled(name, scale, own)
        if size not in found:
            found.append(size)
    return found


def _split(points: Sequence[int], one_run_per_point: bool) -> list[tuple[int, ...]]:
    """One run for all points, or one for each."""
    return [(point,) for point in points] if one_run_per_point else [tuple(points)]


def _languages(design: Languages) -> list[Wanted]:
    points = sorted({design.tokens(tokens) for tokens in LANGUAGE_BUDGETS})
    return [
        Wanted(rung=name, shape=shape, tokens=run, proportions={language: 1.0}, seed=seed, mixture=language)
        for name, shape in _sizes(LANGUAGE_SIZES, design.scale, design.sizes == "own")
        for language in design.languages or LANGUAGE_NAMES
        for run in _split(points, design.one_run_per_point)
        for seed in design.seeds
    ]


def _synergy(design: Synergy) -> list[Wanted]:
    """Each language has the same documents in every run: half the tokens, once in a pair, twice alone."""
    (size,) = _sizes([design.size], design.scale, design.sizes == "own")
    over, tokens = design.languages or LANGUAGE_NAMES, design.tokens(SYNERGY_TOKENS)
    half = max(1, tokens // 2)
    mixtures = [(f"{a}-{b}", {a: 0.5, b: 0.5}) for i, a in enumerate(over) for b in over[i + 1 :]]
    mixtures += [(f"{name}-{name}", {name: 1.0}) for name in over]
    return [
        Wanted(
            rung=size[0],
            shape=size[1],
            tokens=(tokens,),
            proportions=shares,
            components={name: _limits(half, share * tokens) for name, share in shares.items()},
            seed=seed,
            mixture=label,
        )
        for label, shares in mixtures
        for seed in design.seeds
    ]


def _limits(unique: int, tokens: float) -> Limits:
    """So many unique tokens, and as many epochs as the tokens take.

    Whole documents are chosen, so there are a little fewer unique tokens: one epoch more is allowed than the number
    says, and the plan shows the epochs that come out.
    """
    return Limits(unique_tokens=unique, max_epochs=float(int(tokens / unique) + 2))


def _strategies(design: Strategies) -> list[Wanted]:
    tokens = design.tokens(STRATEGY_TOKENS)
    return [
        Wanted(
            rung=name,
            shape=shape,
            tokens=(tokens,),
            proportions=design.proportions,
            strategy=strategy,
            seed=seed,
            mixture=strategy,
        )
        for name, shape in _sizes(STRATEGY_SIZES, design.scale, design.sizes == "own")
        for strategy in STRATEGIES
        for seed in design.seeds
    ]


def _repetition(design: Repetition) -> list[Wanted]:
    """Points of one run share the documents: an epoch more is the same tokens again."""
    found = []
    for name in design.rungs:
        for unique in design.unique_tokens:
            for run in _split(sorted({max(1, round(unique * e)) for e in design.epochs}), design.one_run_per_point):
                shares = {c: share for c, share in design.proportions.items() if share}
                limits = {c: _limits(max(1, round(share * unique)), share * run[-1]) for c, share in shares.items()}
                found += [
                    Wanted(
                        rung=name,
                        tokens=run,
                        proportions=shares,
                        components=limits,
                        seed=seed,
                        mixture=f"unique-{unique}",
                    )
                    for seed in design.seeds
                ]
    return found
