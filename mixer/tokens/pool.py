"""The tokens stage: every training document tokenised once, for any number of mixtures."""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import xxhash
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path
from contracts.schema import TOKENIZED
from contracts.tables import TableWriter
from mixer.config import TokenizerConfig
from mixer.layout import FILE_LEVEL
from mixer.tokens.encode import Batch, encode, open_encoder, phase_name
from mixer.tokens.fim import arrange
from mixer.tokens.pool_counts import arrangement_counts, pool_counts, unseen_counts
from mixer.tokens.texts import Selection, Source, Text, bytes_of, sources_of, texts, write_held
from mixer.tokens.tokenizer_stage import FILE
from pairing.config import Form
from pipelines.executor import Observer, Phase, ProgressReporter
from pipelines.executor_config import ExecutorConfig
from pipelines.stage import Outcome, StageContext, StageResult, require, require_chain, run_stage

NAME, SCHEMA = "tokens", TOKENIZED.schema

LEVELS = (FILE_LEVEL, "function")
"""Of parallel documents; `both` has these."""

BATCHES = 64
"""Batches (of 1 MB) whose rows are written at once."""


class Tokenize(PipelineStep):
    """Task r tokenises input file r; memory: a row group of texts, and a batch of them (1 MB) with its ids."""

    type = "glotmix"
    name = "tokenize"

    def __init__(
        self,
        sources: list[Source],
        wanted: Selection,
        tokenizer: Path,
        folder: Path,
        config: TokenizerConfig,
        progress: Path,
        encoders: Path,
    ) -> None:
        super().__init__()
        self.encoders = encoders
        self.sources, self.wanted, self.tokenizer, self.folder = sources, wanted, tokenizer, folder
        self.config, self.progress = config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the token file and the rows of input number `rank`."""
        encoder = open_encoder(self.tokenizer, self.config)
        progress = ProgressReporter(self.progress, rank)
        start = 0
        rows: list[pa.Table] = []
        with (
            atomic_path(self.folder / "tokens" / f"{rank:05d}.bin") as raw,
            open(raw, "wb") as tokens,
            TableWriter(self.folder / "tokenized" / f"{rank:05d}.parquet", TOKENIZED) as table,
        ):
            for batch in encode(encoder, self._texts(rank)):
                tokens.write(batch.ids.data)
                rows.append(_rows(batch, rank, start))
                start += len(batch.ids)
                progress.add(sum(encoded.text.bytes for encoded in batch.texts))
                if len(rows) == BATCHES:
                    table.write_table(pa.concat_tables(rows))
                    rows = []
            if rows:
                table.write_table(pa.concat_tables(rows))
        name = encoder.name
        with atomic_path(self.encoders / f"{rank:05d}") as path:
            path.write_text(name, encoding="utf-8")
        yield from ()

    def _texts(self, rank: int) -> Iterator[Text]:
        """The training texts of an input; documents, not pairs, rearranged for filling in the middle."""
        source, fim = self.sources[rank], self.config.fim
        found = texts(source, self.wanted)
        if source.kind == "parallel" or not fim.rate:
            yield from found
            return
        for text in found:
            (content,) = text.pieces
            assert isinstance(content, str)
            arrangement, pieces = arrange(content, text.id, fim, self.config.seed)
            yield text._replace(arrangement=arrangement, pieces=pieces)


def encoder_counts(folder: Path) -> dict[str, int]:
    """How many tasks each library encoded: gigatoken gives way to tokenizers where the two differ."""
    return dict(sorted(Counter(path.read_text(encoding="utf-8") for path in folder.glob("[0-9]*")).items()))


def _rows(batch: Batch, file: int, start: int) -> pa.Table:
    """The rows of a batch whose first token is number `start` of the file."""
    every, found = batch.texts, [encoded.text for encoded in batch.texts]
    starts = accumulate((encoded.tokens for encoded in every), initial=start)
    columns: dict[str, list[Any]] = {
        "id": [text.id for text in found],
        "component": [text.component for text in found],
        "file": [file] * len(found),
        "start": list(starts)[:-1],
        "tokens": [encoded.tokens for encoded in every],
        "bytes": [text.bytes for text in found],
        "source_end": [encoded.source_end for encoded in every],
        "target_start": [encoded.target_start for encoded in every],
        "arrangement": [text.arrangement for text in found],
        "pair_id": [text.pair_id for text in found],
        "source_tokens": [encoded.source_tokens for encoded in every],
        "target_tokens": [encoded.target_tokens for encoded in every],
        "program_keys": [[_key(text, piece) for piece in text.programs] for text in found],
        "program_tokens": [encoded.programs for encoded in every],
    }
    return pa.Table.from_pydict(columns, schema=SCHEMA)


def _key(text: Text, piece: int) -> str:
    """The hash of a program's text: the content_hash of its document."""
    return xxhash.xxh3_128_hexdigest(str(text.pieces[piece]).encode())


def tokens(
    config: TokenizerConfig,
    form: Form,
    corpus: Path,
    parallel: Path,
    split: Path,
    tokenizer: Path,
    folder: Path,
    executor: ExecutorConfig,
    *,
    level: str = FILE_LEVEL,
    force: bool = False,
    check: bool = False,
    observe: Observer | None = None,
) -> StageResult:
    """Tokenise the training side of documents and of parallel documents of one form and level into `folder`.

    Directions that the split calls unseen stay out.

    Raises:
        StageError: an earlier stage is not finished, or text would become a special token.
    """
    before = "glotmix run CONFIG"
    folders = {"corpus": corpus, "parallel": parallel, "split": split, "tokenizer": tokenizer}
    earlier = {name: require(place, name, before) for name, place in folders.items()}
    require_chain(earlier, f"{before} --force")
    inputs = {name: manifest.identity for name, manifest in earlier.items()}
    unseen = tuple(earlier["split"].configuration.get("unseen_directions", ()))
    levels = LEVELS if level == "both" else (level,)

    def body(context: StageContext) -> Outcome:
        sources, held = sources_of(corpus, parallel), context.work / "held.npy"
        write_held(split, held)
        wanted = Selection("train", split, held, (form,), unseen, levels)
        phase, names = phase_name("tokenize", config), context.work / "encoders"
        step = Tokenize(sources, wanted, tokenizer / FILE, context.folder, config, context.progress(phase), names)
        context.run(Phase(phase, [step], len(sources), bytes_of(sources)))
        ranks = [f"{rank:05d}" for rank in range(len(sources))]
        tokenized = [context.folder / "tokenized" / f"{rank}.parquet" for rank in ranks]
        counts = pool_counts(tokenized, corpus, split) | {
            "unseen": unseen_counts(parallel, split, form, levels, unseen)
        }
        if config.fim.rate:
            sentinels = open_encoder(tokenizer / FILE, config).sentinels
            ids = {f"{sentinel.value}_id": number for sentinel, number in sentinels.items()}
            counts["fim"] = ids | {"documents": arrangement_counts(tokenized)}
        return Outcome(
            [*(context.folder / "tokens" / f"{rank}.bin" for rank in ranks), *tokenized],
            counts,
            {"encoders": encoder_counts(names)},
        )

    semantic: dict[str, Any] = {"parallel_form": form}
    if level != FILE_LEVEL:
        semantic["parallel_level"] = level
    if config.fim.rate:
        semantic |= {"fim": config.fim.model_dump(mode="json"), "seed": config.seed}
    return run_stage(NAME, folder, semantic, inputs, body, executor, force=force, check=check, observe=observe)
