"""Checks of the files of a mixture and of its pool: there, whole, of the right size, and none too many."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from contracts import manifest as manifests
from contracts.manifest import Manifest, digest
from mixer.checks.findings import Findings
from mixer.checks.pool_index import UNKNOWN, PoolIndex
from mixer.streams.files import FACTS
from mixer.streams.view_files import ORDER, PADDING, stream_refs
from mixer.view import read_checksum

CHUNK = 1 << 20
"""Documents of a stream that are looked at at once: 100 MB."""


def check_files(folder: Path, manifest: Manifest, check: str, findings: Findings) -> bool:
    """Read every file again; tells whether all are there in the size that the manifest says.

    Args:
        folder: of the stage.
        manifest: its manifest.
        check: name of the check.
        findings: what has been found.
    """
    findings.read(check, len(manifest.files))
    sized = {entry.path for entry in manifest.files if _size(folder / entry.path) != entry.bytes}
    for entry in manifest.files:
        if entry.path in sized:
            size = _size(folder / entry.path)
            found = "missing" if size is None else f"{size:,} bytes"
            findings.fault(check, f"{folder / entry.path}: {found}, expected {entry.bytes:,} bytes")
    for words in manifests.verify_files(manifest, folder):
        if words.rpartition(":")[0] not in sized:
            findings.fault(check, f"{folder}/{words}")
    if digest(manifest.configuration) != manifest.configuration_hash:
        findings.fault(check, f"{folder / manifests.MANIFEST}: the configuration is not that of configuration_hash")
    return not sized


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def check_names(folder: Path, manifest: Manifest, findings: Findings) -> bool:
    """The files that the numbers ask for, no more and no fewer, of the sizes they give; tells whether they are."""
    expected = _expected(manifest.counts)
    noted = {entry.path: entry.bytes for entry in manifest.files}
    there = {p.relative_to(folder).as_posix() for pattern in ("*.ds*", "lineage/*") for p in folder.glob(pattern)}
    wrong = [f"{name}: not among the files of the manifest" for name in sorted({*expected} - {*noted})]
    wrong += [f"{name}: no file of this mixture" for name in sorted((there | {*noted}) - {*expected})]
    wrong += [
        f"{name}: {noted[name]:,} bytes, expected {size:,} for its sequences"
        for name, size in expected.items()
        if size is not None and noted.get(name, size) != size
    ]
    for words in wrong:
        findings.fault("files", f"{folder}/{words}")
    return not wrong


def _expected(counts: Mapping[str, Any]) -> dict[str, int | None]:
    """The files of a mixture, with their sizes where these follow from the numbers."""
    if counts["output"] == "view":
        return {ORDER: None}
    size, total = counts["sequences_per_shard"], counts["sequences"]
    found: dict[str, int | None] = {ORDER: None, PADDING: None}
    for shard in range(-(-total // size)):
        sequences = min(size, total - shard * size)
        found[f"{shard:05d}.ds"] = sequences * counts["sequence_length"] * counts["bytes_per_token"]
        found[f"{shard:05d}.ds.index"] = found[f"lineage/{shard:05d}.parquet"] = None
    return found


def check_streams(folder: Path, counts: Mapping[str, Any], findings: Findings) -> bool:
    """The streams of a view are those it was made with, and fit its numbers; tells whether they are there.

    Args:
        folder: the view.
        counts: of its manifest.
        findings: what has been found.
    """
    whole = True
    named = [entry["component"] for entry in counts["streams"]]
    if named != list(counts["components"]):
        findings.fault("streams", f"{folder}: of {', '.join(named)}, expected {', '.join(counts['components'])}")
        return False
    for entry, ref in zip(counts["streams"], stream_refs(folder, counts), strict=True):
        findings.read("streams", 1)
        part = counts["components"][ref.component]
        facts = {"tokens": "pool_tokens", "packed": "pool_sequences", "epochs": "epochs_begun"}
        for key, name in facts.items():
            if entry[key] != part[name]:
                findings.fault("streams", f"{ref.component}: {key} is {entry[key]}, expected {part[name]}")
                whole = False
        try:
            found = read_checksum(ref, entry["epochs"])
        except OSError as error:
            findings.fault("streams", f"{ref.folder}: cannot be read ({error}); remove it, then make the view again")
            whole = False
            continue
        if found != entry["checksum"]:
            findings.fault(
                "streams",
                f"{ref.folder}: checksum {found}, expected {entry['checksum']}; remove it, then make the view again",
            )
    return whole


def check_facts(folder: Path, counts: Mapping[str, Any], index: PoolIndex, findings: Findings) -> None:
    """What a view's streams say of their documents is what the pool's table says.

    Args:
        folder: the view.
        counts: of its manifest.
        index: facts of the pool's documents.
        findings: what has been found.
    """
    for ref in stream_refs(folder, counts):
        facts = {name: ref.fact(name) for name in FACTS}
        sizes = {name: len(array) for name, array in facts.items()}
        if len(set(sizes.values())) > 1:
            findings.fault("streams", f"{ref.folder}: facts of different lengths ({sizes}), expected one a document")
            continue
        for start in range(0, sizes["ids"], CHUNK):
            part = {name: np.asarray(array[start : start + CHUNK]) for name, array in facts.items()}
            for words in _other_facts(part.pop("ids"), part, index):
                findings.fault("streams", f"{ref.folder}: {words}")


def _other_facts(ids: np.ndarray, facts: Mapping[str, np.ndarray], index: PoolIndex) -> Iterator[str]:
    rows = index.rows(ids)
    known = rows != UNKNOWN
    for i in np.flatnonzero(~known).tolist():
        yield f"document {ids[i].decode()}, expected one that the pool holds"
    for name, values in facts.items():
        expected = index.facts[name][np.maximum(rows, 0)]
        for i in np.flatnonzero((values != expected) & known).tolist():
            yield f"{name} of document {ids[i].decode()} is {values[i]}, expected {expected[i]}"
