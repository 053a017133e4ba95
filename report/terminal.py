"""Summaries of stages as rows, for the terminal or as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts.manifest import Manifest

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """A titled list of rows with the same keys."""

    title: str
    rows: list[Row]

    def print(self, console: Console) -> None:
        """Draw the table; numbers stand right, text is never read as markup."""
        table = Table(title=Text(self.title), title_justify="left")
        columns = list(self.rows[0]) if self.rows else ["nothing"]
        for column in columns:
            numeric = all(isinstance(r[column], (int, float)) or r[column] is None for r in self.rows)
            table.add_column(column, justify="right" if numeric and self.rows else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(_shown(row[c])) for c in columns))
        console.print(table)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def _share(part: float, whole: float) -> float:
    return round(part / whole, 6) if whole else 0.0


def _corpus(counts: Row) -> list[Summary]:
    documents = counts["documents"]
    rows: list[Row] = [
        {
            "language": name,
            "documents": v["files"],
            "bytes": v["bytes"],
            "share of bytes": _share(v["bytes"], documents["bytes"]),
        }
        for name, v in documents["by_language"].items()
    ]
    rows.append(
        {"language": "all", "documents": documents["files"], "bytes": documents["bytes"], "share of bytes": 1.0}
    )
    rejected = [
        {"rejected by": name, "files": v["files"], "bytes": v["bytes"]}
        for name, v in counts["rejected"]["by_reason"].items()
    ]
    return [
        Summary(f"Corpus: {documents['files']:,} documents, {counts['units']:,} units", rows),
        Summary("Rejected", rejected),
    ]


def _pairs(counts: Row) -> list[Summary]:
    rows: list[Row] = [{"languages": name, "pairs": n} for name, n in counts["by_languages"].items()]
    rows.append({"languages": "all", "pairs": counts["pairs"]})
    forms: dict[str, Row] = {}
    for name, v in counts["parallel"].items():
        form = forms.setdefault(name.split("/")[0], {"form": name.split("/")[0], "documents": 0, "bytes": 0})
        form["documents"] += v["documents"]
        form["bytes"] += v["bytes"]
    title = f"Translation pairs: {counts['pairs']:,}, function pairs: {counts['unit_pairs']:,}"
    if counts["licence_unknown"]:
        title += f"; a licence is unknown in {counts['licence_unknown']:,}"
    if counts["given_not_in_corpus"]:
        title += f"; {counts['given_not_in_corpus']:,} given pairs are not in the corpus"
    return [Summary(title, rows), Summary("Parallel documents", list(forms.values()))]


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
                "held-out share": share,
            }
        )
    shared = counts["validation_within_repository"]
    title = "Split" + (f"; {shared:,} validation documents share a repository with training" if shared else "")
    return [Summary(title, rows)]


def _tokenizer(counts: Row) -> list[Summary]:
    return [
        Summary(
            "Tokenizer",
            [
                {
                    "vocabulary": counts["vocab_size"],
                    "bytes per token": counts["bytes_per_token"],
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
            "bytes per token": round(v["bytes"] / v["tokens"], 3),
        }
        for name, v in counts["train"].items()
    ]
    held = sum(v["tokens"] for v in counts["validation"].values())
    return [Summary(f"Tokens to mix; {held:,} more in validation sets", rows)]


def _mix(counts: Row) -> list[Summary]:
    total = counts["sequences"]
    rows: list[Row] = [
        {
            "component": name,
            "target share": round(v["share"], 6),
            "sequences": v["sequences"],
            "realised share": round(v["sequences"] / total, 6),
            "tokens": v["tokens"],
            "padding": v["padding"],
            "documents": v["documents"],
            "epochs": round(v["epochs"], 3),
            "worst prefix": round(v["prefix_deviation"], 3),
        }
        for name, v in counts["components"].items()
    ]
    lost = counts["pairs_longer_than_a_sequence"]
    title = f"Mixture: {total:,} sequences of {counts['sequence_length']:,} tokens"
    if lost["documents"]:
        title += f"; {lost['documents']:,} parallel documents are longer than a sequence and left out"
    return [Summary(title, rows)]


_VIEWS = {"corpus": _corpus, "pairs": _pairs, "split": _split, "tokenizer": _tokenizer, "tokens": _tokens, "mix": _mix}


def summaries(manifest: Manifest) -> list[Summary]:
    """The tables that show what a finished stage made."""
    return _VIEWS[manifest.stage](manifest.counts)


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
                "peak MB of a process": round(run["peak_bytes"] / 1e6),
                "MB/s kept": round(size / 1e6 / run["seconds"], 2) if size and run["seconds"] else None,
            }
        )
    return Summary("Stages", rows)
