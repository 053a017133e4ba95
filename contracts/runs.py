"""The runs table, which training writes and the fitter reads: its columns depend on the components of the mixtures."""

from collections.abc import Iterable

import pyarrow as pa

from contracts.columns import Column, Table
from contracts.languages import LANGUAGE_NAMES, PARALLEL

_s, _b, _i32, _i64, _f64 = pa.string(), pa.bool_(), pa.int32(), pa.int64(), pa.float64()

MIXED: tuple[Column, ...] = (
    Column("p", _f64, "realised share of the training tokens so far, padding left out, from"),
    Column("unique", _i64, "unique training tokens available from", nullable=True),
    Column("epochs", _f64, "tokens so far / unique tokens of", nullable=True),
)
"""Columns of the runs table for each component of the mixture; a component that the mixture has not has share 0."""

MEASURED: tuple[Column, ...] = (
    Column("loss", _f64, "validation loss in nats per token on", nullable=True),
    Column("bpb", _f64, "validation loss in bits per byte on", nullable=True),
)
"""Columns of the runs table for each component and translation direction that has a validation set."""

_RUN = (
    Column("run_id", _s, "hash of what decides the outcome of the run; its points are rows with this id"),
    Column("configuration_hash", _s, "hash of the training configuration's part of that"),
    Column("manifest_hash", _s, "identity of the mixture's manifest"),
    Column("tokenizer_hash", _s, "hash of the tokenizer; losses of different ones do not compare"),
    Column("validation_hash", _s, "identity of the validation sets; losses on different ones do not compare"),
    Column("rung", _s, "name of the model size"),
    Column("n_parameters", _i64, "parameters without embeddings, N"),
    Column("n_parameters_total", _i64, "parameters with embeddings and output matrix, shared ones once"),
    Column("strategy", _s, "form of the translation pairs: concat, prompt, shuffled, or none without pairs"),
    Column("schedule", _s, "learning-rate schedule: wsd or cosine"),
    Column("learning_rate", _f64, "peak learning rate"),
    Column("batch_tokens", _i64, "tokens in an optimizer step, padding counted"),
    Column("sequence_length", _i32, "tokens in a sequence"),
    Column("precision", _s, "bf16 or fp32"),
    Column("seed", _i64, "seed of the initial weights"),
    Column("data_seed", _i64, "seed of the mixture: which documents, in which order"),
)

_POINT = (
    Column("tokens", _i64, "training tokens so far, padding left out, D"),
    Column("tokens_padded", _i64, "the same, padding counted"),
    Column("steps", _i64, "optimizer steps so far"),
    Column("annealed", _b, "the learning rate was decayed to its end before this point was measured"),
    Column("unique", _i64, "unique training tokens available, summed over components"),
    Column("epochs", _f64, "tokens / unique", nullable=True),
    Column("train_loss", _f64, "mean training loss over the last steps, in nats per token", nullable=True),
    Column("unseen_loss", _f64, "loss over directions that never enter training, by target tokens", nullable=True),
    Column("unseen_bpb", _f64, "the same in bits per byte of the target programs", nullable=True),
    Column("scores", _s, "scores of generated text, as JSON; null unless they were asked for", nullable=True),
    Column("flops", _f64, "operations of forward and backward so far, by formula; recomputing left out"),
)

_COST = (
    Column("seconds", _f64, "time of the training steps so far; evaluation and checkpoints left out"),
    Column("tokens_per_second", _f64, "tokens_padded / seconds, over all ranks"),
    Column("mfu", _f64, "flops / (seconds x ranks x peak of a device); null for unknown devices", nullable=True),
    Column("device", _s, "name of the device"),
    Column("ranks", _i32, "processes that trained together, one a device"),
    Column("versions", _s, "versions of the libraries, as JSON"),
    Column("finished", _s, "when the point was measured, UTC"),
)
COSTS = tuple(column.name for column in _COST)
"""Columns of the runs table that may differ when the same point is measured again."""


def _each(columns: tuple[Column, ...], components: tuple[str, ...]) -> list[Column]:
    return [
        Column(f"{column.name}_{component}", column.type, f"{column.doc} {component}", column.nullable)
        for column in columns
        for component in components
    ]


def runs_table(
    components: tuple[str, ...] = (*LANGUAGE_NAMES, PARALLEL), measured: tuple[str, ...] | None = None
) -> Table:
    """The runs table for given mixture components: one row a point (N, D, mixture) that was measured.

    Args:
        components: names of the mixture components; each adds `p_`, `unique_` and `epochs_` columns.
        measured: names of what has a loss, directions and `parallel` (all directions of the training data, by target
            tokens) included; each adds `loss_` and `bpb_` columns. None: the components.
    """
    losses = _each(MEASURED, components if measured is None else measured)
    columns = (*_RUN, *_POINT, *_COST, *_each(MIXED, components), *losses)
    return Table("runs", "one row a measured point of a training run", columns)


def named_after(prefix: str, columns: Iterable[str]) -> list[str]:
    """The components that have a column of this prefix: `p` gives those of the mixture, `loss` what was measured."""
    return [name.removeprefix(f"{prefix}_") for name in columns if name.startswith(f"{prefix}_")]
