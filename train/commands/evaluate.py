"""`glotmix evaluate CHECKPOINT`: nothing but wiring; what takes long to import is imported inside."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import ConfigError
from contracts.files import write_json
from report.front import err, errors, show
from report.table import Summary, as_data, plain
from train.models_at_hand import require_model

if TYPE_CHECKING:
    from train.evaluation.problems import Problem

Checkpoint = Annotated[
    Path,
    typer.Argument(metavar="CHECKPOINT", help="A model in transformers' format, or a checkpoint of a run."),
]
Validation = Annotated[
    Path | None, typer.Option("--validation", help="Folder of the validation sets; default: those of the model's run.")
]
Form = Annotated[
    str, typer.Option("--form", help="Form of held-out pairs: concat, prompt, or auto (that of the run, else concat).")
]
Length = Annotated[
    int | None, typer.Option("--length", min=2, help="Tokens of a window; default: what the model was trained on.")
]
BatchSize = Annotated[int, typer.Option("--batch", min=1, help="Windows or texts at once.")]
Device = Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")]
Precision = Annotated[str, typer.Option("--precision", help="auto (bf16 on a GPU, else fp32), bf16 or fp32.")]
Translate = Annotated[
    int, typer.Option("--translate", min=0, help="Pairs of each direction to translate for BLEU and chrF.")
]
Problems = Annotated[Path | None, typer.Option("--problems", help="JSON lines of programming problems to solve.")]
Execute = Annotated[bool, typer.Option("--execute", help="Run generated programs, in a sandbox; --problems needs it.")]
Weak = Annotated[
    bool,
    typer.Option("--allow-weak-sandbox", help="Run them also where files and network cannot be kept from them."),
]
Samples = Annotated[int, typer.Option("--samples", min=1, help="Texts written for each problem; 1 is greedy.")]
Temperature = Annotated[float, typer.Option("--temperature", min=0.01, help="Of drawn texts (--samples above 1).")]
Seed = Annotated[int, typer.Option("--seed", help="Of drawn texts.")]
NewTokens = Annotated[int, typer.Option("--max-new-tokens", min=1, help="Longest text that is written.")]
Seconds = Annotated[float, typer.Option("--seconds", min=0.1, help="A generated program may run, without compiling.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Programs that run at the same time.")]
Out = Annotated[Path | None, typer.Option("--out", help="Also write all results to this file, as JSON.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer) -> None:
    """Add the command.

    Args:
        app: the front door.
    """
    app.command("evaluate")(evaluate)


@dataclass(frozen=True, slots=True)
class _Ask:
    """What is asked for beside losses."""

    translate: int
    problems: "list[Problem]"
    execute: bool
    weak: bool
    samples: int
    temperature: float
    seed: int
    max_new_tokens: int
    seconds: float
    workers: int


def evaluate(
    checkpoint: Checkpoint,
    validation: Validation = None,
    form: Form = "auto",
    length: Length = None,
    batch: BatchSize = 8,
    device: Device = "auto",
    precision: Precision = "auto",
    translate: Translate = 0,
    problems: Problems = None,
    execute: Execute = False,
    weak: Weak = False,
    samples: Samples = 1,
    temperature: Temperature = 0.2,
    seed: Seed = 0,
    max_new_tokens: NewTokens = 512,
    seconds: Seconds = 10.0,
    workers: Workers = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Measure a model: loss on every validation set; by option translations and solved problems."""
    with errors():
        _check_words(form, device, precision)
        require_model(checkpoint)
        ask = _Ask(
            translate,
            _read_problems(problems, execute),
            execute,
            weak,
            samples,
            temperature,
            seed,
            max_new_tokens,
            seconds,
            workers,
        )
        tables, details = _measure(checkpoint, validation, form, length, batch, device, precision, ask)
        if out is not None:
            write_json(out, as_data(tables) | details)
        show(tables, as_json)
        if ask.problems and weak:
            err.print(plain("note: programs may have run without isolation (--allow-weak-sandbox)"), markup=False)


def _check_words(form: str, device: str, precision: str) -> None:
    allowed = {"form": ("auto", "concat", "prompt"), "device": ("auto", "cpu", "cuda"), "precision": _PRECISIONS}
    for name, value in (("form", form), ("device", device), ("precision", precision)):
        if value not in allowed[name]:
            raise ConfigError(f"--{name} {value}: allowed are {', '.join(allowed[name])}")


_PRECISIONS = ("auto", "bf16", "fp32")


def _read_problems(path: Path | None, execute: bool) -> "list[Problem]":
    """The problems; what could not be judged at the end is refused at the beginning."""
    if path is None:
        return []
    from train.evaluation.problems import read_problems
    from train.evaluation.solving import require_allowed

    require_allowed(execute)
    return read_problems(path)


def _measure(
    checkpoint: Path,
    validation: Path | None,
    form: str,
    length: int | None,
    batch: int,
    device: str,
    precision: str,
    ask: _Ask,
) -> tuple[list[Summary], dict[str, Any]]:
    from train.evaluation.checkpoint import origin, require_its_tokenizer, validation_of
    from train.evaluation.sets import ValidationSets

    known = origin(checkpoint)
    sets = ValidationSets(validation_of(checkpoint, validation, known))  # what can be refused without torch, is

    import torch

    from train.attention import choose
    from train.evaluation.losses import evaluate as losses_of
    from train.evaluation.tables import loss_tables
    from train.export import load_model
    from train.objective import Objective

    where = _device(device)
    model = load_model(checkpoint)
    require_its_tokenizer(checkpoint, int(model.config.vocab_size), sets, known)
    bf16 = precision == "bf16" or (precision == "auto" and where.type == "cuda")
    model = model.to(where, torch.bfloat16 if bf16 else torch.float32).eval()
    model.set_attn_implementation(choose("auto", where, True, "bf16" if bf16 else "fp32"))
    # a sequence of so many positions gives one input less: its last token is only a label
    length = length or int(model.config.max_position_embeddings) - 1
    form = (known.form or "concat") if form == "auto" else form
    objective = Objective(model)
    losses = losses_of(
        sets.folder,
        lambda rows: objective(rows, reduce=False),
        length=length,
        batch=batch,
        device=where,
        form=form,
    )
    tables, details = loss_tables(losses, length), _facts(checkpoint, sets, form, length, "bf16" if bf16 else "fp32")
    generated, trials = _generate(model, sets.folder, form, length, batch, ask)
    return tables + generated, details | trials


def _device(choice: str) -> Any:
    import torch

    if choice == "cuda" and not torch.cuda.is_available():
        raise ConfigError(f"--device cuda: torch {torch.__version__} finds no GPU; use --device cpu")
    return torch.device("cuda" if choice != "cpu" and torch.cuda.is_available() else "cpu")


def _facts(checkpoint: Path, sets: Any, form: str, length: int, precision: str) -> dict[str, Any]:
    return {
        "facts": {
            "checkpoint": str(checkpoint),
            "validation": str(sets.folder),
            "validation_identity": sets.manifest.identity,
            "tokenizer_hash": sets.tokenizer_hash,
            "form": form,
            "length": length,
            "precision": precision,
        }
    }


def _generate(
    model: Any, validation: Path, form: str, length: int, batch: int, ask: _Ask
) -> tuple[list[Summary], dict[str, Any]]:
    tables: list[Summary] = []
    details: dict[str, Any] = {}
    options: dict[str, Any] = {"length": length + 1, "batch": batch, "max_new_tokens": ask.max_new_tokens}
    if ask.translate:
        from train.evaluation.tables import translation_tables
        from train.evaluation.translation import translate

        tables += translation_tables(translate(validation, model, pairs=ask.translate, form=form, **options))
    if ask.problems:
        from train.evaluation.generation import Sampling
        from train.evaluation.solving import rows, solve
        from train.evaluation.tables import solved_table

        solved, trials = solve(
            validation,
            model,
            ask.problems,
            execute=ask.execute,
            samples=ask.samples,
            sampling=Sampling(ask.temperature, seed=ask.seed) if ask.samples > 1 else None,
            seconds=ask.seconds,
            workers=ask.workers,
            allow_weak=ask.weak,
            **options,
        )
        tables.append(solved_table(solved))
        details["trials"] = list(rows(trials))
    return tables, details
