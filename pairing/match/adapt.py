"""Probabilities adapted to how common translations are in a corpus. Pure functions."""

import numpy as np
from scipy.special import expit

from pairing.match.assign import assigned, log_odds_of
from pairing.score.graph import CandidateGraph
from pairing.score.model import PairModel
from pairing.score.prevalence import PLAUSIBLE, present, prevalence, reference


def estimated(graph: CandidateGraph, probability: np.ndarray, model: PairModel) -> tuple[float, float] | None:
    """How common pairs are among plausible edges, and the least that the model was learnt from; None without any.

    Args:
        graph: the candidates.
        probability: float (edges,), by the model.
        model: whose prevalence it is compared with.
    """
    edges = assigned(graph, probability, PLAUSIBLE)
    if not len(edges):
        return None
    languages = present(graph.language[np.r_[graph.a[edges], graph.b[edges]]])
    share = prevalence(log_odds_of(probability[edges]), model.calibrated)
    return share, reference(languages, model.prevalence)


def adapted(probability: np.ndarray, shift: float) -> np.ndarray:
    """Probabilities with something added to their log odds; as they are where it is nothing."""
    if not shift:
        return probability
    found: np.ndarray = expit(log_odds_of(probability) + shift)
    return found
