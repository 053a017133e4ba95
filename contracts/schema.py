"""Every table that passes between stages: its columns, their types and what they mean.

Tables are Parquet (zstd) in folders of numbered files. A stage never hands over a bare dict.
"""

import pyarrow as pa

from contracts.columns import Column, Table
from contracts.pair_tables import (
    COPIES,
    LINKS,
    PAIRS,
    PARALLEL_DOCUMENTS,
    REFUSED,
    UNIT_PAIRS,
    UNPAIRED_UNITS,
)

_s, _b, _i32, _i64, _f32, _f64 = pa.string(), pa.bool_(), pa.int32(), pa.int64(), pa.float32(), pa.float64()

_ORIGIN = (
    Column("source", _s, "name of the source in the configuration"),
    Column("source_id", _s, "the record's own id in its source; empty where the source has none"),
    Column("repo", _s, "repository or package the file belongs to"),
    Column("archive", _s, "archive or table file that held it, relative to the source; empty for trees"),
    Column("path", _s, "path inside the repository, with forward slashes; may be empty for tables"),
    Column("commit", _s, "commit of the repository, where known", nullable=True),
    Column("licence", _s, "SPDX expression; null where unknown", nullable=True),
)

DOCUMENTS = Table(
    "documents",
    "one row a source file that passed every gate and both deduplications",
    (
        Column("id", _s, "blake2b-128 of where the text comes from (source to path, declared language) and the text"),
        *_ORIGIN,
        Column("language", _s, "one of the seven language names, or the component that the source declares"),
        Column("detected_by", _s, "declared, filename, extension, shebang or content"),
        Column("encoding", _s, "encoding of the original bytes; content here is text"),
        Column("bytes", _i64, "length of content in UTF-8 bytes"),
        Column("lines", _i32, "number of lines"),
        Column("longest_line", _i32, "length of the longest line"),
        Column("mean_line", _f32, "mean line length"),
        Column("alphanumeric_share", _f32, "share of letters and digits, 0 to 1"),
        Column("error_share", _f32, "bytes inside syntax errors / bytes, 0 to 1"),
        Column("code_tokens", _i32, "tokens as near-duplicate detection counts them"),
        Column("units", _i32, "functions, methods and types found"),
        Column("is_test", _b, "looks like a test file"),
        Column("is_vendored", _b, "lies in a folder of third-party code"),
        Column("contaminated", _b, "holds a benchmark problem; null until decontamination ran", nullable=True),
        Column("content_hash", _s, "xxh3-128 of content in UTF-8, in hexadecimal"),
        Column("content", _s, "the text of the file"),
    ),
)

UNITS = Table(
    "units",
    "one row a function, method or type of a document",
    (
        Column("document_id", _s, "id in documents"),
        Column("unit", _i32, "number of the unit in its document, by position"),
        Column("language", _s, "language of the document"),
        Column("kind", _s, "function, method, constructor, class, interface, enum, struct, trait, ..."),
        Column("name", _s, "declared name; empty for an anonymous one"),
        Column("container", _s, "names of the enclosing units, joined by dots; the innermost 256 characters"),
        Column("start_line", _i32, "first line of the grammar's node, from 1"),
        Column("end_line", _i32, "last line of the grammar's node, included"),
        Column("outer_start_line", _i32, "first line with decorators, annotations and doc comments"),
        Column("start_byte", _i32, "first byte of the node in content as UTF-8"),
        Column("end_byte", _i32, "byte after the node"),
        Column("outer_start_byte", _i32, "first byte with decorators, annotations and doc comments"),
        Column("parameters", _i32, "number of parameters; -1 for types"),
        Column("has_body", _b, "false for a declaration only"),
        Column("has_error", _b, "overlaps a syntax error"),
        Column("is_test", _b, "looks like a test"),
    ),
)

REJECTED = Table(
    "rejected",
    "one row a file, member or record that did not become a document, with the reason",
    (
        Column("id", _s, "as in documents; of the empty content where none was read"),
        *_ORIGIN,
        Column("language", _s, "language, where it was known", nullable=True),
        Column("bytes", _i64, "size of the input in bytes, where known", nullable=True),
        Column("step", _s, "source, encoding, language, syntax, gate, exact or near"),
        Column("reason", _s, "stable reason code"),
        Column("value", _f64, "what was measured", nullable=True),
        Column("threshold", _f64, "what was allowed", nullable=True),
        Column("duplicate_of", _s, "id of the survivor, for duplicates", nullable=True),
        Column("detail", _s, "more about the reason, for people"),
    ),
)

NEAR_DUPLICATES = Table(
    "near_duplicates",
    "pairs of kept documents found alike, though not enough to drop one; they share a side of the split",
    (
        Column("id_a", _s, "id in documents, the smaller of the two"),
        Column("id_b", _s, "id in documents"),
        Column("jaccard", _f32, "exact Jaccard similarity of the token shingles"),
    ),
)

SPLIT = Table(
    "split",
    "one row a document: on which side of the train/validation split it stands",
    (
        Column("id", _s, "id in documents"),
        Column("language", _s, "language of the document"),
        Column("bytes", _i64, "length of content in UTF-8 bytes"),
        Column("split", _s, "train or validation"),
        Column("component", _s, "smallest id of its near-duplicate and translation links: the indivisible item"),
        Column("scope", _s, "repository, when its whole repository stands on that side; else within_repository"),
    ),
)

TOKENIZED = Table(
    "tokenized",
    "one row a training document (or parallel document) in the token files of the pool",
    (
        Column("id", _s, "id in documents or parallel"),
        Column("component", _s, "a language, another component of the corpus, or a direction such as python->go"),
        Column("file", _i32, "number of the token file"),
        Column("start", _i64, "first token in that file"),
        Column("tokens", _i32, "number of tokens, the end-of-document token included"),
        Column("bytes", _i64, "length of the text in UTF-8 bytes"),
        Column("source_end", _i32, "tokens up to the end of the source program; -1 where there is none"),
        Column("target_start", _i32, "tokens before the target program; -1 where there is none"),
        Column("arrangement", _s, "plain; psm or spm where the text was rearranged for filling in the middle"),
        Column("pair_id", _s, "id in pairs; empty outside parallel"),
        Column("source_tokens", _i32, "tokens of the source program, all between of a group; 0 where there is none"),
        Column("target_tokens", _i32, "tokens of the target program; 0 where there is none"),
        Column("program_keys", pa.list_(_s), "xxh3-128 of the text of each program; empty outside parallel"),
        Column("program_tokens", pa.list_(_i32), "tokens of each program"),
    ),
)

LINEAGE = Table(
    "lineage",
    "one row a span of a training sequence: which tokens of which document stand there",
    (
        Column("sequence", _i64, "number of the sequence in the mixture, from 0"),
        Column("component", _s, "mixture component"),
        Column("ordinal", _i64, "number of the sequence inside its component, from 0"),
        Column("epoch", _i32, "how often the document was seen before"),
        Column("start", _i32, "first token of the span in the sequence"),
        Column("end", _i32, "token after the span"),
        Column("document_id", _s, "id in documents or parallel; empty for padding"),
        Column("token_start", _i32, "first token of the span in the document; -1 for padding"),
        Column("ends_document", _b, "the span holds the document's last token"),
    ),
)

VALIDATION = Table(
    "validation",
    "one row a held-out document of one component, tokenised, the same for every mixture",
    (
        Column("id", _s, "id in documents or parallel"),
        Column("component", _s, "a language, another component of the corpus, or a direction such as python->go"),
        Column("form", _s, "text for one document alone; concat or prompt for a translation pair"),
        Column("seen", _b, "false for a direction that never enters training"),
        Column("bytes", _i64, "length of the text in UTF-8 bytes"),
        Column("source_start", _i32, "first token of the source program; -1 if none"),
        Column("source_end", _i32, "token after the source program; -1 if none"),
        Column("target_start", _i32, "first token of the target program; -1 if none"),
        Column("target_end", _i32, "token after the target program; -1 if none"),
        Column("tokens", pa.list_(pa.uint32()), "token ids, the end-of-document token included"),
    ),
)

RUN_LIST = Table(
    "run_list",
    "one row a training run to do: JSON lines, in which lists, maps and structs are written as JSON writes them",
    (
        Column("index", _i32, "number of the run in this list, from 0"),
        Column("run_id", _s, "hash of what decides the run; the same in every list"),
        Column("rung", _s, "name of the model size"),
        Column(
            "shape",
            pa.struct([(name, _i32) for name in ("layers", "hidden", "heads", "intermediate")]),
            "the size, where it is not on the ladder",
            nullable=True,
        ),
        Column("n_parameters", _i64, "parameters without embeddings, N"),
        Column("tokens", pa.list_(_i64), "training tokens D at which the model is measured, ascending"),
        Column("mixture", _s, "name of the mixture, below mix/ of the corpus"),
        Column("proportions", pa.map_(_s, _f64), "planned shares of the components"),
        Column(
            "components",
            pa.map_(
                _s,
                pa.struct([("min_share", _f64), ("max_share", _f64), ("max_epochs", _f64), ("unique_tokens", _i64)]),
            ),
            "bounds of components, where there are any",
        ),
        Column("strategy", _s, "form of the translation pairs: concat, prompt, shuffled, or none without pairs"),
        Column("seed", _i64, "seed of the initial weights"),
        Column("data_seed", _i64, "seed of the mixture: which documents, in which order"),
        Column(
            "epochs", pa.map_(_s, _f64), "how often the documents of each component will have been seen at the end"
        ),
        Column("flops", _f64, "operations to do, branches included, evaluation left out"),
        Column("gpu_hours", _f64, "estimated cost; null where the device is not known", nullable=True),
    ),
)

TABLES = {
    table.name: table
    for table in (
        DOCUMENTS,
        UNITS,
        REJECTED,
        NEAR_DUPLICATES,
        COPIES,
        PAIRS,
        LINKS,
        UNIT_PAIRS,
        UNPAIRED_UNITS,
        PARALLEL_DOCUMENTS,
        REFUSED,
        SPLIT,
        TOKENIZED,
        LINEAGE,
        VALIDATION,
        RUN_LIST,
    )
}
"""Tables with fixed columns, by name."""
