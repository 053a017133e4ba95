"""How far a run is, told from what it left behind. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from contracts.errors import ConfigError
from train.schedule import Leg

_TAG = re.compile(r"(?:trunk|branch-(\d{9}))-(\d{9})")


@dataclass(frozen=True, slots=True)
class Tag:
    """What a checkpoint holds: the state after `step` steps of the trunk, or of the branch that ends at `end`."""

    step: int
    end: int | None = None

    @property
    def name(self) -> str:
        """The name of its folder."""
        kind = "trunk" if self.end is None else f"branch-{self.end:09d}"
        return f"{kind}-{self.step:09d}"

    @staticmethod
    def parse(name: str) -> "Tag | None":
        """The tag of a folder's name; None: it is no checkpoint."""
        found = _TAG.fullmatch(name)
        if found is None:
            return None
        return Tag(int(found[2]), None if found[1] is None else int(found[1]))


@dataclass(frozen=True, slots=True)
class Position:
    """Where to go on: at `step` of the leg with this number, from the checkpoint `tag` (None: new weights)."""

    leg: int
    step: int
    tag: Tag | None


def resume(legs: list[Leg], finished: Collection[int], tags: Collection[Tag]) -> Position | None:
    """Where a run goes on.

    Args:
        legs: of the run.
        finished: ends of the branches whose points are measured.
        tags: complete checkpoints.

    Returns:
        The furthest position that can be reached from a checkpoint; None: every point is measured.
    """
    open_legs = [i for i, leg in enumerate(legs) if leg.end is not None and leg.end not in finished]
    if not open_legs:
        return None
    target = open_legs[0]
    branch = [tag for tag in tags if tag.end == legs[target].end and tag.step <= legs[target].stop]
    if branch:
        best = max(branch, key=lambda tag: tag.step)
        return Position(target, best.step, best)
    trunk = [tag for tag in tags if tag.end is None and tag.step <= legs[target].start]
    reached = max((tag.step for tag in trunk), default=0)
    tag = Tag(reached) if trunk else None
    if reached == legs[target].start:
        return Position(target, reached, tag)
    on = next(i for i, leg in enumerate(legs) if leg.end is None and leg.start <= reached < leg.stop)
    return Position(on, reached, tag)


def require_in_order(ends: list[int], finished: Collection[int]) -> None:
    """Refuse points before one that is measured: the trunk is past them.

    Args:
        ends: steps of all points.
        finished: those of the measured ones.

    Raises:
        ConfigError: there is one.
    """
    late = [end for end in ends if end not in finished and end < max(finished, default=0)]
    if late:
        raise ConfigError(
            f"points: one at step {late[0]:,} is new and lies before one at step {max(finished):,} that is measured; "
            "add points behind the last one, or give another folder (--set output=...)"
        )


def unneeded(tags: Collection[Tag], legs: list[Leg], finished: Collection[int], keep: int) -> list[Tag]:
    """Checkpoints that may go.

    Kept are the `keep` furthest of the trunk and of branches that are still to be measured, and the trunk's furthest
    that lies at or before the next branch, which a later leg starts from.

    Args:
        tags: complete checkpoints.
        legs: of the run.
        finished: ends of the branches whose points are measured.
        keep: checkpoints kept.
    """
    ends = {leg.end for leg in legs if leg.end is not None} - set(finished)
    alive = [tag for tag in tags if tag.end is None or tag.end in ends]
    trunk = [tag for tag in alive if tag.end is None]
    needed = set(sorted(alive, key=lambda tag: (tag.step, tag.end is not None))[-keep:])
    if trunk:
        starts = [leg.start for leg in legs if leg.end is not None and leg.end not in finished]
        within = [tag for tag in trunk if tag.step <= starts[0]] if starts else trunk
        needed.add(max(within or trunk, key=lambda tag: tag.step))
    return [tag for tag in tags if tag not in needed]
