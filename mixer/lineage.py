"""Which tokens of which document stand where in a mixture, as rows: read from shards, worked out for a view."""

from pathlib import Path

import numpy as np
import polars as pl

from contracts.manifest import Manifest
from contracts.schema import LINEAGE
from mixer.streams.files import StreamRef
from mixer.streams.sequences import Spans
from mixer.streams.view_files import ViewOrder, stream_refs
from pipelines.frames import scan


def lineage_frame(spans: Spans, stream: StreamRef, sequences: np.ndarray, ordinal: int) -> pl.DataFrame:
    """Rows of the lineage table for spans of one component.

    Args:
        spans: of consecutive sequences of the component.
        stream: the component's stream.
        sequences: number of each of these sequences in the mixture.
        ordinal: number of the first of them inside the component.
    """
    ids = stream.fact("ids")
    names = ids[np.maximum(spans.document, 0)].astype(np.str_)
    names[spans.document < 0] = ""
    return pl.DataFrame(
        {
            "sequence": sequences[spans.sequence],
            "component": pl.repeat(stream.component, len(spans.sequence), eager=True),
            "ordinal": spans.sequence + ordinal,
            "epoch": spans.epoch.astype(np.int32),
            "start": spans.start.astype(np.int32),
            "end": spans.end.astype(np.int32),
            "document_id": names,
            "token_start": spans.token_start.astype(np.int32),
            "ends_document": spans.ends_document,
        }
    ).select(LINEAGE.names)


def lineage_of(folder: Path, manifest: Manifest, first: int, last: int) -> pl.DataFrame:
    """The lineage rows of sequences first to last - 1 of a finished mixture, by sequence and place.

    Args:
        folder: the mixture, shards or a view.
        manifest: its manifest.
        first: first sequence.
        last: sequence after the last one.
    """
    if manifest.counts["output"] == "shards":
        size = manifest.counts["sequences_per_shard"]
        files = [folder / "lineage" / f"{shard:05d}.parquet" for shard in range(first // size, (last - 1) // size + 1)]
        rows = scan(files).filter(pl.col("sequence").is_between(first, last - 1)).collect()
        return rows.sort("sequence", "start")
    order = ViewOrder(folder, len(manifest.counts["streams"]))
    part = np.asarray(order.components[first:last])
    frames = []
    for number, stream in enumerate(stream_refs(folder, manifest.counts)):
        places = np.flatnonzero(part == number)
        if len(places):
            ordinal = order.ordinal(first + int(places[0]))
            spans = stream.open(manifest.counts["sequence_length"]).spans(ordinal, ordinal + len(places))
            frames.append(lineage_frame(spans, stream, places + first, ordinal))
    return pl.concat(frames).sort("sequence", "start")
