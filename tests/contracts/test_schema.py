import re

import pyarrow as pa
import pytest

from contracts.languages import LANGUAGE_NAMES, LANGUAGE_TITLES, language_pairs
from contracts.runs import runs_table
from contracts.schema import TABLES

EVERY = [*TABLES.values(), runs_table()]


@pytest.mark.parametrize("table", EVERY, ids=lambda t: t.name)
def test_every_column_of_every_table_is_explained_and_named_once(table):
    assert [f.name for f in table.schema if len(f.metadata[b"doc"]) < 3] == []
    assert len(set(table.names)) == len(table.names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in table.names)
    assert table.doc


@pytest.mark.parametrize("table", EVERY, ids=lambda t: t.name)
def test_a_column_that_may_be_null_says_when(table):
    named = [c.name for c in table.columns if "null" in c.doc and not c.nullable]
    assert named == []


def test_tables_are_found_by_their_names():
    assert all(name == table.name for name, table in TABLES.items())
    assert {"documents", "units", "rejected", "pairs", "unit_pairs", "parallel"} <= set(TABLES)


def test_ids_join_on_one_type():
    ids = {c.type for t in EVERY for c in t.columns if c.name in ("id", "id_a", "id_b", "document_id", "pair_id")}
    assert ids == {pa.string()}


def test_languages_have_titles_and_21_pairs_in_order():
    assert tuple(LANGUAGE_TITLES) == LANGUAGE_NAMES
    pairs = language_pairs()
    assert len(set(pairs)) == 21
    assert all(LANGUAGE_NAMES.index(a) < LANGUAGE_NAMES.index(b) for a, b in pairs)
