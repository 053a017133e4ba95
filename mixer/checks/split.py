"""Checks that nothing held out is trained on: no validation document or unseen direction, no link that crosses."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from contracts.tables import files_of
from mixer.checks.block import Block, Names, report
from mixer.checks.findings import Findings
from mixer.checks.pool_index import ID, UNKNOWN
from mixer.split.leaks import crossing_links
from mixer.tokens.texts import held_out, in_any
from pipelines.frames import scan

CHECK = "split"


def held_ids(split: Path, parallel: Path, unseen: Iterable[str] = ()) -> np.ndarray:
    """The ids of held-out documents, and of parallel documents that hold one: bytes, sorted.

    Memory: about 200 bytes a held-out document.

    Args:
        split: folder of the split stage.
        parallel: folder of the parallel stage.
        unseen: directions that stay out of training; groups that translate in one of them are held out too.
    """
    held = held_out(split)
    rows = scan(files_of(parallel / "parallel"))
    inside = rows.select("id", pl.col("ids").alias("program")).explode("program")
    holding = inside.join(held.lazy(), left_on="program", right_on="id", how="semi").select("id").unique()
    groups = rows.filter((pl.col("form") == "group") & in_any(unseen)).select("id")
    found = [held, holding.collect(engine="streaming"), groups.collect(engine="streaming")]
    return np.unique(np.array(pl.concat(found)["id"].to_list(), ID))


def among(ids: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Which ids are among the sorted ones: bool."""
    if not len(held):
        return np.zeros(len(ids), bool)
    wanted = ids.astype(ID)
    found: np.ndarray = held[np.minimum(np.searchsorted(held, wanted), len(held) - 1)] == wanted
    return found


class HeldOut:
    """What must not be trained on.

    Args:
        held: ids of what is held out, sorted.
        names: of components.
        unseen: translation directions that stay out of training.
    """

    def __init__(self, held: np.ndarray, names: Names, unseen: Iterable[str]) -> None:
        self.held = held
        self.unseen = np.array([name in set(unseen) for name in names.pool], bool)
        self.names = names

    def check(self, block: Block, findings: Findings) -> None:
        """Nothing held out stands in these sequences; a document that nobody knows is told here too."""
        known, strange = block.row >= 0, block.row == UNKNOWN
        findings.read(CHECK, int(np.count_nonzero(known | strange)))
        held = known & block.facts["held"]
        held[strange] = among(block.ids[strange], self.held)
        report(
            findings,
            CHECK,
            block,
            held,
            lambda i: f"document {block.name(i)} is held out for validation, expected in no training sequence",
        )
        report(
            findings,
            CHECK,
            block,
            known & self.unseen[block.facts["component"]],
            lambda i: (
                f"document {block.name(i)} of the unseen direction "
                f"{self.names.pool[block.facts['component'][i]]}, expected in no training sequence"
            ),
        )
        report(
            findings,
            "lineage",
            block,
            strange & ~held,
            lambda i: f"document {block.name(i)}, expected one that the pool holds",
        )


def check_links(corpus: Path, pairs: Path, parallel: Path, split: Path, findings: Findings) -> None:
    """No near-duplicate, translation or equal text of a training document is held out; see `mixer.split.leaks`."""
    for kind, a, b, side_a, side_b in crossing_links(corpus, pairs, parallel, split).iter_rows():
        findings.fault(
            CHECK, f"{kind}: {a} ({side_a or 'no side'}) and {b} ({side_b or 'no side'}), expected on one side"
        )
