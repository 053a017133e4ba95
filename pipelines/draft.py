"""A document on its way through the corpus pipeline: what is known so far, or why it was rejected."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import xxhash

from contracts.languages import LANGUAGE_NAMES
from parsers.units import Unit
from pipelines.sources.read import SourceRecord


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file did not become a document.

    Attributes:
        step: source, encoding, language, syntax, gate, exact or near.
        reason: stable code.
        value: what was measured, in the unit of the threshold.
        threshold: what was allowed.
        detail: more, for people.
    """

    step: str
    reason: str
    value: float | None = None
    threshold: float | None = None
    detail: str = ""


@dataclass(slots=True)
class Draft:
    """What the steps know of one file. `rejection` is set once; later steps then leave the draft alone."""

    record: SourceRecord
    content: bytes = b""
    facts: dict[str, Any] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)
    rejection: Rejection | None = None

    @property
    def language(self) -> str | None:
        """The language, or the component that the source declares, once known."""
        return self.facts.get("language")

    @property
    def is_code(self) -> bool:
        """In one of the seven languages; other text is neither parsed nor judged as code."""
        return self.language in LANGUAGE_NAMES


def document_id(record: SourceRecord, content: bytes) -> str:
    """Stable identity of a document: 32 hexadecimal digits (blake2b-128).

    Covers source, repository, archive, path, the record's own id, its declared language and the text: two records
    that differ in any of these are two documents, wherever and in whatever order they are read.

    Args:
        record: where the text comes from.
        content: text as UTF-8.
    """
    digest = hashlib.blake2b(digest_size=16)
    parts = (record.source, record.repo, record.archive, record.path, record.source_id, record.language or "")
    for part in parts:
        encoded = part.encode("utf-8", "surrogateescape")
        digest.update(len(encoded).to_bytes(4, "little") + encoded)
    digest.update(content)
    return digest.hexdigest()


def content_hash(content: bytes) -> str:
    """xxh3-128 of the text as UTF-8, in hexadecimal: equal texts, equal hashes, on any machine."""
    return xxhash.xxh3_128_hexdigest(content)
