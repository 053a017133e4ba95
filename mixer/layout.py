"""Where the stages of one run keep their results, below one output folder."""

from dataclasses import dataclass
from pathlib import Path


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
        """pairs, unit_pairs, parallel."""
        return self.root / "pairs"

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

    def tokens(self, form: str) -> Path:
        """Token files and their rows, for one form of parallel documents."""
        return self.root / "tokens" / form

    @property
    def streams(self) -> Path:
        """Streams that all views share."""
        return self.root / "streams"

    def mix(self, name: str) -> Path:
        """Shards, or the order of a view, of the mixture of this name."""
        return self.root / "mix" / name
