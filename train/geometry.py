"""Which sequences a step takes, and who takes them. Pure.

Step s trains on the sequences s * S to s * S + S - 1 of the mixture, S to a step, whatever the number of ranks: micro-
batch m of rank r takes the block that starts at s * S + (m * ranks + r) * size. So a run goes on at one integer, also
on another number of ranks.
"""

from dataclasses import dataclass

from contracts.errors import ConfigError

MAX_AUTOMATIC = 8
"""Sequences in a micro-batch where none is given: a choice, not a measurement; `glotmix models` shows what fits."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a step is divided.

    Attributes:
        step_sequences: S, over all ranks.
        micro_batch: sequences that a device takes at once.
        ranks: how many there are.
        sequence_length: tokens in a sequence.
    """

    step_sequences: int
    micro_batch: int
    ranks: int
    sequence_length: int

    @property
    def accumulation(self) -> int:
        """Micro-batches of a rank in a step."""
        return self.step_sequences // (self.micro_batch * self.ranks)

    @property
    def step_tokens(self) -> int:
        """Tokens of a step, padding counted."""
        return self.step_sequences * self.sequence_length

    def block(self, step: int, micro: int, rank: int) -> range:
        """The sequences of one micro-batch."""
        first = step * self.step_sequences + (micro * self.ranks + rank) * self.micro_batch
        return range(first, first + self.micro_batch)


def divide(batch_tokens: int, micro_batch: int | None, ranks: int, sequence_length: int) -> Geometry:
    """The division of a step.

    Args:
        batch_tokens: tokens of a step, rounded down to whole sequences.
        micro_batch: sequences that a device takes at once; None: as many as divide a rank's share, MAX_AUTOMATIC at
            most.
        ranks: how many there are.
        sequence_length: tokens in a sequence.

    Raises:
        ConfigError: a step is shorter than a sequence, or does not divide by ranks and micro-batch.
    """
    sequences = batch_tokens // sequence_length
    if sequences < 1:
        raise ConfigError(
            f"batch_tokens: {batch_tokens:,} is less than one sequence of {sequence_length:,} tokens; "
            f"give at least {sequence_length:,}"
        )
    if sequences % ranks:
        fits = sequences // ranks * ranks * sequence_length
        nearest = f"{fits:,} or " if fits else ""
        raise ConfigError(
            f"batch_tokens: {batch_tokens:,} are {sequences} sequences, which {ranks} ranks cannot share equally; "
            f"give {nearest}{(sequences // ranks + 1) * ranks * sequence_length:,}"
        )
    share = sequences // ranks
    allowed = [size for size in range(1, share + 1) if share % size == 0]
    size = micro_batch or max(size for size in allowed if size <= MAX_AUTOMATIC)
    if size not in allowed:
        raise ConfigError(
            f"micro_batch: {size} does not divide the {share} sequences that each of {ranks} ranks has in a step; "
            f"allowed: {', '.join(map(str, allowed))}"
        )
    return Geometry(sequences, size, ranks, sequence_length)


def steps_of(points: tuple[int, ...], step_tokens: int) -> list[int]:
    """The steps after which each point is reached, rounded down.

    Args:
        points: tokens, ascending.
        step_tokens: tokens of a step.

    Raises:
        ConfigError: two points fall on the same step, or a point on none.
    """
    steps = [point // step_tokens for point in points]
    if steps[0] < 1 or len(set(steps)) < len(steps):
        raise ConfigError(
            f"points: {list(points)} are the steps {steps} of {step_tokens:,} tokens; every point needs a step of "
            "its own; give larger points or a smaller batch_tokens"
        )
    return steps
