import numpy as np
import polars as pl
import pytest

from contracts.schema import DOCUMENTS, UNITS
from contracts.tables import write_rows
from pairing.config import PairsConfig
from pairing.features.classes import NUMBER
from pairing.features.document import Declarations, extract
from pairing.features.extract import ExtractFeatures
from pairing.features.files import joined, read_features, save_features
from pairing.features.profile import PROFILE
from pairing.features.units import declarations

from ..conftest import document, filled
from .conftest import keys_of

TEXTS = {"python": "def visit_node(n):\n    return n + 42\n", "go": "func VisitNode(n int) int { return n + 42 }\n"}


def unit(document_id: str, name: str, kind: str = "function", parameters: int = 1) -> dict:
    return filled(UNITS, document_id=document_id, name=name, kind=kind, parameters=parameters)


def test_units_become_declarations_in_the_order_of_documents():
    rows = [unit("b", "Tree", "class", -1), unit("b", "Tree", "constructor", 2), unit("b", "", "function", 0)]
    table = pl.DataFrame([*rows, unit("a", "größe")])
    assert declarations(table, ["a", "c", "b"]) == [
        Declarations(["größe".encode()], [1]),
        Declarations(),
        Declarations([b"Tree"], [-1, 2, 0]),
    ]


@pytest.fixture
def corpus(tmp_path):
    """Two files of documents: code, data that is too long, and text that is no code."""
    rows = [document(language, "a", text) for language, text in TEXTS.items()]
    rows.insert(1, document("go", "long", TEXTS["go"] * 100))
    rows.insert(2, document("text", "readme", "visit nodes"))
    write_rows(tmp_path / "documents" / "00000.parquet", DOCUMENTS, rows)
    units = [unit(rows[0]["id"], "visit_node"), unit(rows[3]["id"], "VisitNode")]
    write_rows(tmp_path / "units" / "00000.parquet", UNITS, units)
    for table, schema in (("documents", DOCUMENTS), ("units", UNITS)):
        write_rows(tmp_path / table / "00001.parquet", schema, [])
    return tmp_path


def test_each_document_has_its_own_features_and_what_is_not_mined_has_none(corpus, tmp_path):
    step = ExtractFeatures(corpus, tmp_path / "out", PairsConfig(max_document_bytes=1000), tmp_path / "progress")
    for rank in range(2):
        assert list(step.run(rank=rank)) == []
    found = read_features(tmp_path / "out", 0)
    alone = [
        extract(TEXTS[language].encode(), language, Declarations([name], [1]))
        for language, name in (("python", b"visit_node"), ("go", b"VisitNode"))
    ]
    assert found.lengths.tolist() == [len(alone[0].indices), 0, 0, len(alone[1].indices)]
    for column in ("indices", "counts", "classes"):
        both = np.concatenate([getattr(a, column) for a in alone])
        assert getattr(found, column).tolist() == both.tolist()
        assert getattr(found, column).dtype == both.dtype
    assert found.profile[[0, 3]].tolist() == [features.profile.tolist() for features in alone]
    assert not found.profile[1:3].any()
    declared = found.classes == NUMBER["declared"]
    owner = np.repeat(np.arange(4), found.lengths)
    assert owner[declared].tolist() == [0, 3]
    assert len(set(found.indices[declared].tolist())) == 1
    empty = read_features(tmp_path / "out", 1)
    assert (len(empty.lengths), empty.profile.shape) == (0, (0, len(PROFILE)))


def test_the_same_documents_give_the_same_bytes(corpus, tmp_path):
    for name in ("one", "two"):
        list(ExtractFeatures(corpus, tmp_path / name, PairsConfig(), tmp_path / "progress").run(rank=0))
    assert (tmp_path / "one" / "00000.npz").read_bytes() == (tmp_path / "two" / "00000.npz").read_bytes()


def test_features_are_read_as_they_were_saved_and_those_of_a_document_are_sorted(tmp_path):
    documents = [extract(text.encode(), language) for language, text in TEXTS.items()] + [extract(b"", "go")]
    saved = joined(documents)
    save_features(tmp_path, 7, saved)
    found = read_features(tmp_path, 7)
    for column in ("indices", "counts", "classes", "lengths", "profile"):
        assert getattr(found, column).tolist() == getattr(saved, column).tolist()
    assert found.lengths[2] == 0 < found.lengths[0]
    assert (np.diff(keys_of(found)[: found.lengths[0]]) > 0).all()
