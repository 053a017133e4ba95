"""Where the stages of one run keep their results, below one output folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE_LEVEL = "file"
"""The level of parallel documents that hold whole programs."""


def pairs_of(configuration: Mapping[str, Any]) -> tuple[str, str]:
    """Form and level of the parallel documents that the tokens of a manifest's configuration hold."""
    return configuration["parallel_form"], configuration.get("parallel_level", FILE_LEVEL)


@dataclass(frozen=True, slots=True)
class Layout:
    """The output folder of a run."""

    root: Path

    @property
    def corpus(self) -> Path:
        """documents, units, rejected, near_duplicates."""
        return self.root / "corpus"

    @property
    def pairs(self) -> Path:
        """pairs, links, copies, refused."""
        return self.root / "pairs"

    @property
    def parallel(self) -> Path:
        """unit_pairs, unpaired_units, parallel, refused."""
        return self.root / "parallel"

    @property
    def split(self) -> Path:
        """The split table."""
        return self.root / "split"

    @property
    def tokenizer(self) -> Path:
        """tokenizer.json."""
        return self.root / "tokenizer"

    @property
    def validation(self) -> Path:
        """Validation sets, one file a component, the same for every mixture."""
        return self.root / "validation"

    def tokens(self, form: str, level: str = FILE_LEVEL) -> Path:
        """Token files and their rows, for one form and level of parallel documents: tokens/concat[-function]."""
        return self.root / "tokens" / (form if level == FILE_LEVEL else f"{form}-{level}")

    @property
    def streams(self) -> Path:
        """Streams that all views share."""
        return self.root / "streams"

    def mix(self, name: str) -> Path:
        """Shards, or the order of a view, of the mixture of this name."""
        return self.root / "mix" / name
