"""Where the stages after the mixture keep their results, below the run's output folder."""

from dataclasses import dataclass
from pathlib import Path

from mixer.layout import Layout


@dataclass(frozen=True, slots=True)
class LoopLayout:
    """The output folder of a run."""

    layout: Layout

    @property
    def sweep(self) -> Path:
        """The sweep, as glotmix sweep writes it, and measured.parquet."""
        return self.layout.root / "sweep"

    @property
    def fit(self) -> Path:
        """fit.json and curves.json."""
        return self.layout.root / "fit"

    @property
    def allocation(self) -> Path:
        """allocation.json, and mixture.json: its shares with those of kept components."""
        return self.layout.root / "allocation"

    @property
    def trials(self) -> Path:
        """The confirmation runs: a sweep too."""
        return self.layout.root / "trials"

    @property
    def confirm(self) -> Path:
        """confirm.json."""
        return self.layout.root / "confirm"

    @property
    def report(self) -> Path:
        """The report of all of it."""
        return self.layout.root / "report.html"


MEASURED = "measured.parquet"
FIT, CURVES = "fit.json", "curves.json"
ALLOCATION, MIXTURE = "allocation.json", "mixture.json"
CONFIRM = "confirm.json"
