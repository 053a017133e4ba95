"""Reads results again: do files match their manifests, and stages one another?"""

from pathlib import Path
from typing import Any

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.manifest import MANIFEST, Manifest


def verify(folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Check every finished stage below a folder.

    Args:
        folder: a run's output folder, or that of one stage.

    Returns:
        a row a stage (folder, stage, files, bytes, faults), and all faults in words.

    Raises:
        StageError: there is no finished stage.
    """
    found = {path.parent: manifests.read(path.parent) for path in sorted(folder.rglob(MANIFEST))}
    stages = {place: manifest for place, manifest in found.items() if manifest is not None}
    if not stages:
        raise StageError(f"{folder}: no finished stage here. Run: glotmix run CONFIG")
    rows, faults = [], []
    for place, manifest in stages.items():
        wrong = manifests.verify_files(manifest, place) + _strangers(place, manifest, stages)
        faults += [f"{place}: {fault}" for fault in wrong]
        name = place.relative_to(folder).as_posix()
        size = sum(f.bytes for f in manifest.files)
        rows.append(
            {
                "folder": place.name if name == "." else name,
                "stage": manifest.stage,
                "files": len(manifest.files),
                "bytes": size,
                "faults": len(wrong),
            }
        )
    return rows, faults


def orphans(output: Path) -> list[str]:
    """Names of the mixtures of a run that were made from other stages than the ones there are now."""
    found = {path.parent: manifests.read(path.parent) for path in sorted(output.rglob(MANIFEST))}
    stages = {place: manifest for place, manifest in found.items() if manifest is not None}
    mixtures = [(place, m) for place, m in stages.items() if m.stage == "mix"]
    return [place.name for place, manifest in mixtures if _strangers(place, manifest, stages)]


def _strangers(place: Path, manifest: Manifest, stages: dict[Path, Manifest]) -> list[str]:
    """Inputs of a stage that are there in another state; tokens are told apart by form and level of their pairs."""
    form = _pairs_of(manifest)
    beside = {
        other.stage: other
        for where, other in stages.items()
        if where != place and (other.stage != "tokens" or _pairs_of(other) == form)
    }
    return manifests.broken_links({**beside, manifest.stage: manifest}) if _own(beside, manifest) else []


def _pairs_of(manifest: Manifest) -> tuple[str | None, str]:
    """Form and level of the parallel documents in tokens, or in what is made of them."""
    configuration = manifest.configuration
    return configuration.get("parallel_form"), configuration.get("parallel_level", "file")


def _own(beside: dict[str, Manifest], manifest: Manifest) -> bool:
    """Whether one of this stage's own inputs differs; faults of other stages are told where they stand."""
    return any(n in beside and beside[n].identity != i for n, i in manifest.inputs.items())
