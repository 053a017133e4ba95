"""The `pairs` section: candidates, score, match, parallel documents."""

from typing import Literal

from pydantic import Field

from contracts.config import StrictModel

Form = Literal["concat", "prompt", "shuffled"]


class PairsConfig(StrictModel):
    """From documents to translation pairs and parallel documents."""

    mine: bool = True
    """Mine pairs out of the corpus; false: only the pairs in `given`."""
    given: tuple[str, ...] = ()
    """Parquet or CSV files of pairs that you bring, with columns id_a and id_b (ids or source_ids of documents) and,
    if you have them, score, kind. They are kept whatever their score, and mined pairs give way to them."""
    min_cosine: float = Field(default=0.2, ge=0, le=1)
    """Cosine of the TF-IDF vectors from which a mutual best pair counts. On 5,466 files in seven languages with known
    pairs, precision and recall are about 0.94 and 0.73 here; raise it for precision."""
    max_postings: int = Field(default=400, ge=1)
    """A feature in more documents of a language than this proposes no candidates (it still scores). Bounds time."""
    index_features: int = Field(default=150, ge=1)
    """Heaviest features of a document that may propose candidates. 150 with postings of 400: candidate recall 0.993;
    60 and 100: 0.987."""
    top_k: int = Field(default=10, ge=1)
    """Candidates kept for a document in each other language."""
    block_documents: int = Field(default=20_000, ge=1)
    """Documents of a language that one task holds of each side (about 3 kB each)."""
    max_document_bytes: int = Field(default=200_000, gt=0)
    """Longer documents are not mined: they are data or bundles, not programs."""
    skip_tests: bool = False
    """Leave test files out of mining."""
    tests_apart: bool = True
    """Pair tests with tests only. A test talks about its program in the program's words, so a test file beside
    a translated program is the commonest strong error."""
    require_licence: bool = False
    """Drop pairs in which a licence is unknown; off: they are kept and flagged by licence_known."""
    align_functions: bool = True
    """Also pair the functions inside paired documents."""
    min_unit_cosine: float = Field(default=0.2, ge=0, le=1)
    """Cosine from which mutual best functions inside a pair count."""
    forms: tuple[Form, ...] = ("concat", "prompt", "shuffled")
    """Forms of parallel documents to write: concat (x then y), prompt (with an instruction between) and shuffled (each
    program alone: the control). The mixture later uses one of them."""
    task_bytes: int = Field(default=16_000_000, gt=0)
    """Bytes of paired documents that one task aligns and writes."""
