from dataclasses import replace

import numpy as np

from pairing.candidates.bags import read_bags
from pairing.features.classes import API, BAG, NUMBER, SHAPE, STRINGS
from pairing.features.document import NOTHING
from pairing.features.files import joined, save_features


def document(*entries: tuple[int, int, str]):
    """Features of a document as (place, count, class)."""
    places, counts, classes = zip(*entries, strict=True) if entries else ((), (), ())
    return replace(
        NOTHING,
        indices=np.array(places, np.uint32),
        counts=np.array(counts, NOTHING.counts.dtype),
        classes=np.array([NUMBER[c] for c in classes], NOTHING.classes.dtype),
    )


def test_searched_classes_are_read_and_a_place_counts_once_a_document(tmp_path):
    first = document((3, 2, BAG), (3, 5, API), (7, 1, SHAPE), (9, 4, STRINGS))
    save_features(tmp_path, 4, joined([first, document(), document((7, 1, SHAPE)), document((3, 1, BAG))]))
    bags = read_bags(tmp_path, 4, np.arange(4))
    assert [(i.tolist(), c.tolist()) for i, c in bags.each()] == [([3, 9], [7, 4]), ([], []), ([], []), ([3], [1])]
    taken = read_bags(tmp_path, 4, np.array([3, 0, 1]))
    assert [i.tolist() for i, _ in taken.each()] == [[3], [3, 9], []]
