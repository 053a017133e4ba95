"""Writes docs/tables.md out of contracts/schema.py: python docs/make_tables.py."""

from pathlib import Path

from contracts.columns import Table
from contracts.runs import runs_table
from contracts.schema import TABLES

PAGE = Path(__file__).with_name("tables.md")

HEAD = """\
# Tables

Every table that passes between stages. Files are Parquet (zstd), numbered from `00000.parquet`, in a folder with the
table's name. Each column carries its documentation in the file as well, under the metadata key `doc`.

This page is made by `docs/make_tables.py` out of `contracts/schema.py` and `contracts/runs.py`.
"""

WHERE = {
    "documents": "corpus/documents/",
    "units": "corpus/units/",
    "rejected": "corpus/rejected/",
    "near_duplicates": "corpus/near_duplicates/",
    "pairs": "pairs/pairs/",
    "links": "pairs/links/",
    "unit_pairs": "parallel/unit_pairs/",
    "unpaired_units": "parallel/unpaired_units/",
    "copies": "pairs/copies/",
    "parallel": "parallel/parallel/",
    "refused": "pairs/refused/` and `parallel/refused/",
    "split": "split/split/",
    "tokenized": "tokens/<form>/tokenized/",
    "lineage": "mix/<name>/lineage/",
    "validation": "validation/",
}
"""Folder of each table below the output folder."""

FILES = {
    "run_list": "a sweep's `list.jsonl`",
    "runs": "`runs.parquet` and `runs.jsonl` of the [runs table](runs.md)",
}
"""Tables that are no numbered files, and where they stand instead."""


def _escaped(text: str) -> str:
    """Text for a table's cell: no column ends and no HTML tags by accident."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def section(table: Table) -> str:
    """One table: heading, purpose, columns."""
    place = f"In {FILES.get(table.name) or f'`{WHERE[table.name]}`'}."
    rows = [f"| `{c.name}` | `{c.type}` | {'yes' if c.nullable else ''} | {_escaped(c.doc)} |" for c in table.columns]
    head = ["", f"## {table.name}", "", f"{table.doc[0].upper()}{table.doc[1:]}. {place}", ""]
    return "\n".join([*head, "| column | type | null | meaning |", "|---|---|---|---|", *rows])


def render() -> str:
    """The whole page."""
    runs = runs_table(("<component>",))
    return "\n".join([HEAD.rstrip(), *(section(table) for table in (*TABLES.values(), runs))]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
