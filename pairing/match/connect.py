"""Which programs are translations of one another all together: groups out of pairs. Pure functions."""

import numpy as np

MAX_LANGUAGES = 63
"""Languages that a group may have: a bit of an int64 each, which is many more than there are."""


def connect(a: np.ndarray, b: np.ndarray, language: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Connect pairs to groups that hold one program of a language at most, the surest pairs first.

    Two groups that both have a program of a language stay apart, whatever pair joins them: a chain of mistaken pairs
    never becomes one group.

    Args:
        a: int64 (pairs,), number of one program.
        b: int64 (pairs,), number of the other.
        language: int64 (programs,), number of each program's language.
        score: float64 (pairs,), how sure each pair is.

    Returns:
        int64 (programs,): the smallest number in each program's group.
    """
    if len(language) and int(language.max()) >= MAX_LANGUAGES:
        raise ValueError(f"{int(language.max()) + 1} languages; at most {MAX_LANGUAGES}")
    above = list(range(len(language)))
    held: list[int] = (np.int64(1) << language.astype(np.int64)).tolist()

    def root(number: int) -> int:
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    for pair in np.lexsort((b, a, -score)).tolist():
        first, second = sorted((root(int(a[pair])), root(int(b[pair]))))
        if first != second and not held[first] & held[second]:
            above[second] = first
            held[first] |= held[second]
    return np.array([root(number) for number in range(len(above))], np.int64)
