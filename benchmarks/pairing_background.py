"""How common features are in ordinary code: counts the background that the score of pairs is shipped with.

    python benchmarks/pairing_background.py CORPUS [--work FOLDER] [--ship]

CORPUS is the folder of a finished corpus of ordinary code in all seven languages. Prints the documents of each
language, the features that are listed and the bytes of the table; --ship writes it.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from tqdm import tqdm

from contracts.files import atomic_path
from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pairing.config import PairsConfig
from pairing.features.extract import ExtractFeatures
from pairing.features.fingerprint import fingerprint
from pairing.score.shipped import BACKGROUND, FEATURES, WHOLE
from pairing.score.vectors import CountFrequencies

LEAST = 0.005
"""Share of a language's documents from which a feature is listed. On pairs_dev, masked or not, 0.002 to 0.01 gave F1
within 0.002, all features 0.003 more (with 800 and 500 documents filled in)."""


def main() -> None:
    """Count and print; write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--ship", action="store_true", help="write the table that the package ships")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = background(options.corpus, options.work or Path(folder))
    target = Path(__file__).parent.parent / "pairing" / "score" / BACKGROUND
    if options.ship:
        with atomic_path(target) as path:
            write(table, path)
        print(f"wrote {target.name}: {target.stat().st_size:,} bytes")


def write(table: pl.DataFrame, path: Path) -> None:
    """The table with what its keys mean."""
    table.write_parquet(path, compression="zstd", compression_level=22, metadata={FEATURES: fingerprint()})


def background(corpus: Path, work: Path) -> pl.DataFrame:
    """Features in at least LEAST of a language's documents, and their shares in 1 / WHOLE."""
    files = files_of(corpus / "documents")
    config = PairsConfig()
    work.mkdir(parents=True, exist_ok=True)
    extract = ExtractFeatures(corpus, work / "features", config, work / "progress")
    for rank in tqdm(range(len(files)), unit="file"):
        list(extract.run(None, rank, len(files)))
    count = CountFrequencies(corpus / "documents", work / "features", work / "catalogue", config)
    shares = {}
    for rank, language in enumerate(LANGUAGE_NAMES):
        list(count.run(None, rank, len(LANGUAGE_NAMES)))
        keys, counts, documents = (
            np.load(work / "catalogue" / language / f"{name}.npy") for name in ("keys", "counts", "documents")
        )
        common = counts >= LEAST * documents[0]
        shares[language] = (keys[common], np.round(WHOLE * counts[common] / documents[0]).astype(np.uint16))
        print(f"{language}: {documents[0]:,} documents, {common.sum():,} features")
    every = np.unique(np.concatenate([keys for keys, _ in shares.values()]))
    columns = {"key": every}
    for language, (keys, share) in shares.items():
        columns[language] = np.zeros(len(every), np.uint16)
        columns[language][np.searchsorted(every, keys)] = share
    return pl.DataFrame(columns)


if __name__ == "__main__":
    main()
