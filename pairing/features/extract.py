"""The step that reads documents and writes their features.

A task holds one file of documents' features: about a fifth of a feature of 7 bytes for each byte of text, twice while
they are put together, so 50 MB for a file of 16 MB; and two hundred documents.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.languages import LANGUAGE_NAMES
from pairing.config import PairsConfig
from pairing.features.document import NOTHING, DocumentFeatures, extract
from pairing.features.files import joined, save_features
from pairing.features.units import read_declarations
from pipelines.executor import ProgressReporter
from pipelines.frames import read
from pipelines.positions import file_of


class ExtractFeatures(PipelineStep):
    """Features of one file's documents; none of text that is no code or longer than what is mined."""

    type = "glotmix"
    name = "features"

    def __init__(self, corpus: Path, output: Path, config: PairsConfig, progress: Path) -> None:
        super().__init__()
        self.corpus, self.output, self.config, self.progress = corpus, output, config, progress

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write the features of the documents of file `rank`."""
        save_features(self.output, rank, joined(self._documents(rank)))
        yield from ()

    def _documents(self, rank: int) -> Iterator[DocumentFeatures]:
        progress = ProgressReporter(self.progress, rank)
        documents = file_of(self.corpus / "documents", rank)
        units = read_declarations(
            file_of(self.corpus / "units", rank), read(documents, columns=["id"])["id"].to_list()
        )
        row = 0
        with pq.ParquetFile(documents) as file:
            for batch in file.iter_batches(batch_size=200, columns=["language", "content"]):
                for language, value in zip(batch["language"].to_pylist(), batch["content"], strict=True):
                    content = value.as_buffer().to_pybytes()
                    mined = language in LANGUAGE_NAMES and len(content) <= self.config.max_document_bytes
                    yield extract(content, language, units[row]) if mined else NOTHING
                    progress.add(len(content))
                    row += 1
