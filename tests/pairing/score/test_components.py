import numpy as np
import pytest
from scipy.sparse import csr_array

from contracts.pair_tables import PAIRS
from pairing.features import classes as c
from pairing.features.hashing import CLASS_BITS
from pairing.score import components as module
from pairing.score.components import COMPONENTS, FAMILIES, component_cosines


def columns_of(*classes):
    """Keys of columns: one place each, of these classes."""
    return np.array([place << CLASS_BITS | c.NUMBER[name] for place, name in enumerate(classes)], np.uint32)


def test_components_are_columns_of_pairs_and_no_class_is_in_two_of_them():
    assert set(COMPONENTS) <= set(PAIRS.names)
    used = [name for family in FAMILIES.values() for name in family]
    assert len(used) == len(set(used)) and set(used) <= set(c.CLASSES)


@pytest.mark.parametrize("chunk", [3, 2048])
def test_each_component_is_the_cosine_of_its_own_columns(monkeypatch, chunk):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    random = np.random.default_rng(0)
    names = [str(name) for name in random.choice(c.CLASSES, 60)]
    a, b = (random.random((20, 60)) * (random.random((20, 60)) < 0.3) for _ in range(2))
    found = component_cosines(csr_array(a.astype(np.float32)), csr_array(b.astype(np.float32)), columns_of(*names))
    assert found.shape == (20, len(COMPONENTS)) and found.dtype == np.float32
    for number, family in enumerate(FAMILIES.values()):
        inside = np.isin(names, family)
        x, y = a[:, inside], b[:, inside]
        lengths = np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1)
        expected = np.where(lengths > 0, (x * y).sum(axis=1) / np.where(lengths > 0, lengths, 1), 0)
        assert found[:, number] == pytest.approx(expected, abs=1e-5)


def test_equal_documents_agree_in_all_that_they_have_and_empty_ones_in_nothing():
    keys = columns_of(c.WORDS, c.STRINGS, c.BAG)
    row = csr_array(np.array([[0.5, 2.0, 1.0]], np.float32))
    found = dict(zip(COMPONENTS, component_cosines(row, row, keys)[0].tolist(), strict=True))
    assert {name for name, value in found.items() if value} == {"names", "strings"}
    assert found["names"] == found["strings"] == pytest.approx(1.0)
    assert not component_cosines(row, csr_array((1, 3), dtype=np.float32), keys).any()
    assert component_cosines(row[[]], row[[]], keys).shape == (0, len(COMPONENTS))
