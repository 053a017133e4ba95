"""Writes pairs, pairs of functions and parallel documents as plain Parquet or as a data set, whole or not at all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import ConfigError, StageError
from contracts.files import atomic_path, write_json
from contracts.folders import check_folder, whole_folder
from contracts.manifest import VERSION, Manifest
from contracts.tables import files_of
from pairing.export.allowed import EVERY, LicenceRule
from pairing.export.card import DATA, Facts, card
from pairing.export.parts import Part, PartWriter
from pairing.export.rows import BOTH, REFUSED, Rows, Splits, Texts, forms, function_rows, pair_rows, parallel_rows
from pipelines.frames import scan

FORMATS = ("parquet", "datasets")

EXPORT = "_export.json"
"""What an export says about itself; with an underscore, since readers of Parquet take other files for data."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What is exported: the folders of the stages (of the split its table, if there is one), and their manifests."""

    pairs: Path
    parallel: Path
    corpus: Path
    split: Path | None
    manifest: Manifest
    written: Manifest


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows of each part.

    Attributes:
        left_out: rows of each table whose documents stand on two sides.
        refused: rows of each table whose licences do not go together.
    """

    rows: dict[Part, int]
    left_out: dict[str, int]
    refused: dict[str, int]


def export(
    sources: Sources, target: Path, fmt: str, only: tuple[str, ...] = (), *, keep_refused: bool = False
) -> Exported:
    """Write an export.

    Args:
        sources: what is exported.
        target: a folder that does not exist or is empty.
        fmt: one of FORMATS.
        only: tables to write, pairs, functions or names of forms; empty: all. Pairs are always written.
        keep_refused: write pairs that the stage refused for their licences too.

    Raises:
        ConfigError: unknown format, or a table that there is not.
        StageError: no pairs, none that licences allow, or a target that holds something.
    """
    if fmt not in FORMATS:
        raise ConfigError(f"--format {fmt}: unknown; allowed: {', '.join(FORMATS)}")
    folders = [f for f in (sources.pairs, sources.parallel, sources.corpus, sources.split) if f is not None]
    check_folder(target, *folders, option="OUT")
    pairs = scan(files_of(sources.pairs / "pairs")).select("id_a", "id_b", "licence_a", "licence_b").collect()
    if not pairs.height:
        raise StageError(f"{sources.pairs}: holds no pair, so there is nothing to export")
    rule = LicenceRule.of(sources.written.configuration)
    allowed = rule.allowed(pairs)
    if not keep_refused and not allowed.any():
        raise StageError(
            f"{sources.pairs}: all {pairs.height:,} pairs are refused for their licences, so there is nothing to "
            "export; --keep-refused exports them all the same"
        )
    tables = _tables(sources, only)
    ids = pl.concat([pairs["id_a"], pairs["id_b"]])
    with whole_folder(target.resolve(), "OUT") as work:
        data = work / DATA if fmt == "datasets" else work
        data.mkdir(exist_ok=True)
        used = EVERY if keep_refused else rule
        writer, lost = _write(data, sources, tables, Texts(sources.corpus, ids), Splits(sources.split, ids), used)
        left_out, refused = lost[BOTH], lost[REFUSED]
        held = pairs if keep_refused else pairs.filter(allowed)
        licences = Counter(held["licence_a"].to_list() + held["licence_b"].to_list())
        facts = Facts(
            schemas=_schemas(data, writer),
            written=writer.written,
            licences=licences,
            pairs=sources.manifest.identity,
            parallel=sources.written.identity,
            corpus=sources.manifest.inputs.get("corpus", ""),
            version=VERSION,
            split=sources.split is not None,
            refused=refused,
            kept_refused=int((~allowed).sum()) if keep_refused else 0,
        )
        if fmt == "datasets":
            with atomic_path(work / "README.md") as temporary:
                temporary.write_text(card(facts), encoding="utf-8")
        rows = {part: written.rows for part, written in sorted(writer.written.items())}
        write_json(work / EXPORT, _about(fmt, facts, rows, left_out))
    return Exported(rows, left_out, refused)


def _tables(sources: Sources, only: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Names of the tables, and form and level of those that are parallel documents."""
    found = {"pairs": ("", ""), "functions": ("", "")}
    for form, level in forms(sources.parallel / "parallel"):
        found[form if level == "file" else f"{form}_{level}"] = (form, level)
    unknown = [name for name in only if name not in found]
    if unknown:
        raise ConfigError(f"--only {unknown[0]}: there is no such table; there are {', '.join(found)}")
    return {name: what for name, what in found.items() if not only or name in only or name == "pairs"}


def _write(
    data: Path,
    sources: Sources,
    tables: dict[str, tuple[str, str]],
    texts: Texts,
    splits: Splits,
    rule: LicenceRule,
) -> tuple[PartWriter, dict[str, dict[str, int]]]:
    """The writer, and rows of each table that are left out, by why: BOTH or REFUSED."""
    left_out: dict[str, dict[str, int]] = {BOTH: {}, REFUSED: {}}
    with PartWriter(data) as writer:
        for name, what in tables.items():
            for part, rows in _rows(name, what, sources, texts, splits, rule):
                if (lost := left_out.get(part.split)) is None:
                    writer.add(part, rows)
                elif rows.num_rows:
                    lost[name] = lost.get(name, 0) + rows.num_rows
            writer.finish(name)
    return writer, left_out


def _rows(name: str, what: tuple[str, str], sources: Sources, texts: Texts, splits: Splits, rule: LicenceRule) -> Rows:
    if name == "pairs":
        return pair_rows(sources.pairs / "pairs", texts, splits, rule)
    if name == "functions":
        return function_rows(sources.pairs / "pairs", sources.parallel / "unit_pairs", texts, splits, rule)
    return parallel_rows(sources.parallel / "parallel", what, name, splits)


def _schemas(data: Path, writer: PartWriter) -> dict[str, pa.Schema]:
    """The columns of every table that has a row, in the order in which tables were written."""
    found: dict[str, pa.Schema] = {}
    for part in writer.written:
        if part.table not in found:
            found[part.table] = pq.read_schema(data / f"{part.stem}-00000.parquet")
    return found


def _about(fmt: str, facts: Facts, rows: dict[Part, int], left_out: dict[str, int]) -> dict[str, object]:
    return {
        "format": fmt,
        "glotmix": facts.version,
        "pairs": facts.pairs,
        "parallel": facts.parallel,
        "corpus": facts.corpus,
        "rows": {part.stem: count for part, count in rows.items()},
        "left_out": left_out,
        "refused_licences": dict(facts.refused),
    }


def counted(rows: dict[Part, int]) -> Iterator[dict[str, object]]:
    """Rows of each table by split, and their sum, as lines of a table."""
    splits = sorted({part.split for part in rows})
    for table in dict.fromkeys(part.table for part in rows):
        counts = {s: sum(n for p, n in rows.items() if p.table == table and p.split == s) for s in splits}
        yield {"table": table, **counts, "all": sum(counts.values())}
