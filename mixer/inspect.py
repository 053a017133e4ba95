"""Tables and shards as rows for people."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from contracts import manifest as manifests
from contracts.errors import ConfigError, GlotmixError
from mixer.damage import readable
from mixer.dataset import MixtureDataset
from mixer.json_lines import json_lines
from mixer.layout import Layout, pairs_of
from mixer.mix import again
from mixer.tokens.tokenizer import ByteDecoder
from mixer.tokens.tokenizer_stage import FILE
from mixer.trace import Tracer, silent_ids
from pipelines.frames import scan
from pipelines.stage import require, require_chain
from report.terminal import Summary, summaries


def inspect_path(path: Path, rows: int, columns: list[str] | None, where: list[str]) -> list[Summary]:
    """The first rows of a table, the first sequences of a shard, or the summary of a stage's folder.

    Raises:
        ConfigError: nothing is there.
        GlotmixError: nothing there that can be shown, or an unknown column.
    """
    if not path.exists():
        raise ConfigError(f"{path}: no such file or folder{_beside(path)}")
    if path.is_dir():
        manifest = manifests.read(path)
        if manifest is not None:
            return summaries(manifest, path)
        files = sorted(path.glob("*.parquet"))
        if not files:
            raise GlotmixError(
                f"{path}: neither a finished stage nor a folder of Parquet files; it holds {_inside(path)}"
            )
        return [_table(files, rows, columns, where)]
    if path.suffix == ".parquet" and path.is_file():
        return [_table([path], rows, columns, where)]
    if path.suffix == ".jsonl" and path.is_file():
        return [json_lines(path, rows, columns, _conditions(where))]
    if path.suffix == ".ds" and path.is_file():
        if columns or where:
            raise GlotmixError(
                f"{path}: a shard has no columns; --columns and --where go with tables, such as lineage/"
            )
        with readable(path.parent):
            return [_shard(path, rows)]
    raise GlotmixError(f"{path}: not a Parquet file, a shard (.ds), JSON lines (.jsonl) or a folder of Parquet files")


MAX_NAMED = 10
"""Names that a message lists of a folder."""


def _beside(path: Path) -> str:
    """What the last folder on the way holds, for whoever wrote the rest of the path wrongly."""
    folder = next((parent for parent in path.absolute().parents if parent.is_dir()), None)
    return "" if folder is None else f"; {folder} is there, and holds {_inside(folder)}"


def _inside(folder: Path) -> str:
    names = sorted(each.name + "/" * each.is_dir() for each in folder.iterdir() if not each.name.startswith("."))
    more = ", ..." if len(names) > MAX_NAMED else ""
    return f"{', '.join(names[:MAX_NAMED]) or 'nothing'}{more}"


def _table(files: list[Path], rows: int, columns: list[str] | None, where: list[str]) -> Summary:
    names = pq.read_schema(files[0]).names
    conditions = _conditions(where)
    unknown = sorted(({*(columns or ())} | {name for name, _ in conditions}) - set(names))
    if unknown:
        raise GlotmixError(f"{files[0].parent}: no column {', '.join(unknown)}; there are {', '.join(names)}")
    table = scan(files)
    for name, pattern in conditions:
        table = table.filter(pl.col(name).cast(pl.String).fill_null("").str.contains(f"^{pattern}$"))
    total = table.select(pl.len()).collect().item()
    found = table.select(columns or names).head(rows).collect().to_dicts()
    matching = "matching rows" if where else "rows"
    return Summary(f"{files[0].parent.name}: {total:,} {matching} in {len(files)} file(s)", found)


def _conditions(where: list[str]) -> list[tuple[str, str]]:
    """Columns and regular expressions over their whole values, of column=PATTERN with a shell's * and ?."""
    wild = {"*": ".*", "?": "."}
    split = [condition.partition("=")[::2] for condition in where]
    return [(name, "(?s:" + "".join(wild.get(c, re.escape(c)) for c in pattern) + ")") for name, pattern in split]


def mixture_of(shard: Path) -> tuple[Path, int]:
    """The mixture's folder that a shard (or the folder itself) belongs to, and the shard's number.

    Raises:
        GlotmixError: it is neither.
    """
    if shard.is_dir():
        return shard, 0
    if shard.suffix == ".ds" and shard.stem.isdigit() and shard.is_file():
        return shard.parent, int(shard.stem)
    raise GlotmixError(f"{shard}: neither a shard (NNNNN.ds) nor a mixture's folder")


def _shard(path: Path, rows: int) -> Summary:
    folder, number = mixture_of(path)
    manifest, layout = manifests.read(folder), Layout(folder.resolve().parent.parent)
    if manifest is None:
        raise GlotmixError(f"{folder}: no manifest.json beside the shard; the mixture is not finished")
    tokenizer = require(layout.tokenizer, "tokenizer", "glotmix run CONFIG")
    require_chain({"tokenizer": tokenizer, "mix": manifest}, again(folder))
    dataset = MixtureDataset(folder)
    pool = require(layout.tokens(*pairs_of(manifest.configuration)), "tokens", "glotmix run CONFIG")
    decoder = ByteDecoder((layout.tokenizer / FILE).read_text(encoding="utf-8"), silent_ids(tokenizer, pool))
    first = number * dataset.sequences_per_shard
    last = min(len(dataset), first + min(rows, dataset.sequences_per_shard))
    shown = [
        {
            "sequence": k - first,
            "spans": len(dataset.span_ends(k)),
            "padding": dataset.padding(k),
            "text": decoder.decode(dataset[k].tolist()).decode("utf-8", "replace"),
        }
        for k in range(first, last)
    ]
    return Summary(f"{path.name}: sequences of {dataset.sequence_length:,} tokens", shown)


def trace_rows(shard: Path, sequence: int) -> Summary:
    """One row a span of the sequence and document behind it.

    Args:
        shard: a shard, or a mixture's folder.
        sequence: number in the shard, or in the whole mixture.

    Raises:
        GlotmixError: no such shard or sequence, or stages that do not belong together.
    """
    folder, number = mixture_of(shard)
    with readable(folder):
        return _trace_rows(shard, folder, number, sequence)


def _trace_rows(shard: Path, folder: Path, number: int, sequence: int) -> Summary:
    tracer = Tracer(folder)
    size = int(tracer.manifest.counts["sequences_per_shard"])
    if not shard.is_dir() and sequence >= size:
        raise GlotmixError(f"sequence {sequence}: a shard of this mixture has {size} at most, numbered from 0")
    rows: list[dict[str, Any]] = []
    for span in tracer.trace(number * size + sequence):
        for origin in span.origins or ({},):
            rows.append(
                {
                    "tokens": f"{span.start}-{span.end}",
                    "component": span.component,
                    "document": span.document_id or "(padding)",
                    "bytes": f"{span.byte_start}-{span.byte_end}" if span.byte_start >= 0 else "",
                    "epoch": span.epoch,
                    **{k: origin.get(k) or "" for k in ("source", "repo", "archive", "path", "licence", "commit")},
                }
            )
    return Summary(f"Trace: sequence {sequence} of {shard.name}", rows)
