"""The sections `pairs` (candidates, score, match) and `parallel` (pairs of functions, parallel documents)."""

from typing import Literal

from pydantic import Field, model_validator

from contracts.config import StrictModel
from pairing.parallel.options import check_options

Form = Literal["concat", "prompt", "shuffled", "group"]
Level = Literal["file", "function"]


class PairsConfig(StrictModel):
    """From documents to translation pairs."""

    mine: bool = True
    """Mine pairs out of the corpus; false: only the pairs in `given`."""
    given: tuple[str, ...] = ()
    """Parquet or CSV files of pairs that you bring, with columns id_a and id_b (ids or source_ids of documents), or
    repo_a, path_a, repo_b and path_b, and, if you have them, score, kind. Mined pairs give way to them; of those that
    contradict one another the surest stay."""
    min_score: float | None = Field(default=None, ge=0, le=1)
    """Probability from which a pair counts; null: the threshold that `min_precision` means, or the default one.
    Below 0.05 it changes nothing: such pairs hold no group together."""
    min_precision: float | None = Field(default=None, ge=0, le=1)
    """Expected precision of the pairs that are kept; the threshold is read from the curve that was measured when the
    score was fitted: less than it starts with gives its lowest threshold, more than it ends with is an error. null:
    `min_score` decides."""
    adapt: bool = False
    """Lower all scores by as much as translations are rarer in the corpus than in those that the score was learnt
    from, as estimated from the scores themselves. Known pairs among 64,000 files of ordinary packages: precision 0.986
    to 0.992, recall 0.914 to 0.894, and 331 instead of 1,026 new pairs outside JavaScript and TypeScript. Where
    translations are rare but real it costs recall: F1 of a sparse source of its own 0.911 to 0.773, with declared
    names masked 0.676 to 0.207; so it is off. Changes nothing where they are as common as in the learning."""
    collapse_similarity: float = Field(default=1.0, gt=0, le=1)
    """Kept near-duplicates of one language, from this Jaccard similarity of token shingles on, are mined as one
    document: the longest of them. So are documents with equal features, whatever is set here; 1: only those. The
    corpus stage drops duplicates from `corpus.dedup.threshold` on and lists those above half. Lower values lose
    programs that differ little and have translations of their own."""
    search_postings: int = Field(default=20_000, ge=1)
    """Documents that the features of one document may propose in each other language: its rarest features are looked
    up as long as their documents together are no more. Bounds the time of a document whatever the corpus. Candidate
    recall among 65,000 documents, names masked, without support: 5,000 0.904, 10,000 0.911, 20,000 0.925, without
    limit 0.935."""
    lsh_similarity: float = Field(default=0.4, gt=0, lt=1)
    """Jaccard similarity of feature sets that the MinHash bands are made for: close ports."""
    top_k: int = Field(default=20, ge=1)
    """Candidates kept for a document in each other language. Candidate recall on 5,466 files, plain and with declared
    names masked: 0.986 and 0.954 with the defaults; 0.977 and 0.940 with 10, min_similarity 0.08 and
    collapse_similarity 0.65."""
    min_similarity: float = Field(default=0.05, ge=0, le=1)
    """Cosine of the presence of features, votes of third languages added, from which a document is a candidate."""
    block_documents: int = Field(default=20_000, ge=1)
    """Documents of a language that one task holds (about 6 kB each); changes no result."""
    max_document_bytes: int = Field(default=200_000, gt=0)
    """Longer documents are not mined: they are data or bundles, not programs."""
    skip_tests: bool = False
    """Leave test files out of mining."""
    skip_declarations: bool = True
    """Leave files out of mining that only declare (.d.ts, .d.mts, .d.cts, .pyi): they stand beside the implementation
    that they belong to, and are no program in another language."""
    tests_apart: bool = True
    """Pair tests with tests only. A test talks about its program in the program's words, so the test of
    a translation is easily taken for it."""
    require_licence: bool = False
    """Drop pairs in which a licence is unknown; off: they are kept and flagged by licence_known."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_moved(cls, data: object) -> object:
        """Options that stood here before there was a section `parallel` say where they are now."""
        given = data if isinstance(data, dict) else {}
        moved = [name for name in ParallelConfig.model_fields if name in given and name not in cls.model_fields]
        if moved:
            named = ", ".join(f"pairs.{name} is parallel.{name}" for name in moved)
            raise ValueError(f"{named} now; write it in the section parallel (--set parallel.{moved[0]}=...)")
        return data

    @model_validator(mode="after")
    def _one_threshold(self) -> "PairsConfig":
        if self.min_score is not None and self.min_precision is not None:
            raise ValueError("pairs.min_score and pairs.min_precision both set the threshold; give one of them")
        return self


class ParallelConfig(StrictModel):
    """From translation pairs to pairs of functions and parallel documents."""

    align_functions: bool = True
    """Also pair the functions inside paired documents."""
    min_unit_score: float | None = Field(default=None, ge=0, le=1)
    """Probability from which two functions inside a pair correspond; null: where F1 was highest in fitting the score
    (the threshold in `pairing/align/coefficients.json`). Raise it for precision."""
    forms: tuple[Form, ...] = Field(default=("concat", "prompt", "shuffled"), min_length=1)
    """Forms of parallel documents to write: concat (x then y), prompt (with an instruction between), shuffled (each
    program alone: the control) and group (all programs of a group of translations). The mixture uses one of them."""
    levels: tuple[Level, ...] = Field(default=("file",), min_length=1)
    """What a parallel document holds: file (whole programs), function (aligned functions with their decorators and
    comments). Groups are of whole programs."""
    directions: Literal["both", "balanced"] = "both"
    """both: each pair is written in both directions. balanced: in one, drawn so that the two directions of a language
    pair have equally many, give or take one, at each level."""
    templates: dict[str, str] = Field(default_factory=dict)
    """Texts of the form prompt by direction (python->go), or for all others (default), with the placeholders {source}
    and {target}, each once, and {source_language}, {target_language} and {unit} (program or function)."""
    max_tokens: int | None = Field(default=None, gt=0)
    """Tokens that a parallel document may have, its end token included; null: any number. Pairs that are longer lose
    functions on both sides together, those without a counterpart first, then the least similar; groups do too, and
    where that is not enough, programs.
    What cannot be fitted without cutting a function is refused. Each form is fitted for all of them."""
    min_kept_share: float = Field(default=0.5, ge=0, le=1)
    """Share of its bytes, comments that are taken out not counted, that each program keeps when it is made to fit
    into max_tokens; what would keep less is refused. Half: what is left is the greater part of the program."""
    tokenizer: str | None = None
    """A tokenizer.json that max_tokens counts with, relative to this file; null: tokens are estimated from bytes and
    code tokens, rather too many than too few."""
    vocab_size: int = Field(default=16_384, ge=300)
    """Entries of the vocabulary that tokens are estimated for: fewer entries, more tokens. Take that of the tokenizer
    that the mixture will use (tokenizer.vocab_size)."""
    comments: Literal["keep", "strip", "strip_docstrings"] = "keep"
    """keep: programs as they are. strip: without comments. strip_docstrings: without Python's docstrings either."""
    function_kinds: Literal["all", "close"] = "all"
    """Pairs of functions that become parallel documents: all, or close ones only."""
    min_function_score: float = Field(default=0.0, ge=0, le=1)
    """Score of a pair of functions from which it becomes a parallel document; those of lower scores stay in
    unit_pairs."""
    refuse_contaminated: bool = True
    """Write no parallel document of a program that holds a benchmark problem; needs a corpus that was checked."""
    refuse_licences: bool = True
    """Write no parallel document of two programs whose licences are known not to go together in one text, such as
    GPL-2.0-only and Apache-2.0. Licences that are unknown, or that the table does not hold, follow require_licence."""
    require_licence: bool | None = None
    """Write no parallel document of a program whose licence is unknown or not in the table of licences; null: as
    pairs.require_licence, which also drops pairs."""
    seed: int = 0
    """Seed of balanced directions and of the order of programs in groups."""
    task_bytes: int = Field(default=16_000_000, gt=0)
    """Bytes of paired documents that one task aligns and writes."""

    @model_validator(mode="after")
    def _options_fit(self) -> "ParallelConfig":
        check_options(self)
        return self
