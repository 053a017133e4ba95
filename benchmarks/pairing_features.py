"""How fast features are read, beside counting the words of the same texts with one regular expression.

    python benchmarks/pairing_features.py CORPUS [--megabytes 30]

CPU seconds for each MB of source and MB/s of one process over documents of a finished corpus that are mined: the
plain baseline, telling comments, strings and code apart, and all classes of features with their profile. Then what a
document has in features of each class, and what they need on disk.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pairing.config import PairsConfig
from pairing.features import CLASSES, Declarations, extract
from pairing.features.files import joined
from pairing.features.units import read_declarations
from parsers.lexer import lex
from pipelines.frames import read

WORD = re.compile(rb"[A-Za-z_]\w*|\d+")

Document = tuple[bytes, str, Declarations]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="folder of a finished corpus")
    parser.add_argument("--megabytes", type=int, default=30, help="text to read at most")
    arguments = parser.parse_args()
    documents = load(arguments.corpus, arguments.megabytes * 1_000_000)
    size = sum(len(content) for content, _, _ in documents) / 1e6
    print(f"{len(documents):,} documents, {size:.1f} MB")
    plain = seconds(documents, lambda document: Counter(WORD.findall(document[0])))
    for name, work in (
        ("counting words", lambda document: Counter(WORD.findall(document[0]))),
        ("lexer", lambda document: lex(document[0], document[1])),
        ("features", lambda document: extract(*document)),
    ):
        taken = seconds(documents, work)
        print(f"{name:16} {taken / size:6.3f} CPU s/MB {size / taken:8.1f} MB/s {taken / plain:6.1f} x counting words")
    found = joined(extract(*document) for document in documents)
    stored = sum(a.nbytes for a in (found.indices, found.counts, found.classes, found.lengths, found.profile))
    print(f"{stored / size / 1e6:.2f} bytes on disk a byte of text; features of a document by class:")
    for name, count in zip(CLASSES, np.bincount(found.classes, minlength=len(CLASSES)), strict=True):
        print(f"  {name:16} {count / len(documents):8.1f}")


def load(corpus: Path, limit: int) -> list[Document]:
    """The first documents that are mined, with what they declare."""
    documents: list[Document] = []
    for file in files_of(corpus / "documents"):
        rows = read(file, columns=["id", "language", "content"])
        units = read_declarations(corpus / "units" / file.name, rows["id"].to_list())
        for language, text, unit in zip(rows["language"], rows["content"], units, strict=True):
            content = text.encode()
            if language in LANGUAGE_NAMES and len(content) <= PairsConfig().max_document_bytes:
                limit -= len(content)
                documents.append((content, language, unit))
            if limit < 0:
                return documents
    return documents


def seconds(documents: list[Document], work: Callable[[Document], object]) -> float:
    """CPU seconds of this process."""
    started = time.process_time()
    for document in documents:
        work(document)
    return time.process_time() - started


if __name__ == "__main__":
    main()
