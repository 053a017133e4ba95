"""Problems solved by a model: texts written, then run with the problems' tests in the sandbox."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contracts.errors import ConfigError
from contracts.languages import in_order
from mixer.tokens.tokenizer import Encoder
from train.evaluation.generation import Sampling, Written, write
from train.evaluation.problems import Problem, pass_at_k
from train.evaluation.sandbox import require_isolation
from train.evaluation.sets import ValidationSets
from train.evaluation.toolchains import Toolchain, usable

KS = (1, 10, 100)
"""The k of pass@k, as far as there are so many samples (Chen et al., arXiv 2107.03374)."""

TAIL = 64
"""Last tokens in which a stop is looked for while a text is written; all stops are cut off again at its end."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One text written for a problem, and how it did."""

    problem: str
    language: str
    sample: int
    status: str
    step: str
    code: int | None
    seconds: float
    text: str
    errors: str


@dataclass(frozen=True, slots=True)
class Solved:
    """What a model solves of one language.

    Attributes:
        language: of the problems.
        problems: how many.
        samples: texts for each.
        rates: pass@k by k, the mean over the problems; None where nothing was run.
        statuses: texts by how they ended.
        note: why nothing was run; else empty.
    """

    language: str
    problems: int
    samples: int
    rates: dict[int, float] | None
    statuses: dict[str, int]
    note: str = ""


def require_allowed(execute: bool) -> None:
    """Refuse to run what a model wrote unless that was asked for.

    Raises:
        ConfigError: it was not.
    """
    if not execute:
        raise ConfigError(
            "problems are judged by running generated programs; allow that with --execute (in a run's configuration: "
            "evaluation.generation.execute: true)"
        )


def solve(
    validation: Path,
    model: Any,
    problems: Sequence[Problem],
    *,
    execute: bool,
    samples: int = 1,
    sampling: Sampling | None = None,
    length: int,
    batch: int,
    max_new_tokens: int,
    seconds: float = 10.0,
    workers: int = 1,
    allow_weak: bool = False,
) -> tuple[list[Solved], list[Trial]]:
    """Write texts for problems and judge them, by language in the usual order.

    A language without a toolchain on this machine is reported as not run; nothing of it counts as failed.

    Args:
        validation: folder of the validation sets, beside which the tokenizer lies.
        model: a causal transformers model.
        problems: to solve.
        execute: whether programs may be run; must be true.
        samples: texts for each problem.
        sampling: how they are drawn; None: greedy, for one sample only.
        length: tokens that the model was trained on at once.
        batch: texts written at once.
        max_new_tokens: longest text.
        seconds: a program may run.
        workers: programs that run side by side.
        allow_weak: run programs where they cannot be isolated.

    Raises:
        ConfigError: execute is false, or greedy samples are more than one.
        NoSandbox: programs cannot be isolated here.
    """
    require_allowed(execute)
    if sampling is None and samples > 1:
        raise ConfigError(f"samples: {samples} greedy ones would be equal; give a temperature, or samples: 1")
    isolated = require_isolation(allow_weak)
    tools = {language: usable(language, isolated) for language in in_order({p.language for p in problems})}
    runnable = [p for p in problems if isinstance(tools[p.language], Toolchain)]
    asked = [problem for problem in runnable for _ in range(samples)]
    texts = _texts(validation, model, asked, sampling, length, batch, max_new_tokens)

    def judge(number: int) -> Trial:
        problem, tool = asked[number], tools[asked[number].language]
        assert isinstance(tool, Toolchain)
        found = tool.judge(problem.program(texts[number]), seconds, isolated=isolated)
        return Trial(
            problem.name,
            problem.language,
            number % samples,
            found.status,
            found.step,
            found.code,
            found.seconds,
            texts[number],
            found.errors[-2000:],
        )

    with ThreadPoolExecutor(workers) as pool:
        trials = list(pool.map(judge, range(len(asked))))
    return [_solved(language, tool, problems, trials, samples) for language, tool in tools.items()], trials


def _texts(
    validation: Path,
    model: Any,
    asked: Sequence[Problem],
    sampling: Sampling | None,
    length: int,
    batch: int,
    max_new_tokens: int,
) -> list[str]:
    sets = ValidationSets(validation)
    decoder = sets.decoder

    def stopped(number: int, tokens: list[int]) -> bool:
        stops = asked[number].stop
        if not stops:
            return False
        tail = decoder.decode(tokens[-TAIL:]).decode("utf-8", errors="replace")
        return any(stop in tail for stop in stops)

    written: list[Written] = write(
        model,
        _prompts(sets, asked),
        length=length,
        max_new_tokens=max_new_tokens,
        end_id=sets.end_id,
        pad_id=sets.pad_id,
        batch=batch,
        sampling=sampling,
        stopped=stopped,
    )
    return [
        problem.before_stop(decoder.decode(text.tokens).decode("utf-8", errors="replace"))
        for problem, text in zip(asked, written, strict=True)
    ]


def _prompts(sets: ValidationSets, asked: Sequence[Problem]) -> list[list[int]]:
    """The prompts as tokens, by the rules of the corpus; each different text is encoded once."""
    encoder = Encoder(sets.tokenizer_text, *sets.special_tokens)
    different = list(dict.fromkeys(problem.prompt for problem in asked))
    encoded = zip(different, encoder.encode(different), strict=True)
    tokens = {prompt: ids.tolist() or [sets.end_id] for prompt, ids in encoded}
    return [tokens[problem.prompt] for problem in asked]


def _solved(
    language: str, tool: Toolchain | str, problems: Sequence[Problem], trials: Sequence[Trial], samples: int
) -> Solved:
    names = [problem.name for problem in problems if problem.language == language]
    if isinstance(tool, str):
        return Solved(language, len(names), samples, None, {}, f"not run: {tool}")
    ours = [trial for trial in trials if trial.language == language]
    passed = Counter(trial.problem for trial in ours if trial.status == "passed")
    rates = {k: sum(pass_at_k(samples, passed[name], k) for name in names) / len(names) for k in KS if k <= samples}
    return Solved(language, len(names), samples, rates, dict(Counter(trial.status for trial in ours)))


def rows(trials: Sequence[Trial]) -> Iterator[dict[str, Any]]:
    """Trials as plain data, a line each in a file."""
    return map(asdict, trials)
