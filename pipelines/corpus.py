"""The corpus recipe: sources in, the tables documents, units and rejected out.

    plan -> ingest -> exact duplicates -> signatures -> candidates -> verify -> choose survivors -> publish

Each arrow is a barrier; between barriers, tasks are independent and finished ones are never redone.
"""

import glob
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets

from contracts.errors import StageError
from contracts.files import atomic_path
from contracts.languages import in_order
from contracts.tables import files_of
from pipelines.config import CorpusConfig, DedupConfig
from pipelines.dedup.candidates import PAIR_BYTES, GroupCandidates
from pipelines.dedup.cluster import ChooseSurvivors
from pipelines.dedup.exact import FindExactDuplicates, tasks_for
from pipelines.dedup.signatures import WriteSignatures, minhash_config
from pipelines.dedup.verify import VerifyCandidates
from pipelines.executor_config import ExecutorConfig
from pipelines.frames import read, scan
from pipelines.ingest import steps as ingest_steps
from pipelines.licence_counts import licence_counts
from pipelines.phase import Observer, Phase
from pipelines.publish import PublishTables
from pipelines.sources.config import AnySource, DirectorySource
from pipelines.sources.plan import SourcePlan, identity, plan
from pipelines.stage import Outcome, StageContext, StageResult, run_stage

NAME = "corpus"
MAX_TASKS = 512
"""datatrove opens a signature file a task at once: beyond this, tasks grow instead of becoming more."""


def corpus(
    config: CorpusConfig,
    base: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Make the corpus tables in `folder`.

    Args:
        config: what to read and keep.
        base: folder that relative source paths start from.
        folder: output; gets documents/, units/, rejected/, near_duplicates/ and manifest.json.
        executor: where tasks run.
        force: redo a corpus that does not match the configuration.
        check: make nothing: a corpus that is not finished or does not match is an error.
        observe: told about progress.

    Raises:
        SourceError: a source cannot be listed or holds nothing.
        StageError: tasks failed.
    """
    reading = config.model_copy(update={"sources": without_own_results(config.sources, base, folder.parent)})
    listed = _plan(reading, base)
    semantic = config.model_dump(mode="json", exclude={"sources"})
    semantic["sources"] = [s.model_dump(mode="json", exclude={"path"}) for s in config.sources]
    return run_stage(
        NAME,
        folder,
        semantic,
        {"sources": identity(listed, reading.sources, base)},
        _body(reading, base, listed),
        executor,
        force=force,
        check=check,
        observe=observe,
    )


def without_own_results(sources: tuple[AnySource, ...], base: Path, output: Path) -> tuple[AnySource, ...]:
    """The sources, each directory that holds the output folder with that folder excluded: a run reads no results."""
    changed: list[AnySource] = []
    for source in sources:
        root = (base / source.path).resolve()
        if isinstance(source, DirectorySource) and root in output.resolve().parents:
            own = glob.escape(output.resolve().relative_to(root).as_posix()) + "/**"
            source = source.model_copy(update={"exclude": (*source.exclude, own)})
        changed.append(source)
    return tuple(changed)


def _plan(config: CorpusConfig, base: Path) -> SourcePlan:
    listed = plan(config.sources, base, config.slice_bytes, config.max_file_bytes)
    if len(listed.tasks) > MAX_TASKS:
        total = sum(s.bytes for s in listed.slices)
        listed = plan(config.sources, base, -(-total // MAX_TASKS) * 2, config.max_file_bytes)
    return listed


def _body(config: CorpusConfig, base: Path, listed: SourcePlan) -> Callable[[StageContext], Outcome]:
    def body(context: StageContext) -> Outcome:
        work = context.work
        plan_file = work / "plan.json"
        if not plan_file.exists():
            with atomic_path(plan_file) as path:
                path.write_text(listed.to_json(), encoding="utf-8")
        # a resumed run goes on with the plan it began with: finished tasks are known by their numbers only
        planned = SourcePlan.from_json(plan_file.read_text(encoding="utf-8"))
        tasks, size = max(1, len(planned.tasks)), float(sum(s.bytes for s in planned.slices))
        context.run(
            Phase("ingest", ingest_steps(config, base, plan_file, work, context.progress("ingest")), tasks, size)
        )
        documents = work / "ingest" / "documents"
        sources = tuple(s.name for s in config.sources)
        kept = _rows(documents)
        context.run(
            Phase(
                "exact",
                [FindExactDuplicates(documents, work / "exact", sources, config.dedup.exact)],
                tasks_for(kept),
            )
        )
        if config.dedup.near:
            _near(context, config.dedup, sources, documents, tasks)
        context.run(
            Phase(
                "publish",
                [PublishTables(work, context.folder, config.dedup, context.progress("publish"))],
                tasks,
                size,
            )
        )
        files = [
            context.folder / t / f"{r:05d}.parquet" for t in ("documents", "units", "rejected") for r in range(tasks)
        ]
        if config.dedup.near:
            links = context.folder / "near_duplicates" / "00000.parquet"
            with atomic_path(links) as path:
                shutil.copyfile(work / "near" / "links" / "00000.parquet", path)
            files.append(links)
        counts = corpus_counts(context.folder, tasks, sources)
        if not counts["documents"]["files"]:
            raise StageError(_nothing_left(counts))
        return Outcome(files, counts)

    return body


def _nothing_left(counts: dict[str, Any]) -> str:
    reasons = ", ".join(f"{name}: {v['files']}" for name, v in counts["rejected"]["by_reason"].items())
    return (
        f"not one of {counts['rejected']['files']} files became a document ({reasons}). "
        "Loosen corpus.gates, or look at corpus.sources and corpus.languages"
    )


def _near(context: StageContext, config: DedupConfig, sources: tuple[str, ...], documents: Path, tasks: int) -> None:
    work = context.work
    signatures, pairs, edges = work / "signatures", work / "pairs", work / "edges"
    kept_bytes = float(sum(read(f, columns=["bytes"])["bytes"].sum() for f in files_of(documents)))
    context.run(
        Phase(
            "signatures",
            [WriteSignatures(documents, work / "exact", signatures, config, context.progress("signatures"))],
            tasks,
            kept_bytes,
        )
    )
    context.run(
        Phase(
            "candidates",
            [
                MinhashDedupBuckets(
                    str(signatures), str(pairs), config=minhash_config(config), only_dedup_in_index=False
                ),
                GroupCandidates(documents, pairs, edges, sources),
            ],
            config.bands,
        )
    )
    found = sum(f.stat().st_size for f in pairs.glob("*.dups")) / PAIR_BYTES
    context.run(
        Phase(
            "verify",
            [VerifyCandidates(documents, edges, work / "verified", config, context.progress("verify"))],
            tasks,
            found,
        )
    )
    context.run(Phase("survivors", [ChooseSurvivors(documents, work / "verified", work / "near", sources, config)], 1))


def _rows(folder: Path) -> int:
    return int(scan(files_of(folder)).select(pl.len()).collect().item())


def corpus_counts(folder: Path, tasks: int, sources: tuple[str, ...]) -> dict[str, Any]:
    """Documents, bytes and rejections of a finished corpus, counted from the files of its tasks.

    Only these files: an earlier corpus in the same folder may have left more of them.
    """

    def table(name: str) -> pl.LazyFrame:
        return scan([folder / name / f"{rank:05d}.parquet" for rank in range(tasks)])

    documents = table("documents").select("source", "language", "bytes")
    grouped = documents.group_by("language").agg(pl.len().alias("files"), pl.col("bytes").sum()).collect()
    by_language = {r.pop("language"): r for r in grouped.to_dicts()}
    rejected = table("rejected").select("step", "reason", "language", "bytes")
    by_reason = (
        rejected.group_by("step", "reason")
        .agg(pl.len().alias("files"), pl.col("bytes").sum())
        .sort("step", "reason")
        .collect()
    )
    units = table("units").select(pl.len()).collect().item()
    by_source = documents.group_by("source").agg(pl.len()).sort("source").collect()
    return {
        "sources": dict.fromkeys(sources, 0) | dict(by_source.iter_rows()),
        "documents": {
            "files": int(grouped["files"].sum()),
            "bytes": int(grouped["bytes"].sum()),
            "by_language": {name: by_language[name] for name in in_order(by_language)},
        },
        "licences": licence_counts(folder / "documents" / f"{rank:05d}.parquet" for rank in range(tasks)),
        "units": int(units),
        "rejected": {
            "files": int(by_reason["files"].sum()),
            "by_reason": {
                f"{r['step']}/{r['reason']}": {"files": r["files"], "bytes": r["bytes"]} for r in by_reason.to_dicts()
            },
        },
    }
