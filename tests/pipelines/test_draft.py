"""Identity of documents: stable, and different when anything is different."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.draft import content_hash, document_id
from pipelines.sources.read import SourceRecord

PARTS = ("source", "path", "repo", "archive", "source_id", "language")


def record(*parts: str) -> SourceRecord:
    source, path, repo, archive, source_id, language = parts
    return SourceRecord(source, path, repo, archive, source_id, language=language or None)


BASE = ("src", "x/y.py", "repo", "a.zip", "7", "python")


def test_the_id_is_the_same_on_every_machine_and_for_ever() -> None:
    assert document_id(record(*BASE), b"pass\n") == "fc6a0b5da24b15eff2490b7b32a90f44"


def test_the_content_hash_is_that_of_xxh3() -> None:
    assert content_hash(b"") == "99aa06d3014798d86001c324468d497f"


@pytest.mark.parametrize("part", range(len(PARTS)), ids=PARTS)
def test_the_id_depends_on_every_part(part: int) -> None:
    other = [*BASE]
    other[part] = "other"
    assert document_id(record(*other), b"pass\n") != document_id(record(*BASE), b"pass\n")


def test_the_id_depends_on_every_byte_of_the_text() -> None:
    assert len({document_id(record(*BASE), text) for text in (b"", b"pass\n", b"pass\r\n", b"pass")}) == 4


def test_what_is_only_said_about_a_file_is_no_part_of_its_identity() -> None:
    known, unknown = record(*BASE), record(*BASE)
    known.licence, known.commit, known.position, known.size = "MIT", "c0ffee", 3, 5
    assert document_id(known, b"") == document_id(unknown, b"")


text = st.text(max_size=4)
parts = st.tuples(text, text, text, text, text, text)


@given(parts, st.binary(max_size=6), parts, st.binary(max_size=6))
def test_different_parts_never_run_into_one_another(
    one: tuple[str, ...], first: bytes, two: tuple[str, ...], second: bytes
) -> None:
    same = (one, first) == (two, second)
    assert (document_id(record(*one), first) == document_id(record(*two), second)) == same


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("ab", "c", "", "", "", ""), ("a", "bc", "", "", "", "")),
        (("a", "b", "", "", "", ""), ("a", "", "b", "", "", "")),
        (("", "", "", "", "7", ""), ("", "", "", "7", "", "")),
    ],
)
def test_where_one_part_ends_and_the_next_begins_matters(one: tuple[str, ...], two: tuple[str, ...]) -> None:
    assert document_id(record(*one), b"") != document_id(record(*two), b"")


def test_a_path_that_is_no_unicode_has_an_id_too() -> None:
    assert len(document_id(record("s", "caf\udce9.py", "", "", "", ""), b"")) == 32
