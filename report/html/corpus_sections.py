"""Sections on what went in: the funnel of documents, and the mixtures."""

from typing import Any

from contracts.languages import is_direction
from contracts.manifest import Manifest
from report.html.markup import Markup, joined, paragraph, table
from report.html.sources import RunFiles


def funnel(files: RunFiles) -> Markup | None:
    """Documents in and out, by reason and by language."""
    made = files.manifest("corpus")
    if made is None:
        return None
    kept, rejected = made.counts["documents"], made.counts["rejected"]
    every = kept["files"] + rejected["files"]
    parts = [
        paragraph(
            f"{every:,} files were read; {kept['files']:,} were kept ({kept['bytes']:,} bytes), {rejected['files']:,} "
            "were not."
        ),
        table("Kept, by language", _kept(made, files)),
        table("Not kept, by step and reason", _rejected(rejected)),
    ]
    pairs = files.manifest("pairs")
    if pairs is not None:
        rows = [
            {"languages": name, "pairs": number} for name, number in pairs.counts["by_languages"].items() if number
        ]
        parts.append(table(f"Translation pairs: {pairs.counts['pairs']:,}", rows, "none were found"))
    return joined(parts)


def _kept(made: Manifest, files: RunFiles) -> list[dict[str, Any]]:
    split, pool = files.manifest("split"), _pool(files)
    lost = files.counted("language", "corpus", "rejected") or {}
    rows = []
    for name, v in made.counts["documents"]["by_language"].items():
        row = {"language": name, "kept": v["files"], "not kept": lost.get(name, 0), "bytes": v["bytes"]}
        if split is not None:
            row["held out"] = split.counts["validation"].get(name, {}).get("documents", 0)
        if pool is not None:
            row["training tokens"] = pool.counts["train"].get(name, {}).get("tokens", 0)
        rows.append(row)
    return rows


def _rejected(rejected: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name, v in rejected["by_reason"].items():
        step, _, reason = name.partition("/")
        rows.append({"reason": reason, "step": step, "files": v["files"], "bytes": v["bytes"]})
    return sorted(rows, key=lambda row: (-row["files"], row["reason"]))


def _pool(files: RunFiles) -> Manifest | None:
    """The tokens, in whatever form of pairs is there first."""
    forms = sorted(path.name for path in (files.root / "tokens").glob("*") if path.is_dir())
    found = (files.manifest("tokens", form) for form in forms)
    return next((made for made in found if made is not None), None)


def mixtures(files: RunFiles) -> Markup | None:
    """Every mixture: asked and realised shares, epochs."""
    found, more = files.mixtures()
    if not found and not more:
        return None
    parts = [_mixture(name, made.counts) for name, made in found.items()]
    if more:
        parts.append(paragraph(f"Beside these, sweeps made {more:,} mixtures as views of the same tokens."))
    return joined(parts)


def _mixture(name: str, counts: dict[str, Any]) -> Markup:
    tokens = counts["tokens"]
    rows = [
        {
            "component": component,
            "asked": round(v["wanted"], 4),
            "realised": round(v["tokens"] / tokens, 4) if tokens else 0.0,
            "tokens": v["tokens"],
            "unique tokens": v["unique_tokens"],
            "epochs": v["epochs"],
        }
        for component, v in counts["components"].items()
        if v["sequences"] or not is_direction(component)
    ]
    length = counts["sequence_length"]
    return table(f"Mixture {name}: {counts['sequences']:,} sequences of {length:,} tokens, {tokens:,} tokens", rows)
