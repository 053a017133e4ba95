"""Translation pairs held out before anything else, so that every direction gets a validation set. Pure functions."""

from collections import deque

import numpy as np

from mixer.split.groups import Groups, HeldOut

PART = 0.5
"""Part of each language's share that pairs may use: the rest is for whole repositories, which pairs cut into."""


def kinds_of(language: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """The language pair of each pair, whichever side comes first: int64 (pairs,), numbers from 0 without gaps.

    Args:
        language: int64 (documents,).
        pairs: int64 (pairs, 2), document numbers.
    """
    _, kinds = np.unique(np.sort(language[pairs], axis=1), axis=0, return_inverse=True)
    return kinds.reshape(-1)


def goals(kinds: np.ndarray, wanted: int) -> np.ndarray:
    """How many pairs of each language pair to hold out: `wanted`, and never more than half, rounded up.

    Args:
        kinds: as `kinds_of` gives them.
        wanted: pairs of a language pair.
    """
    return np.minimum(wanted, (np.bincount(kinds) + 1) // 2)


def hold_pairs(out: HeldOut, groups: Groups, pairs: np.ndarray, wanted: int) -> None:
    """Hold out groups until each language pair has as many pairs as it should, or no group fits any more.

    The next group is always one of the language pair with the fewest held-out pairs so far, of several such the one
    with the fewest pairs at all, in random order: where the shares are too small for all, none goes without while
    another has many.

    Args:
        out: nothing is held out yet; changes.
        groups: linked documents; pairs are links too.
        pairs: int64 (pairs, 2), document numbers.
        wanted: pairs of a language pair.
    """
    kinds, group = kinds_of(out.language, pairs), groups.number[pairs[:, 0]]
    goal, total = goals(kinds, wanted), np.bincount(kinds)
    waiting = [deque(np.unique(group[kinds == kind]).tolist()) for kind in range(len(goal))]
    by_group = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=len(groups)))
    found, judged = np.zeros(len(goal), np.int64), np.zeros(len(groups), bool)
    while short := [kind for kind, left in enumerate(waiting) if left and found[kind] < goal[kind]]:
        number = waiting[min(short, key=lambda kind: (found[kind], total[kind]))].popleft()
        if judged[number]:  # what did not fit before does not fit now
            continue
        judged[number] = True
        if out.take(groups.members(number), PART):
            inside = by_group[ends[number - 1] if number else 0 : ends[number]]
            found += np.bincount(kinds[inside], minlength=len(goal))
