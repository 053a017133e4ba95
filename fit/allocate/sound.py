"""Whether a predictor can be asked for proportions: it must know mixtures and predict finite losses. Pure."""

from collections.abc import Sequence

import numpy as np

from contracts.errors import StageError
from fit.allocate.program import Program
from fit.estimate.fitted import Fit
from fit.laws.registry import LAWS, law_of
from fit.points import Array
from fit.predictor import Predictor


def knowing() -> list[str]:
    """Names of the laws that know mixtures."""
    return [name for name, law in LAWS.items() if law.mixture]


def blind(predictor: Predictor) -> list[str]:
    """Laws of a fit, or of an average, that predict the same for every mixture."""
    if isinstance(predictor, Fit):
        return [] if law_of(predictor.law).mixture else [predictor.law]
    return [name for member in getattr(predictor, "members", ()) for name in blind(member)]


def check_mixtures(predictor: Predictor) -> None:
    """Refuse what predicts the same for every mixture: any proportions would seem the best.

    A fit carries the components of its table whether its law uses them or not, so they do not tell.

    Raises:
        StageError: no law of the predictor knows mixtures.
    """
    if sees(predictor):
        return
    names = list(dict.fromkeys(blind(predictor)))
    several = len(names) > 1
    raise StageError(
        f"{', '.join(names)}: {'these laws know' if several else 'this law knows'} no mixtures and predicts the same "
        f"for all of them, so no proportions can be chosen. Laws that know mixtures: {', '.join(knowing())}. "
        "Fit one: glotmix fit RUNS --law transfer --out fit.json"
    )


def sees(predictor: Predictor) -> bool:
    """Whether some law with a weight knows mixtures; predictors of other kinds are taken to."""
    members = getattr(predictor, "members", ())
    if not members:
        return not blind(predictor)
    weights = getattr(predictor, "weights", None) or (1.0,) * len(members)
    return any(weight > 0 and sees(member) for weight, member in zip(weights, members, strict=True))


def seeing(predictor: Predictor) -> list[Predictor]:
    """The members of an average that know mixtures: the others have no opinion on shares."""
    return [member for member in getattr(predictor, "members", ()) if sees(member)]


def unfit(program: Program, shares: Array, n: float, d: float) -> list[str]:
    """Targets without a finite loss at a mixture: those that count, and any whose prediction is no number at all."""
    found = program.surface.predicted(shares[None], n, d)[0]
    counted = np.isin(np.arange(len(found)), program.counted)
    wrong = np.isnan(found) | (counted & ~(np.isfinite(found) & (found > 0)))
    return [name for name, bad in zip(program.surface.predictor.names, wrong, strict=True) if bad]


def check_finite(program: Program, title: str, shares: Array, n: float, d: float) -> None:
    """Refuse to compare what is not finite.

    Raises:
        StageError: names the mixture and the targets.
    """
    wrong = unfit(program, shares, n, d)
    if not wrong:
        return
    listed = ", ".join(f"{name} {share:.4g}" for name, share in zip(program.bounds.names, shares, strict=True))
    raise StageError(
        f"the predicted loss of {', '.join(wrong)} is no finite positive number at {title} ({listed}; N = {n:.4g}, "
        f"D = {d:.4g}): the fit is damaged, or its law says nothing about this place. Fit again with: "
        "glotmix fit RUNS --law transfer --out fit.json; or give least shares with --min, a size and tokens nearer "
        "to those measured, or no weight to what cannot be predicted"
    )


def check_draws(program: Program, draws: Sequence[Program]) -> None:
    """Refuse draws that predict nothing.

    Args:
        program: of the fit itself.
        draws: the same for each draw.

    Raises:
        StageError: one does not predict finite losses at the uniform mixture.
    """
    for number, one in enumerate(draws):
        check_finite(one, f"the uniform mixture in draw {number + 1} of {len(draws)}", *program.reference_at)
