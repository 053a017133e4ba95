"""Which pairs an export leaves out for their licences: those that the run made no text of for them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pairing.parallel.licences import Verdict, judge

LICENCES = ("licence_a", "licence_b")


@dataclass(frozen=True, slots=True)
class LicenceRule:
    """Whether two programs may be published side by side; the default rule of the stage, unless it was set otherwise.

    Attributes:
        clashing: leave out pairs whose licences are known not to go together in one text.
        unknown: leave out those of which that is not known, too.
    """

    clashing: bool = True
    unknown: bool = False

    @classmethod
    def of(cls, configuration: Mapping[str, Any]) -> "LicenceRule":
        """The rule by which a finished stage refused."""
        return cls(configuration.get("refuse_licences", True), configuration.get("require_licence", False))

    def allowed(self, pairs: pl.DataFrame) -> pl.Series:
        """Of each row whether its pair is left in: bool."""
        kinds = pairs.select(LICENCES).unique()
        refused = {Verdict.INCOMPATIBLE: self.clashing, Verdict.UNKNOWN: self.unknown, Verdict.COMPATIBLE: False}
        allowed = [not refused[judge(two)] for two in kinds.iter_rows()]
        kinds = kinds.with_columns(pl.Series("allowed", allowed, pl.Boolean))
        told = pairs.select(LICENCES).join(kinds, on=LICENCES, how="left", nulls_equal=True, maintain_order="left")
        return told["allowed"]


EVERY = LicenceRule(clashing=False)
"""Leaves nothing out."""
