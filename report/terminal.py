"""What each finished stage made, as summaries out of its manifest."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from contracts.languages import ARROW, in_order, is_direction
from contracts.manifest import Manifest
from report import loop_tables
from report.table import Row, Summary

__all__ = ["Row", "Summary", "cost", "summaries"]

MAX_LICENCE = 40
"""Characters of a licence that a title shows."""


def _share(part: float, whole: float) -> float:
    return round(part / whole, 6) if whole else 0.0


def _corpus(counts: Row) -> list[Summary]:
    documents = counts["documents"]
    rows: list[Row] = [
        {
            "language": name,
            "documents": v["files"],
            "bytes": v["bytes"],
            "share": _share(v["bytes"], documents["bytes"]),
        }
        for name, v in documents["by_language"].items()
    ]
    rows.append({"language": "all", "documents": documents["files"], "bytes": documents["bytes"], "share": 1.0})
    rejected = [
        {"reason": name, "files": v["files"], "bytes": v["bytes"]}
        for name, v in counts["rejected"]["by_reason"].items()
    ]
    title = f"Corpus: {documents['files']:,} documents, {counts['units']:,} units"
    barren = [name for name, kept in counts["sources"].items() if not kept]
    if barren:
        title += f"; nothing was kept of the sources {', '.join(barren)}"
    title += _unread_licences(counts.get("licences", {}))
    return [Summary(title, rows), Summary("Rejected", rejected)]


def _unread_licences(counts: Row) -> str:
    """Licences that are known and cannot be read."""
    if not counts.get("no_spdx"):
        return ""
    named = ", ".join(repr(licence[:MAX_LICENCE]) for licence in counts["no_spdx_named"])
    return (
        f"; {counts['no_spdx']:,} documents have a licence that is no SPDX expression ({named}), for which no "
        "parallel document is refused unless parallel.require_licence is set"
    )


def _pairs(counts: Row, folder: Path | None) -> list[Summary]:
    rows: list[Row] = [{"languages": name, "pairs": n} for name, n in counts["by_languages"].items()]
    rows.append({"languages": "all", "pairs": counts["pairs"]})
    title = f"Translation pairs: {counts['pairs']:,}"
    if counts["licence_unknown"]:
        title += f"; a licence is unknown in {counts['licence_unknown']:,}"
    title += _given(counts, folder)
    if "no_pairs" in counts:
        title += f"; {counts['no_pairs']}"
    elif "threshold" in counts:
        title += _threshold(counts["threshold"])
    if "few_translations" in counts:
        title += f"; {counts['few_translations']}"
    return [Summary(title, rows), *_became("pairs", counts.get("items", {}))]


def _parallel(counts: Row, max_tokens: int | None) -> list[Summary]:
    documents, *directions = _documents(counts["parallel"])
    title = f"{documents.title}; function pairs: {counts['unit_pairs']:,}"
    items = counts.get("items", {})
    return [
        Summary(title, documents.rows),
        *directions,
        *_became("parallel documents", items),
        *_fitted(items, max_tokens),
    ]


def _given(counts: Row, folder: Path | None) -> str:
    """What became of the pairs that were given: how many rows there were, and those that were left out, by why."""
    text = f"; given: {counts['given']:,} pairs" if "given" in counts else ""
    if counts["given_not_in_corpus"]:
        text += f"; {counts['given_not_in_corpus']:,} given pairs are not in the corpus"
    if counts.get("given_one_language"):
        text += f"; {counts['given_one_language']:,} given pairs are of one language"
    if counts.get("given_repeated"):
        text += f"; {counts['given_repeated']:,} given pairs repeat earlier ones"
    if counts.get("given_contradicting"):
        text += f"; {counts['given_contradicting']:,} given pairs contradict others"
        text += f" (glotmix inspect {_typed(folder / 'refused')})" if folder is not None else ""
    return text


def _typed(path: Path) -> str:
    """A path as it can be typed from where the user stands."""
    here = Path.cwd()
    return quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _threshold(used: Row) -> str:
    """From which score on pairs were mined, and what that meant where it was measured."""
    text = f"; mined from a score of {used['score']:.4g} on"
    if used["precision"] is not None:
        text += f", with precision {used['precision']:.4g} where the score was measured"
    if used["lowest_measured"]:
        text += ": pairs.min_precision asks for less than was ever measured; pairs.min_score goes lower"
    return text


def _documents(counts: Row) -> list[Summary]:
    """Parallel documents by form, and for each form by direction; each table sums to its line among the forms."""
    forms: dict[str, Row] = {}
    directions: dict[str, dict[str, int]] = {}
    for name, v in counts.items():
        form, _, direction = name.rpartition("/")
        row = forms.setdefault(form, {"form": form, "documents": 0, "bytes": 0})
        row["documents"] += v["documents"]
        row["bytes"] += v["bytes"]
        directions.setdefault(form, {})[direction] = v["documents"]
    return [Summary("Parallel documents", list(forms.values())), *(_matrix(f, d) for f, d in directions.items())]


def _became(what: str, items: Row) -> list[Summary]:
    """At each level what became of the pairs, functions or groups there were; written and refused sum to offered."""
    rows = [
        {"level": level, "offered": v["offered"], "written": v["written"], "refused": sum(v["refused"].values())}
        for level, v in items.items()
    ]
    refused = [
        {"level": level, "reason": reason, "refused": count}
        for level, v in items.items()
        for reason, count in v["refused"].items()
    ]
    title = f"Became {what}"
    if refused and not any(row["written"] for row in rows):
        title += "; not one, since all were refused"
    reasons = Summary("Refused pairs" if what == "pairs" else "Refused", refused)
    return [Summary(title, rows)] * bool(rows) + [reasons] * bool(refused)


def _fitted(items: Row, max_tokens: int | None) -> list[Summary]:
    """What lost functions to fit."""
    fitted: list[Row] = [
        {"level": level, "fitted": v["fitted"], "functions left out": v["units_dropped"]}
        for level, v in items.items()
        if max_tokens is not None and "units_dropped" in v
    ]
    return [Summary(f"Fitted to {max_tokens:,} tokens", fitted)] if fitted else []


def _matrix(form: str, directions: dict[str, int]) -> Summary:
    """Documents of one form: a line a source language, a column a target language, and their sums."""
    cells = {tuple(name.split(ARROW)): count for name, count in directions.items()}
    languages = in_order({language for pair in cells for language in pair})
    rows: list[Row] = []
    for source in languages:
        row = {target: cells.get((source, target), 0) for target in languages}
        rows.append({"from": source, **row, "all": sum(row.values())})
    rows.append({"from": "all", **{c: sum(row[c] for row in rows) for c in (*languages, "all")}})
    return Summary(f"Parallel documents by direction, {form}", rows)


def _split(counts: Row) -> list[Summary]:
    rows = []
    for language, train in counts["train"].items():
        held = counts["validation"].get(language, {"documents": 0, "bytes": 0})
        share = _share(held["bytes"], held["bytes"] + train["bytes"])
        rows.append(
            {
                "language": language,
                "train": train["documents"],
                "validation": held["documents"],
                "held out": share,
            }
        )
    shared = counts["validation_within_repository"]
    title = "Split" + (f"; {shared:,} validation documents share a repository with training" if shared else "")
    without = [r["language"] for r in rows if not r["validation"]]
    without += counts["language_pairs_without_validation"]
    if without:
        shown = ", ".join(without[:6]) + (", ..." if len(without) > 6 else "")
        title += f"; nothing is held out of {shown}: raise split.validation_share"
    return [Summary(title, rows)]


def _tokenizer(counts: Row) -> list[Summary]:
    return [
        Summary(
            "Tokenizer",
            [
                {
                    "vocabulary": counts["vocab_size"],
                    "bytes per id": counts["bytes_per_token"],
                    "hash": counts["hash"][:16],
                }
            ],
        )
    ]


def _tokens(counts: Row) -> list[Summary]:
    rows = [
        {
            "component": name,
            "documents": v["documents"],
            "tokens": v["tokens"],
            "unique tokens": v["unique_tokens"],
            "bytes per token": round(v["bytes"] / v["tokens"], 3) if v["tokens"] else None,
        }
        for name, v in counts["train"].items()
        if not is_direction(name)
    ]
    title = f"Tokens to mix; {counts['unique_tokens']:,} unique, paired copies counted once"
    if counts["unseen"]:
        title += f"; left out as unseen: {', '.join(f'{name} {n:,}' for name, n in counts['unseen'].items())}"
    return [Summary(title, rows)]


def plan_summary(counts: Row) -> list[Summary]:
    """The table of a plan that is not written yet."""
    rows: list[Row] = [
        {
            "component": name,
            "asked": round(v["wanted"], 6),
            "share": round(v["share"], 6),
            "sequences": v["sequences"],
            "of": v["available"],
            "tokens": v["tokens"],
            "padding": v["padding"],
            "epochs": round(v["epochs"], 3),
            "allowed": v["max_epochs"],
            "unique tokens": v["unique_tokens"],
        }
        for name, v in counts["components"].items()
    ]
    length, padding = counts["sequence_length"], counts["padding"]
    title = f"Plan: {counts['sequences']:,} sequences of {length:,} tokens; {counts['tokens']:,} tokens"
    title += f" and {padding:,} of padding"
    return [Summary(title + _without(counts), rows)]


def _without(counts: Row) -> str:
    """What a mixture does not hold: pairs that are too long, components without a sequence."""
    lost = sum(v["lost_documents"] for v in counts["components"].values())
    text = f"; {lost:,} parallel documents are longer than a sequence and left out" if lost else ""
    for name, long in counts["left_out"].items():
        why = f"all {long:,} documents are longer than a sequence" if long else "less than one sequence"
        text += f"; no {name}: {why}"
    empty = [name for name, v in counts["components"].items() if not v["sequences"]]
    return text + (f"; the budget leaves no sequence for {', '.join(empty)}" if empty else "")


def _validation(counts: Row) -> list[Summary]:
    sets = counts["validation"]
    rows = [{"component": c, "documents": v["documents"], "tokens": v["tokens"]} for c, v in sets.items()]
    code = [r for r in rows if not is_direction(r["component"])]
    pairs = [r for r in rows if is_direction(r["component"]) and r["documents"]]
    if pairs:
        sums = {key: sum(r[key] for r in pairs) for key in ("documents", "tokens")}
        code.append({"component": f"{len(pairs)} translation directions", **sums})
    empty = [r["component"] for r in rows if not r["documents"]]
    title = "Validation sets, the same for every mixture"
    if empty:
        shown = ", ".join(empty[:6]) + (", ..." if len(empty) > 6 else "")
        title += f"; {len(empty)} are empty ({shown}): raise split.validation_share, or add sources"
    return [Summary(title, code)]


def _mix(counts: Row) -> list[Summary]:
    tokens = counts["tokens"]
    rows: list[Row] = [
        {
            "component": name,
            "target": round(v["share"], 6),
            "realised": _share(v["tokens"], tokens),
            "padded": _share(v["sequences"], counts["sequences"]),
            "sequences": v["sequences"],
            "tokens": v["tokens"],
            "epochs": round(v["epochs"], 3),
            "unused": v["unused_tokens"],
            "drift": round(v["prefix_deviation"], 3),
        }
        for name, v in counts["components"].items()
    ]
    kind = "View" if counts["output"] == "view" else "Mixture"
    title = f"{kind}: {counts['sequences']:,} sequences of {counts['sequence_length']:,} tokens"
    if counts["padding"]:
        title += f", {_share(counts['padding'], tokens + counts['padding'])} padding"
    spent = [name for name, v in counts["components"].items() if v["sequences"] >= v["available"]]
    if spent:
        title += f"; {', '.join(spent)} is used up"
    return [Summary(title + _without(counts), rows)]


_VIEWS = {
    "corpus": _corpus,
    "split": _split,
    "tokenizer": _tokenizer,
    "validation": _validation,
    "tokens": _tokens,
    "mix": _mix,
    **loop_tables.VIEWS,
}


def summaries(manifest: Manifest, folder: Path | None = None) -> list[Summary]:
    """The tables that show what a finished stage made.

    Args:
        manifest: of the stage.
        folder: of the stage, which commands to type next name; None: they are left out.
    """
    if manifest.stage == "pairs":
        tables = _pairs(manifest.counts, folder)
    elif manifest.stage == "parallel":
        tables = _parallel(manifest.counts, manifest.configuration.get("max_tokens"))
    else:
        tables = _VIEWS[manifest.stage](manifest.counts)
    if "encoders" in manifest.run:
        first = tables[0]
        tables[0] = Summary(f"{first.title}; encoded by {' and '.join(manifest.run['encoders'])}", first.rows)
    return tables


def cost(manifests: Sequence[tuple[Manifest, bool]]) -> Summary:
    """Time and memory of each stage; (manifest, was it found finished)."""
    rows = []
    for manifest, skipped in manifests:
        run = manifest.run
        size = manifest.counts["documents"]["bytes"] if manifest.stage == "corpus" else None
        rows.append(
            {
                "stage": manifest.stage,
                "state": "unchanged" if skipped else "done",
                "seconds": run["seconds"],
                "peak MB": round(run["peak_bytes"] / 1e6),
                "MB/s kept": round(size / 1e6 / run["seconds"], 2) if size and run["seconds"] else None,
            }
        )
    return Summary("Stages", rows)
