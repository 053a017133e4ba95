"""The stages of a run in order; nothing but wiring. What takes long to import is imported inside."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mixer.layout import Layout

if TYPE_CHECKING:
    from mixer.recipe import Configuration
    from pipelines.stage import StageResult

STAGES = ("corpus", "pairs", "parallel", "split", "tokenizer", "validation", "tokens", "mix")
"""Up to the mixture, in order."""

PAIRING = ("pairs", "parallel")
"""Those of the command `pairs`."""

MIXING = STAGES[STAGES.index("split") :]
"""Those of the command `mix`."""


def run_one(stage: str, config: "Configuration", base: Path, layout: Layout, **common: Any) -> "StageResult":
    """Run one stage.

    Args:
        stage: one of STAGES.
        config: of the whole run.
        base: folder that relative paths start from.
        layout: where results go.
        common: force, observe or check, as `pipelines.stage.run_stage` takes them.
    """
    executor, pool = config.executor, layout.tokens(config.mix.parallel_form, config.mix.parallel_level)
    if stage == "corpus":
        from pipelines.corpus import corpus

        return corpus(config.corpus, base, layout.corpus, executor, **common)
    if stage == "pairs":
        from pairing.mine import pairs
        from pairing.parallel.stage import counting

        counting(config.parallel, base)  # the next stage needs it: refused before minutes of mining
        return pairs(config.pairs, base, layout.corpus, layout.pairs, executor, **common)
    if stage == "parallel":
        from pairing.parallel.stage import parallel

        return parallel(config.parallel, base, layout.corpus, layout.pairs, layout.parallel, executor, **common)
    if stage == "split":
        from mixer.split.stage import split

        mined = (layout.corpus, layout.pairs, layout.parallel)
        return split(config.split, *mined, layout.split, executor, **common)
    if stage == "tokenizer":
        from mixer.tokens.tokenizer_stage import tokenizer

        return tokenizer(config.tokenizer, base, layout.corpus, layout.split, layout.tokenizer, executor, **common)
    made = (layout.corpus, layout.parallel, layout.split, layout.tokenizer)
    if stage == "validation":
        from mixer.tokens.validation import validation

        return validation(config.tokenizer, *made, layout.validation, executor, **common)
    if stage == "tokens":
        from mixer.tokens.pool import tokens

        form, level = config.mix.parallel_form, config.mix.parallel_level
        return tokens(config.tokenizer, form, *made, pool, executor, level=level, **common)
    from mixer.mix import mix
    from mixer.view import views

    if config.mix.output == "view":
        options = {name: bool(common.get(name)) for name in ("force", "check")}
        return next(views([config.mix], base, pool, layout, executor, **options))
    return mix(config.mix, base, pool, layout.tokenizer, layout.mix(config.mix.name), executor, **common)
