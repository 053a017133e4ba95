"""The card of a data set: README.md with the front matter that the Hub and `datasets` read. Pure functions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import yaml

from contracts.languages import LANGUAGE_TITLES
from pairing.export.parts import Part, Written

DATA = "data"
"""Folder of the files below the card."""

SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
)
"""Size categories of the Hub's data set cards."""

_HUB_LICENCES = (
    "agpl-3.0 apache-2.0 artistic-2.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0 cc0-1.0 cc-by-4.0 "
    "cc-by-sa-4.0 ecl-2.0 epl-1.0 epl-2.0 eupl-1.1 eupl-1.2 gpl-2.0 gpl-3.0 isc lgpl-2.1 lgpl-3.0 mit mpl-2.0 ms-pl "
    "ncsa ofl-1.1 osl-3.0 postgresql unlicense wtfpl zlib"
)
HUB_LICENCES = frozenset(_HUB_LICENCES.split())
"""Licences that the Hub knows by name (its page on repository licences); others are `other`."""

TEXT = {
    "pairs": "programs that are translations of each other, with both texts",
    "functions": "functions that correspond inside those programs, with both texts",
    "concat": "training texts: the source program, then its translation",
    "prompt": "training texts: the translation is asked for in words",
    "shuffled": "training texts: the same programs one by one, the control",
    "group": "training texts: one program in several languages",
}
"""What the rows of a table are, for people."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card tells.

    Attributes:
        schemas: of each table.
        written: what was written of each part.
        licences: how many pairs have a side under each; None where unknown.
        pairs: identity of the pairs' manifest.
        parallel: identity of the manifest of functions and parallel documents.
        corpus: identity of the corpus' manifest.
        version: of glotmix.
        split: whether there are two sides.
        refused: rows of each table that are left out for their licences.
        kept_refused: pairs that would be, and are not.
    """

    schemas: Mapping[str, pa.Schema]
    written: Mapping[Part, Written]
    licences: Mapping[str | None, int]
    pairs: str
    parallel: str
    corpus: str
    version: str
    split: bool
    refused: Mapping[str, int]
    kept_refused: int


def card(facts: Facts) -> str:
    """The whole text of README.md; the same for the same data."""
    front = yaml.safe_dump(front_matter(facts), sort_keys=False, allow_unicode=True, width=120)
    return f"---\n{front}---\n\n{_body(facts)}"


def front_matter(facts: Facts) -> dict[str, Any]:
    """What machines read of a card."""
    pairs = sum(w.rows for part, w in facts.written.items() if part.table == "pairs")
    languages = sorted({language for part in facts.written for language in re.split("-to-|-", part.slice)})
    return {
        "pretty_name": "Translation pairs of programs",
        "language": ["code"],
        "license": hub_licences(facts.licences),
        "multilinguality": ["multilingual"],
        "size_categories": [next((name for limit, name in SIZES if pairs < limit), "1B<n<10B")],
        "task_categories": ["translation", "text-generation"],
        "tags": ["code", "code-translation", "parallel-corpus", *languages],
        "configs": [_config(*what, default=number == 0) for number, what in enumerate(_configs(facts))],
        "dataset_info": [_info(name, facts) for name in facts.schemas],
    }


def hub_licences(licences: Iterable[str | None]) -> list[str]:
    """Licences as the Hub names them: each part of an SPDX expression, `other` and `unknown` at the end."""
    found: set[str] = set()
    for licence in licences:
        for name in re.split(r"\s+(?:AND|OR|WITH)\s+", (licence or "unknown").strip("() ")):
            short = re.sub(r"-(?:only|or-later)$", "", name.strip("() ").lower())
            found.add(short if short in HUB_LICENCES or short == "unknown" else "other")
    last = [name for name in ("other", "unknown") if name in found]
    return sorted(found - set(last)) + last


def _configs(facts: Facts) -> list[tuple[str, str, list[Part]]]:
    """What can be loaded, as (name, folder, parts): every table, and the pairs of two languages."""
    parts = sorted(facts.written)
    found = [(table, f"{table}/*", [p for p in parts if p.table == table]) for table in facts.schemas]
    pairs = [part for part in parts if part.table == "pairs"]
    for name in sorted({part.slice for part in pairs}):
        found.append((f"pairs-{name}", f"pairs/{name}", [part for part in pairs if part.slice == name]))
    return found


def _config(name: str, folder: str, parts: Sequence[Part], default: bool) -> dict[str, Any]:
    splits = sorted({part.split for part in parts})
    files = [{"split": split, "path": f"{DATA}/{folder}/{split}-*.parquet"} for split in splits]
    return {"config_name": name, **({"default": True} if default else {}), "data_files": files}


def _info(table: str, facts: Facts) -> dict[str, Any]:
    splits: dict[str, Written] = {}
    for part, written in sorted(facts.written.items()):
        if part.table == table:
            total = splits.setdefault(part.split, Written())
            total.rows, total.bytes = total.rows + written.rows, total.bytes + written.bytes
            total.stored += written.stored
    return {
        "config_name": table,
        "features": [feature(field) for field in facts.schemas[table]],
        "splits": [{"name": name, "num_bytes": w.bytes, "num_examples": w.rows} for name, w in sorted(splits.items())],
        "download_size": sum(w.stored for w in splits.values()),
        "dataset_size": sum(w.bytes for w in splits.values()),
    }


def feature(field: pa.Field) -> dict[str, Any]:
    """A column as `datasets` describes it in a card: a scalar, a list or a struct."""
    return {"name": field.name, **_kind(field.type)}


def _kind(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(kind):
        inner = _kind(kind.value_type)
        return {"list": next(iter(inner.values()))} if {"dtype", "struct"} & set(inner) else {"list": inner}
    if pa.types.is_struct(kind):
        return {"struct": [feature(kind.field(n)) for n in range(kind.num_fields)]}
    return {"dtype": {pa.float64(): "float64", pa.float32(): "float32"}.get(kind, str(kind))}


def _body(facts: Facts) -> str:
    lines = ["# Translation pairs of programs", ""]
    lines += [
        f"Made by glotmix {facts.version}. Texts stay the work of their authors, under their licences. Where they",
        "come from stands beside them, as far as it is known:",
        "",
        *(f"- `{table}`: {origin(schema, table)}" for table, schema in facts.schemas.items()),
        "",
    ]
    if facts.split:
        lines += ["A program, its near-duplicates and all its translations stand in one split.", ""]
    lines += ["## What is in it", "", "| name | rows | what |", "|---|---|---|"]
    for table in facts.schemas:
        rows = sum(w.rows for part, w in facts.written.items() if part.table == table)
        form, _, level = table.partition("_")
        what = TEXT.get(form, "training texts") + (f", of {level}s" if level else "")
        lines.append(f"| `{table}` | {rows:,} | {what} |")
    lines += [
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'pairs = load_dataset("FOLDER", "pairs")',
        "```",
    ]
    for table in facts.schemas:
        lines += ["", f"## Rows of {table}", "", *_counts(table, facts)]
    lines += ["", "## Licences", "", *_refused(facts), "| licence | sides of pairs |", "|---|---|"]
    ordered = sorted(facts.licences.items(), key=lambda item: (item[0] is None, item[0] or ""))
    lines += [f"| {_cell(licence or 'unknown')} | {count:,} |" for licence, count in ordered]
    for table, schema in facts.schemas.items():
        lines += ["", f"## Columns of {table}", "", "| column | type | what |", "|---|---|---|"]
        lines += [f"| `{f.name}` | {f.type} | {_cell(_doc(f))} |" for f in schema]
    made = f"Pairs `{facts.pairs}` of corpus `{facts.corpus}`; functions and parallel documents `{facts.parallel}`."
    lines += ["", "## Where it comes from", "", made, ""]
    return "\n".join(lines)


def _refused(facts: Facts) -> list[str]:
    """What is said of pairs whose licences do not go together."""
    if facts.kept_refused:
        return [
            f"The licences of {facts.kept_refused:,} pairs do not go together in one text, or are not known to: they "
            "are rows of `pairs`, and no training text is made of them.",
            "",
        ]
    if not facts.refused:
        return []
    told = " and ".join(f"{count:,} rows of `{table}`" for table, count in facts.refused.items())
    return [f"Left out are {told}, whose licences do not go together in one text, or are not known to.", ""]


ORIGINS = ("source", "repo", "path", "commit", "licence")
"""Facts of documents that say where a text comes from."""

ORIGIN_COLUMNS = frozenset(
    (*(f"{fact}_{side}" for fact in ORIGINS for side in ("a", "b", "source", "target")), *(f"{f}s" for f in ORIGINS))
)
"""What columns with these facts are called: of one side, or lists of all programs of a text."""


def origin(schema: pa.Schema, table: str) -> str:
    """Which columns of a table say where its texts come from, and which column leads to those of pairs."""
    found = ", ".join(f"`{name}`" for name in schema.names if name in ORIGIN_COLUMNS) or "no columns of its own"
    if table == "pairs" or "pair_id" not in schema.names:
        return found
    if table.partition("_")[0] == "group":
        return f"{found}; what else is known stands in the rows of `pairs` whose `group_id` is the `pair_id` here"
    return f"{found}; what else is known stands in the row of `pairs` with the same `pair_id`"


def _counts(table: str, facts: Facts) -> list[str]:
    """Rows by slice and split, with their sums."""
    parts = [part for part in sorted(facts.written) if part.table == table]
    splits = sorted({part.split for part in parts})
    lines = [f"| languages | {' | '.join([*splits, 'all'])} |", "|---" * (len(splits) + 2) + "|"]
    sums = [0] * len(splits)
    for name in sorted({part.slice for part in parts}):
        counts = [facts.written.get(Part(table, name, split), Written()).rows for split in splits]
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        lines.append(f"| {_title(name)} | {' | '.join(f'{n:,}' for n in [*counts, sum(counts)])} |")
    return [*lines, f"| all | {' | '.join(f'{n:,}' for n in [*sums, sum(sums)])} |"]


def _title(name: str) -> str:
    first, mark, second = name.partition("-to-")
    if not mark:
        first, _, second = name.partition("-")
    return f"{LANGUAGE_TITLES.get(first, first)} {'to' if mark else 'and'} {LANGUAGE_TITLES.get(second, second)}"


def _doc(field: pa.Field) -> str:
    doc: bytes = dict(field.metadata or {}).get(b"doc", b"")
    return doc.decode()


def _cell(text: str) -> str:
    """Text inside a table of Markdown: licences come from strangers. A `>` alone opens nothing there."""
    return re.sub(r"[\x00-\x1f|<`\[\]]", " ", text)
