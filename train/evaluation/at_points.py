"""What a run judges by generated text at its points, as its configuration asks for it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from train.config import GenerationConfig
from train.evaluation.problems import read_problems
from train.evaluation.sandbox import require_isolation
from train.evaluation.solving import rows, solve
from train.evaluation.translation import require_sacrebleu, translate


def require_possible(config: GenerationConfig, base: Path) -> None:
    """Refuse at the start of a run what could not be judged at its end.

    Args:
        config: evaluation.generation.
        base: folder that its paths start from.

    Raises:
        ConfigError: sacrebleu is missing, or the problems cannot be read.
        NoSandbox: problems are asked for, and programs cannot be isolated here.
    """
    if config.translate:
        require_sacrebleu()
    if config.problems is not None:
        read_problems(base / config.problems)
        require_isolation(allow_weak=False)


def judge(
    config: GenerationConfig, base: Path, validation: Path, model: Any, *, form: str, length: int, batch: int
) -> dict[str, Any]:
    """Translations and solved problems as plain data; empty where neither is asked for. For one process.

    Args:
        config: evaluation.generation.
        base: folder that its paths start from.
        validation: folder of the validation sets.
        model: a causal transformers model, whole on one device.
        form: of the held-out pairs.
        length: tokens of a sequence of the training.
        batch: texts at once.

    Raises:
        GlotmixError: see `require_possible`.
    """
    found: dict[str, Any] = {}
    options: dict[str, Any] = {"length": length, "batch": batch, "max_new_tokens": config.max_new_tokens}
    if config.translate:
        scores = translate(validation, model, pairs=config.translate, form=form, **options)
        found["translations"] = [asdict(score) for score in scores]
    if config.problems is not None:
        problems = read_problems(base / config.problems)
        solved, trials = solve(validation, model, problems, execute=config.execute, **options)
        found["solved"], found["trials"] = [asdict(one) for one in solved], list(rows(trials))
    return found
