"""The tables of pairs: documents, functions and training texts that are translations of each other."""

import pyarrow as pa

from contracts.columns import Column, Table

_s, _b, _i32, _i64, _f32, _f64 = pa.string(), pa.bool_(), pa.int32(), pa.int64(), pa.float32(), pa.float64()

COPIES = Table(
    "copies",
    "one row a document that is not paired itself, since a document of its language stands for it",
    (
        Column("id", _s, "id in documents"),
        Column(
            "representative_id", _s, "id of the document that stands for it: the longest copy, then the smallest id"
        ),
        Column("language", _s, "language of both"),
        Column("reason", _s, "equal_features or near_duplicate"),
        Column("similarity", _f32, "Jaccard similarity of near-duplicates; 1 for equal features"),
    ),
)

PAIRS = Table(
    "pairs",
    "one row a pair of documents that are translations of each other",
    (
        Column("pair_id", _s, "stable hash of the two ids"),
        Column("id_a", _s, "id in documents; its language comes first in the order of languages"),
        Column("id_b", _s, "id in documents"),
        Column("language_a", _s, "language of a"),
        Column("language_b", _s, "language of b"),
        Column("path_a", _s, "path of a in its repository; may be empty for tables"),
        Column("path_b", _s, "path of b in its repository; may be empty for tables"),
        Column("group_id", _s, "id of the group of translations that both belong to, in all languages"),
        Column("score", _f32, "probability of being a pair; as given for given pairs, null if without", nullable=True),
        Column("direct", _f32, "probability without third languages; null where it was no candidate", nullable=True),
        Column("similarity", _f32, "similarity over all features, 0 to 1", nullable=True),
        Column("names", _f32, "component: cosine of words and letters of names, and of neighbours", nullable=True),
        Column("declared", _f32, "component: cosine of declared names and their words", nullable=True),
        Column("strings", _f32, "component: cosine of string literals and their words", nullable=True),
        Column("numbers", _f32, "component: cosine of numbers and pairs of neighbouring ones", nullable=True),
        Column("comments", _f32, "component: cosine of the words in comments", nullable=True),
        Column("calls", _f32, "component: cosine of called names and library equivalents", nullable=True),
        Column("imports", _f32, "component: cosine of the words in imports", nullable=True),
        Column("shape", _f32, "component: cosine of runs of operators, control words and numbers", nullable=True),
        Column("length_ratio", _f32, "component: shorter length / longer length in bytes", nullable=True),
        Column(
            "kind",
            _s,
            "close or loose: of given pairs as it was given, else by the similarity; null where there is neither, as "
            "without mining and for documents that are too long to be mined",
            nullable=True,
        ),
        Column("origin", _s, "mined; implied: added since both belong to one group; given"),
        Column("licence_a", _s, "licence of a; null where unknown", nullable=True),
        Column("licence_b", _s, "licence of b; null where unknown", nullable=True),
        Column("licence_known", _b, "both licences are known"),
        Column("contaminated", _b, "either side holds a benchmark problem; null until known", nullable=True),
    ),
)

LINKS = Table(
    "links",
    "one row a pair of translations, those without a required licence and given ones that contradict others included; "
    "they share a side of the split",
    (
        Column("id_a", _s, "id in documents"),
        Column("id_b", _s, "id in documents"),
    ),
)

UNIT_PAIRS = Table(
    "unit_pairs",
    "one row a pair of functions inside a pair of documents",
    (
        Column("pair_id", _s, "id in pairs"),
        Column("id_a", _s, "id in documents"),
        Column("start_line_a", _i32, "first line of the grammar's function node in a, from 1"),
        Column("end_line_a", _i32, "last line in a, included"),
        Column("outer_start_line_a", _i32, "first line in a with decorators, annotations and docs"),
        Column("name_a", _s, "name of the function in a"),
        Column("id_b", _s, "id in documents"),
        Column("start_line_b", _i32, "first line in b"),
        Column("end_line_b", _i32, "last line in b, included"),
        Column("outer_start_line_b", _i32, "first line in b with decorators, annotations and docs"),
        Column("name_b", _s, "name of the function in b"),
        Column("score", _f32, "probability that they correspond, 0 to 1, given that the documents are translations"),
        Column("statements", _f32, "share of the statements of both that have a counterpart, in order, in the other"),
        Column("kind", _s, "close: at least half of the statements have a counterpart; else loose"),
    ),
)

UNPAIRED_UNITS = Table(
    "unpaired_units",
    "one row a function of a paired document that has no counterpart in the other",
    (
        Column("pair_id", _s, "id in pairs"),
        Column("side", _s, "a or b"),
        Column("id", _s, "id in documents of the document it stands in"),
        Column("start_line", _i32, "first line of the grammar's function node, from 1"),
        Column("end_line", _i32, "last line, included"),
        Column("outer_start_line", _i32, "first line with decorators, annotations and docs"),
        Column("name", _s, "name of the function"),
    ),
)

PARALLEL_DOCUMENTS = Table(
    "parallel",
    "one row a training document made of a translation pair (or of a group of them), in one form and one direction",
    (
        Column("id", _s, "stable hash of form, direction, pair, side and, of functions, where they stand"),
        Column(
            "form",
            _s,
            "concat (source then target), prompt (with an instruction), shuffled (one side alone) or group (all "
            "programs of a group; the last is the target)",
        ),
        Column("direction", _s, "source language->target language; of a group, its first and its last language"),
        Column("level", _s, "file or function"),
        Column("pair_id", _s, "id in pairs; of a group, the group's id"),
        Column("id_source", _s, "id in documents; of a group, of its first; empty in a shuffled row with the target"),
        Column("id_target", _s, "id in documents; empty in a shuffled row that holds the source"),
        Column("source_start", _i32, "first byte of the source program in content as UTF-8; -1 if absent"),
        Column("source_end", _i32, "byte after it; of a group, after the last but one program; -1 if absent"),
        Column("target_start", _i32, "first byte of the target program; -1 if absent"),
        Column("target_end", _i32, "byte after it; -1 if absent"),
        Column("ids", pa.list_(_s), "id in documents of each program, in the order in which they stand in content"),
        Column("languages", pa.list_(_s), "language of each"),
        Column("repos", pa.list_(_s), "repository or package of each"),
        Column("paths", pa.list_(_s), "path of each inside its repository; may be empty for tables"),
        Column("commits", pa.list_(_s), "commit of each repository, None where unknown"),
        Column("starts", pa.list_(_i32), "first byte of each in content"),
        Column("ends", pa.list_(_i32), "byte after each"),
        Column("first_lines", pa.list_(_i32), "first line in its document that each was taken from, from 1"),
        Column("last_lines", pa.list_(_i32), "last line in its document, included"),
        Column("units_dropped", _i32, "functions left out of all programs together to fit max_tokens"),
        Column("score", _f32, "of the pair, or of the functions; of a group, the lowest; null: none", nullable=True),
        Column("kind", _s, "close or loose; null where not judged, and for groups", nullable=True),
        Column(
            "licence_source",
            _s,
            "licence of the source program; of several, joined by AND; null where one is unknown",
            nullable=True,
        ),
        Column("licence_target", _s, "licence of the target program; null where unknown", nullable=True),
        Column("bytes", _i64, "length of content in UTF-8 bytes"),
        Column("content", _s, "the training text"),
    ),
)

REFUSED = Table(
    "refused",
    "one row a pair, pair of functions or group of which no parallel document was written, with the reason",
    (
        Column("level", _s, "file, function or group; pair: it does not stand in pairs either"),
        Column("pair_id", _s, "id in pairs, or what it would be; of a group, the group's id"),
        Column("reason", _s, "stable reason code"),
        Column("id_a", _s, "id in documents; of a group, of its first program; of one left out of a group: id_b too"),
        Column("id_b", _s, "id in documents; of a group, of its last program"),
        Column("language_a", _s, "language of a"),
        Column("language_b", _s, "language of b"),
        Column("start_line_a", _i32, "first line of the function in a; 0 for files"),
        Column("start_line_b", _i32, "first line of the function in b; 0 for files"),
        Column("value", _f64, "what was measured", nullable=True),
        Column("threshold", _f64, "what was allowed", nullable=True),
        Column("detail", _s, "more about the reason, for people"),
    ),
)
