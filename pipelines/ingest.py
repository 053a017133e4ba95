"""The steps that turn source records into rows: read, decode, detect, gate, parse, write.

Each step takes and gives datatrove documents whose metadata holds one `Draft`; a rejected draft passes through the
rest untouched and ends in the rejected table, so nothing is lost on the way. Memory of a task: one file and its syntax
tree (up to 25 times the largest file) plus one row group (16 MB) for each table.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.columns import Column, Table
from contracts.schema import DOCUMENTS, REJECTED, UNITS
from contracts.tables import TableWriter
from parsers.detect import detect
from parsers.encoding import Undecodable, decode, encodable
from parsers.origin import generated_by, is_test, is_vendored, minified
from parsers.statistics import line_statistics
from parsers.syntax import ParseBudgetExceeded, parse
from parsers.tokens import token_counts
from parsers.units import Unit, extract_units
from pipelines.config import CorpusConfig
from pipelines.draft import Draft, Rejection, content_hash, document_id
from pipelines.gates import AFTER_PARSING, ANY_TEXT, BEFORE_PARSING, judge
from pipelines.progress import ProgressReporter
from pipelines.sources.plan import SourcePlan
from pipelines.sources.read import problem_records, read_slice

WORK_UNITS = Table("units", UNITS.doc, (*UNITS.columns, Column("row", UNITS.schema.field("unit").type, "row")))
"""Units with the row of their document in its file, until duplicates are out."""


class ReadSources(PipelineStep):
    """Yields every file, member and record of this task's slices, faulty ones included."""

    type = "glotmix"
    name = "read sources"

    def __init__(self, config: CorpusConfig, base: Path, plan: Path, progress: Path) -> None:
        super().__init__()
        self.config, self.base, self.plan, self.progress = config, base, plan, progress

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Read this rank's slices; rank 0 also yields what could not even be listed."""
        plan = SourcePlan.from_json(self.plan.read_text(encoding="utf-8"))
        progress = ProgressReporter(self.progress, rank)
        records: list[Iterator[Any]] = []
        if rank == 0:
            records.append(problem_records(plan, self.config.sources))
        if plan.tasks:
            records += [
                read_slice(s, self.config.sources, self.base, self.config.max_file_bytes) for s in plan.tasks[rank]
            ]
        for group in records:
            for record in group:
                progress.add(record.size or 0)
                yield Document(text="", id="", metadata={"draft": Draft(record)})


class DraftStep(PipelineStep):
    """Applies `advance` to every draft that is not rejected yet."""

    type = "glotmix"

    def advance(self, draft: Draft) -> None:
        """Add facts to the draft or reject it."""
        raise AssertionError("abstract: a step says what it does in `advance`")

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Pass every draft on."""
        for document in data:
            draft: Draft = document.metadata["draft"]
            if draft.rejection is None:
                with self.track_time():
                    self.advance(draft)
                if draft.rejection is not None:
                    self.stat_update(f"rejected_{draft.rejection.reason}")
            yield document


class DecodeText(DraftStep):
    """Bytes to text: takes over the reader's problems, rejects binaries and unknown encodings."""

    name = "decode"

    def advance(self, draft: Draft) -> None:
        """Set `content` (UTF-8) and the fact `encoding`."""
        record = draft.record
        if record.problem is not None:
            problem = record.problem
            value, threshold = _number(problem.value), _number(problem.threshold)
            draft.rejection = Rejection("source", problem.code, value, threshold, problem.detail)
            return
        if record.text is not None:
            text, encoding = record.text.removeprefix("\ufeff"), "utf-8"
            if not encodable(text):
                draft.rejection = Rejection("encoding", "encoding", detail="lone surrogate in the text")
                return
            if "\0" in text:
                draft.rejection = Rejection("encoding", "binary", detail="NUL in the text")
                return
        else:
            try:
                decoded = decode(record.raw or b"")
            except Undecodable as error:
                draft.rejection = Rejection("encoding", error.reason, detail=error.detail)
                return
            text, encoding = decoded.text, decoded.encoding
        draft.content = text.encode("utf-8")
        record.raw = record.text = None  # one copy of the text is enough
        draft.facts |= {"encoding": encoding, "bytes": len(draft.content)}
        if not draft.content.strip():
            draft.rejection = Rejection("gate", "empty", 0.0)


class DetectLanguage(DraftStep):
    """Language by declaration, name and content; of a source that declares a component, that component."""

    name = "detect language"

    def __init__(self, languages: tuple[str, ...], components: Mapping[str, str]) -> None:
        super().__init__()
        self.languages, self.components = languages, dict(components)

    def advance(self, draft: Draft) -> None:
        """Set the facts `language` and `detected_by`."""
        component = self.components.get(draft.record.source)
        if component is not None:
            draft.facts |= {"language": component, "detected_by": "declared"}
            return
        found = detect(draft.record.path, draft.content, draft.record.language)
        draft.facts |= {"language": found.language, "detected_by": found.how}
        if found.language is None:
            draft.rejection = Rejection("language", "unknown_language", detail=draft.record.language or found.how)
        elif found.language not in self.languages:
            draft.rejection = Rejection("language", "language", detail=found.language)


class MeasureAndGate(DraftStep):
    """Line statistics, origin, and the gates that need no syntax tree."""

    name = "cheap gates"

    def __init__(self, config: CorpusConfig) -> None:
        super().__init__()
        self.config = config.gates

    def advance(self, draft: Draft) -> None:
        """Set the facts that the cheap gates judge, and judge."""
        path, content, language = draft.record.path, draft.content, draft.facts["language"]
        lines = line_statistics(content)
        draft.facts |= {
            "licence": draft.record.licence,
            "lines": lines.lines,
            "longest_line": lines.longest_line,
            "mean_line": lines.mean_line,
            "alphanumeric_share": lines.alphanumeric_share,
            "is_vendored": is_vendored(path),
            "is_test": is_test(path, content[:4096], language),
            "generated": generated_by(path, content) or "",
            "minified": minified(path, content, language),
        }
        draft.rejection = judge(BEFORE_PARSING if draft.is_code else ANY_TEXT, draft.facts, self.config)


class ParseSyntax(DraftStep):
    """The one parse: error share, units. Text that is no code has neither."""

    name = "parse"

    def __init__(self, config: CorpusConfig) -> None:
        super().__init__()
        self.config = config.gates

    def advance(self, draft: Draft) -> None:
        """Set `units` and the facts that need the tree, and judge them."""
        if not draft.is_code:
            draft.facts["error_share"] = 0.0
            return
        try:
            syntax = parse(draft.content, draft.facts["language"], draft.record.path)
        except ParseBudgetExceeded as error:
            draft.rejection = Rejection("syntax", "parse_budget", float(error.steps), float(error.limit))
            return
        draft.facts["error_share"] = syntax.error_share
        draft.rejection = judge(AFTER_PARSING, draft.facts, self.config)
        if draft.rejection is None:
            draft.units = extract_units(syntax)


class WriteDrafts(PipelineStep):
    """Writes this rank's documents, units and rejected rows, each to one file that appears whole."""

    type = "glotmix"
    name = "write drafts"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Take all drafts; yields nothing."""
        name = f"{rank:05d}.parquet"
        with (
            TableWriter(self.folder / "documents" / name, DOCUMENTS, size_column="bytes") as documents,
            TableWriter(self.folder / "units" / name, WORK_UNITS) as units,
            TableWriter(self.folder / "rejected" / name, REJECTED) as rejected,
        ):
            row = 0
            for document in data:
                draft: Draft = document.metadata.pop("draft")
                if draft.rejection is not None:
                    rejected.write(rejected_row(draft))
                    continue
                identity = _identity(draft)
                documents.write(document_row(draft, identity))
                for number, unit in enumerate(draft.units):
                    units.write(unit_row(identity, number, draft.facts["language"], unit, row))
                row += 1
        yield from ()


def _number(value: float | str | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _identity(draft: Draft) -> str:
    return document_id(draft.record, draft.content)


def _origin(draft: Draft) -> dict[str, Any]:
    record = draft.record
    return {
        name: getattr(record, name) for name in ("source", "source_id", "repo", "archive", "path", "commit", "licence")
    }


def document_row(draft: Draft, identity: str) -> dict[str, Any]:
    """The documents row of a draft that passed."""
    facts = draft.facts
    return {
        "id": identity,
        **_origin(draft),
        **{name: facts[name] for name in ("language", "detected_by", "encoding", "bytes", "lines", "longest_line")},
        **{name: facts[name] for name in ("mean_line", "alphanumeric_share", "error_share", "is_test", "is_vendored")},
        "code_tokens": int(token_counts([draft.content])[0]),
        "units": len(draft.units),
        "contaminated": None,
        "content_hash": content_hash(draft.content),
        "content": draft.content.decode("utf-8"),
    }


def unit_row(document: str, number: int, language: str, unit: Unit, row: int) -> dict[str, Any]:
    """The units row of one unit."""
    names = (
        *("kind", "name", "container", "start_line", "end_line", "outer_start_line", "start_byte", "end_byte"),
        *("outer_start_byte", "parameters", "has_body", "has_error", "is_test"),
    )
    return {
        "document_id": document,
        "unit": number,
        "language": language,
        "row": row,
        **{name: getattr(unit, name) for name in names},
    }


def rejected_row(draft: Draft) -> dict[str, Any]:
    """The rejected row of a draft that failed."""
    rejection = draft.rejection
    assert rejection is not None
    return {
        "id": _identity(draft),
        **_origin(draft),
        "language": draft.language,
        "bytes": draft.facts.get("bytes", draft.record.size),
        "step": rejection.step,
        "reason": rejection.reason,
        "value": rejection.value,
        "threshold": rejection.threshold,
        "duplicate_of": None,
        "detail": rejection.detail[:500],
    }


def steps(config: CorpusConfig, base: Path, plan: Path, work: Path, progress: Path) -> list[PipelineStep]:
    """The ingest pipeline, in order."""
    return [
        ReadSources(config, base, plan, progress),
        DecodeText(),
        DetectLanguage(config.languages, {s.name: s.component for s in config.sources if s.component}),
        MeasureAndGate(config),
        ParseSyntax(config),
        WriteDrafts(work / "ingest"),
    ]
