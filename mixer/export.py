"""Writes a finished mixture in the format of another trainer, whole or not at all.

Also a small front door, for environments that hold the format's library and no more than numpy and xxhash beside it:
python -m mixer.export MIXTURE --format FORMAT --to FOLDER
"""

import argparse
import importlib
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType

from contracts.errors import ConfigError, GlotmixError, StageError
from contracts.files import write_json
from contracts.folders import check_folder, whole_folder
from mixer.exports.source import Advance, Source

FACTS = "_export.json"
"""What an export says about itself; with an underscore, since readers of Parquet take other files for data."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the distribution that writes it, and how to install that."""

    library: str
    install: str


FORMATS = {
    "megatron": Format("datatrove", "pip install glotmix"),
    "parquet": Format("pyarrow", "pip install glotmix"),
    "litdata": Format("litdata", "pip install 'glotmix[litdata]'"),
    "mds": Format(
        "mosaicml-streaming",
        "in a new environment, since it needs transformers < 5 and so another huggingface-hub than glotmix:\n"
        "  pip install 'mosaicml-streaming>=0.13,<0.14'\n"
        "  pip install --no-deps glotmix\n"
        "and there: python -m mixer.export MIXTURE --format mds --to FOLDER",
    ),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        format: one of FORMATS.
        library: the distribution that wrote it.
        library_version: its version.
        mixture: identity of the mixture.
        sequences: how many.
        sequence_length: tokens in each.
        tokens: in all, padding included.
        pad_id: id of the pad token.
        end_id: id of the token that ends every document.
    """

    format: str
    library: str
    library_version: str
    mixture: str
    sequences: int
    sequence_length: int
    tokens: int
    pad_id: int
    end_id: int


def export(folder: Path, target: Path, fmt: str, advance: Advance | None = None) -> Exported:
    """Write a mixture in another format.

    The target appears when all of it is written; what a killed export left behind is removed by the next one to the
    same target.

    Args:
        folder: a finished mixture, of shards or a view.
        target: a folder that does not exist or is empty.
        fmt: one of FORMATS.
        advance: told how many more sequences are taken up.

    Raises:
        ConfigError: unknown format.
        StageError: missing library, unfinished mixture, or a target that holds something.
    """
    if fmt not in FORMATS:
        raise ConfigError(f"--format {fmt}: unknown; allowed: {', '.join(FORMATS)}")
    writer = _writer(fmt)
    source = Source(folder, advance)
    target = target.resolve()
    _check(target, folder.resolve())
    facts = _facts(source, fmt)
    with whole_folder(target, "--to") as work:
        writer.write(source, work)
        write_json(work / FACTS, asdict(facts))
    return facts


def _writer(fmt: str) -> ModuleType:
    try:
        return importlib.import_module(f"mixer.exports.{fmt}")
    except ImportError as error:
        wanted = FORMATS[fmt]
        raise StageError(f"--format {fmt} needs {wanted.library} ({error}). Install it: {wanted.install}") from error


def _check(target: Path, folder: Path) -> None:
    if target.is_relative_to(folder):
        raise StageError(f"--to {target}: inside the mixture, which would no longer match its manifest")
    check_folder(target, option="--to")


def _facts(source: Source, fmt: str) -> Exported:
    mixture, library = source.mixture, FORMATS[fmt].library
    return Exported(
        format=fmt,
        library=library,
        library_version=metadata.version(library),
        mixture=mixture.manifest["identity"],
        sequences=len(mixture),
        sequence_length=mixture.sequence_length,
        tokens=len(mixture) * mixture.sequence_length,
        pad_id=mixture.pad_id,
        end_id=mixture.end_id,
    )


def main(arguments: list[str] | None = None) -> int:
    """Export from the command line; returns the exit code."""
    parser = argparse.ArgumentParser("python -m mixer.export", description="Write a mixture in another format.")
    parser.add_argument("mixture", type=Path, help="folder of a finished mixture")
    parser.add_argument("--format", required=True, choices=sorted(FORMATS), dest="fmt")
    parser.add_argument("--to", required=True, type=Path, help="folder to write; must not exist or be empty")
    given = parser.parse_args(arguments)
    try:
        done = export(given.mixture, given.to, given.fmt)
    except GlotmixError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{given.to}: {done.sequences:,} sequences of {done.sequence_length:,} tokens, {done.format}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
