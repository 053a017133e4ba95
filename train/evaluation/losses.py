"""The loss on whole validation sets, for each component: nats per token and bits per byte."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from contracts.errors import StageError
from contracts.languages import is_direction
from mixer.dataset import IGNORE
from mixer.tokens.texts import WHOLE
from train.batch import Batch
from train.evaluation.packing import Packed, arrays, groups, pack, turns
from train.evaluation.sets import Held, ValidationSets
from train.evaluation.windows import Window, document_windows, holds_source, target_windows

Score = Callable[[Batch], torch.Tensor]
"""Nats of each label, (sequences, length), 0 where it is IGNORE: `Objective` with reduce=False."""

Reduce = Callable[[torch.Tensor], torch.Tensor]
"""The sum of a float64 tensor over all ranks, the same on each."""


@dataclass(frozen=True, slots=True)
class ComponentLoss:
    """What a model loses on one component, over its whole validation set.

    Attributes:
        component: a language, another component of the corpus, or a direction.
        seen: false for a direction that never enters training.
        form: text, or the form of the pairs.
        nats: of all scored tokens, summed in float64.
        tokens: that were scored.
        bytes: of the texts, for a direction of the target programs.
        documents: held-out documents or pairs.
        cut: pairs too long for one window, in which some of the target was scored without the whole source in view.
    """

    component: str
    seen: bool
    form: str
    nats: float
    tokens: int
    bytes: int
    documents: int = 0
    cut: int = 0

    @property
    def loss(self) -> float | None:
        """Nats per token; None where nothing is held out."""
        return self.nats / self.tokens if self.tokens else None

    @property
    def bpb(self) -> float | None:
        """Bits per byte; None where nothing is held out."""
        return self.nats / math.log(2) / self.bytes if self.tokens and self.bytes else None


@dataclass(slots=True)
class _Count:
    documents: int = 0
    tokens: int = 0
    bytes: int = 0
    cut: int = 0


def evaluate(
    validation: Path,
    score: Score,
    *,
    length: int,
    batch: int,
    device: torch.device,
    form: str,
    directions: bool = True,
    rank: int = 0,
    ranks: int = 1,
    reduce: Reduce | None = None,
) -> list[ComponentLoss]:
    """The loss of a model on every component, also on those of which nothing is held out (their loss is None).

    Every rank reads all sets and packs the same batches; batch b is scored by rank b % ranks. All ranks call `score`
    equally often, with batches of one shape; a call too many scores the first batch of the round and is not counted.

    Args:
        validation: folder of the validation sets.
        score: the model.
        length: tokens of a window.
        batch: windows that are scored at once.
        device: for the batches.
        form: of the held-out pairs: concat or prompt.
        directions: measure the directions of translation too; else their loss is None.
        rank: of this process.
        ranks: how many there are.
        reduce: sums over the ranks; None: there is one.

    Raises:
        StageError: the sets are not finished, the form is not held out, or the loss is not a finite number.
    """
    sets = ValidationSets(validation)
    _require_form(sets, form)
    counts = [_Count() for _ in sets.components]
    sums = np.zeros((2, len(counts)))
    wanted = [c for c in sets.components if directions or not is_direction(c)]
    batches = groups(pack(_windows(sets, form, length, counts, wanted), length), batch)
    with torch.no_grad():
        for rows, counted in turns(batches, rank, ranks):
            packed = arrays(rows, batch, length, sets.pad_id)
            nats = score(to_batch(packed, device))
            if counted:
                sums += _sums(packed, nats, len(counts))
    total = torch.from_numpy(sums).to(device)
    total = (total if reduce is None else reduce(total)).cpu()
    return _results(sets, form, counts, total.numpy())


def to_batch(packed: Packed, device: torch.device) -> Batch:
    """The rows for a model."""
    return Batch(
        torch.from_numpy(packed.inputs),
        torch.from_numpy(packed.labels),
        torch.from_numpy(packed.positions),
        torch.from_numpy(packed.bounds),
    ).to(device)


def _require_form(sets: ValidationSets, form: str) -> None:
    held = sets.manifest.counts["validation"]
    forms = {f for component in held if is_direction(component) for f in held[component]["forms"]}
    if forms and form not in forms:
        allowed = ", ".join(sorted(forms))
        raise StageError(f"evaluation.form: {form}: {sets.folder} holds pairs in these forms only: {allowed}")


def _windows(
    sets: ValidationSets, form: str, length: int, counts: list[_Count], wanted: list[str]
) -> Iterator[Window]:
    """All windows of the wanted components; counts what they hold as they pass."""
    for component in wanted:
        owner = sets.components.index(component)
        count = counts[owner]
        direction = is_direction(component)
        for held in sets.rows(component, form):
            count.documents += 1
            count.bytes += sets.bytes_of(held.tokens[held.target_start : held.target_end]) if direction else held.bytes
            count.cut += direction and not holds_source(held.target_end, held.source_start, length)
            for window in _windows_of(held, direction, length, owner):
                count.tokens += int((window.labels != IGNORE).sum())
                yield window
        if count.documents != sets.documents(component, form):
            raise StageError(
                f"{sets.folder}: {component} has {count.documents} rows, the manifest says "
                f"{sets.documents(component, form)}; remove the folder and run glotmix run CONFIG"
            )


def _windows_of(held: Held, direction: bool, length: int, owner: int) -> Iterator[Window]:
    if direction:
        return target_windows(held.tokens, held.target_start, held.target_end, length, owner)
    return document_windows(held.tokens, length, owner)


def _sums(packed: Packed, nats: torch.Tensor, components: int) -> np.ndarray:
    """Nats and scored tokens of each component in a batch, in float64."""
    scored = packed.labels != IGNORE
    owners = packed.owners[scored]
    values = nats.detach().to("cpu", torch.float64).numpy()[scored]
    return np.stack([np.bincount(owners, values, components), np.bincount(owners, minlength=components)])


def _results(sets: ValidationSets, form: str, counts: list[_Count], total: np.ndarray) -> list[ComponentLoss]:
    found = []
    for component, count, nats, scored in zip(sets.components, counts, *total.tolist(), strict=True):
        if not math.isfinite(nats):
            raise StageError(f"{component}: the loss is {nats}; the model's weights hold no finite numbers any more")
        if int(scored) != count.tokens:
            raise StageError(
                f"{component}: {int(scored)} of {count.tokens} tokens were scored; give each process its rank, and "
                "a reduce that sums over all ranks"
            )
        own = form if is_direction(component) else WHOLE
        found.append(
            ComponentLoss(
                component, sets.seen(component), own, nats, count.tokens, count.bytes, count.documents, count.cut
            )
        )
    return found
