"""The manifest of a stage: what it made, out of what, how; written last, so its presence means done.

Identity covers the semantic configuration, the code version, the identities of the inputs and the checksums of the
files. Executor, workers, paths and timings stand under `run`, outside every hash and every byte comparison.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import StaleStageError
from contracts.files import checksum, write_json

MANIFEST = "manifest.json"
VERSION = "0.1.0"
"""Version of the distribution."""

CODE_VERSION = "4"
"""Version of what the stages compute: raised whenever the same input and configuration would give other bytes."""


class FileEntry(BaseModel):
    """One output file: path relative to the stage's folder, size in bytes, xxh3-128."""

    model_config = ConfigDict(extra="forbid")
    path: str
    bytes: int
    checksum: str


class Manifest(BaseModel):
    """What a finished stage says about itself."""

    model_config = ConfigDict(extra="forbid")
    stage: str
    code_version: str = CODE_VERSION
    configuration: dict[str, Any]
    """The resolved configuration that decided the outcome."""
    configuration_hash: str
    inputs: dict[str, str]
    """Identity of each input: of a manifest, or of a listing of sources."""
    counts: dict[str, Any]
    """Documents, bytes and whatever the stage counts, by language and reason."""
    files: list[FileEntry]
    identity: str
    """Hash of all of the above: what later stages name as their input."""
    run: dict[str, Any] = {}
    """Executor, workers, times, versions of libraries, peak memory: not part of the identity."""


def digest(data: Any) -> str:
    """sha256 of canonical JSON, in hexadecimal."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def build(
    stage: str,
    folder: Path,
    files: list[Path],
    configuration: Mapping[str, Any],
    inputs: Mapping[str, str],
    counts: Mapping[str, Any],
    run: Mapping[str, Any],
) -> Manifest:
    """The manifest for a stage whose output files are complete (reads each of them for its checksum)."""
    entries = [
        FileEntry(path=f.relative_to(folder).as_posix(), bytes=f.stat().st_size, checksum=checksum(f))
        for f in sorted(files)
    ]
    body: dict[str, Any] = {
        "stage": stage,
        "code_version": CODE_VERSION,
        "configuration": json.loads(json.dumps(dict(configuration))),  # as it will be read back
        "configuration_hash": digest(configuration),
        "inputs": dict(inputs),
        "counts": dict(counts),
        "files": [entry.model_dump() for entry in entries],
    }
    return Manifest(**body, identity=digest(body), run=dict(run))


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; the last act of a stage."""
    write_json(folder / MANIFEST, manifest.model_dump())


def read(folder: Path) -> Manifest | None:
    """The manifest of a folder, or None if the stage is not finished.

    Raises:
        StaleStageError: the file is there and is no manifest of this version.
    """
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValidationError, UnicodeDecodeError) as error:
        raise StaleStageError(f"{path}: not a manifest of this version; remove it or use --force") from error


def differences(
    manifest: Manifest, folder: Path, configuration: Mapping[str, Any], inputs: Mapping[str, str]
) -> list[str]:
    """Why a finished stage does not match what is asked now; empty when it does.

    Compares code version, configuration (key by key), input identities, and that every file is there in its size.
    """
    found = []
    if manifest.code_version != CODE_VERSION:
        found.append(f"made by code version {manifest.code_version}, this is {CODE_VERSION}")
    found += _changed(manifest.configuration, json.loads(json.dumps(dict(configuration))), "")
    for name in sorted({*manifest.inputs, *inputs}):
        before, now = manifest.inputs.get(name), inputs.get(name)
        if before != now:
            found.append(f"input {name} changed ({_brief(before)} -> {_brief(now)})")
    for entry in manifest.files:
        path = folder / entry.path
        size = path.stat().st_size if path.is_file() else None
        if size != entry.bytes:
            found.append(f"{entry.path}: {'missing' if size is None else f'{size} bytes'}, was {entry.bytes} bytes")
    return found


def broken_links(stages: Mapping[str, Manifest]) -> list[str]:
    """Which of these stages were made from another state of one of the others.

    Args:
        stages: manifests by the name under which later stages list them as input.
    """
    return [
        f"the {name} stage was made from another {earlier} stage than the one there is now"
        for name, manifest in stages.items()
        for earlier, identity in manifest.inputs.items()
        if earlier in stages and stages[earlier].identity != identity
    ]


def verify_files(manifest: Manifest, folder: Path) -> list[str]:
    """Re-read every file and compare checksums, and the manifest with its own identity; returns what is wrong."""
    body = manifest.model_dump(exclude={"identity", "run"})
    wrong = [] if digest(body) == manifest.identity else [f"{MANIFEST}: changed after it was written"]
    for entry in manifest.files:
        path = folder / entry.path
        if not path.is_file():
            wrong.append(f"{entry.path}: missing")
        elif checksum(path) != entry.checksum:
            wrong.append(f"{entry.path}: checksum differs")
    return wrong


def _brief(identity: str | None) -> str:
    return identity[:12] if identity else "none"


def _changed(before: Any, now: Any, key: str) -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        return [
            line
            for name in sorted({*before, *now})
            for line in _changed(before.get(name), now.get(name), f"{key}.{name}" if key else name)
        ]
    return [] if before == now else [f"{key}: {json.dumps(before)} -> {json.dumps(now)}"]
