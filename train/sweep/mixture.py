"""The mixture of a run: its options, what of them decides it, and a name that says all. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any

from contracts.config import validate
from contracts.languages import ARROW, is_parallel
from contracts.manifest import digest
from mixer.config import MixConfig
from train.sweep.config import Wanted

NAMED = 3
"""Components that a name spells out; of the others it gives the number."""

NAME_LENGTH = 24
"""Characters of a component's name that stand in the name of a mixture."""

BY_BUDGET = ("unimax",)
"""Rules whose shares depend on the budget: a shorter run is no beginning of a longer one."""


def by_budget(mix: MixConfig) -> bool:
    """Whether its shares depend on its budget, so that each budget needs a mixture of its own."""
    return mix.redistribute or mix.proportions in BY_BUDGET


def mix_of(base: MixConfig, run: Wanted) -> MixConfig:
    """The mixture of a run; its budget is not the right one yet, and it has no name.

    Raises:
        ConfigError: options that do not go together.
    """
    data = base.model_dump(exclude_unset=True, exclude={"tokens", "name", "output"})
    if run.proportions != "base":
        data.pop("allocation", None)
        data["proportions"] = (
            {name: share for name, share in run.proportions.items() if share}
            if isinstance(run.proportions, dict)
            else run.proportions
        )
    shares = data.get("proportions")
    if run.strategy is not None and run.strategy != "none":
        data["parallel_form"] = run.strategy
        data["parallel"] = base.parallel if base.parallel != "none" else "pooled"
    alone = run.strategy == "none" or (base.parallel == "none" and run.strategy is None)
    if alone or (isinstance(shares, dict) and not any(map(is_parallel, shares))):
        data |= {"parallel": "none", "parallel_form": base.parallel_form}
    if run.data_seed is not None:
        data["seed"] = run.data_seed
    limits = {**base.components, **run.components}
    data["components"] = {
        name: bound.model_dump(exclude_defaults=True)
        for name, bound in limits.items()
        if not (data.get("parallel") == "none" and is_parallel(name))
    }
    return validate(MixConfig, {**data, "output": "view", "tokens": run.tokens[-1]}, "mix")


def decides(mix: MixConfig) -> dict[str, Any]:
    """What of a mixture decides its order, but for its length: how often text may be seen only refuses."""
    only_refuses = set() if by_budget(mix) else {"max_epochs"}
    data: dict[str, Any] = json.loads(
        mix.model_dump_json(exclude={"name", "output", "tokens", "shard_tokens"} | only_refuses)
    )
    bounds = {
        name: limits.model_dump(mode="json", exclude=only_refuses, exclude_defaults=True)
        for name, limits in mix.components.items()
    }
    data["components"] = {name: bound for name, bound in bounds.items() if bound}
    if mix.parallel == "none":
        del data["parallel_form"]  # the pool's identity says which one is read
    return data


def name_of(mix: MixConfig, pool: str) -> str:
    """A name that says all: another mixture, budget or pool has another one, so that nothing is ever overwritten.

    People tell mixtures apart by the shares in it, programs by the hash at its end.
    """
    content = [mix.model_dump(mode="json", exclude={"name"}), pool]
    label = mix.proportions if isinstance(mix.proportions, str) else label_of(mix.proportions)
    return f"sweep-{label}-{digest(content)[:12]}"


def label_of(shares: Mapping[str, float]) -> str:
    """Shares in percent, the largest first, such as python90-go10 or python50-go20-rust10-4more.

    The order in which they were given decides nothing: the same mixture has the same label.
    """
    ranked = sorted(((name, share) for name, share in shares.items() if share), key=lambda item: (-item[1], item[0]))
    parts = [_word(name) + _percent(share) for name, share in ranked[:NAMED]]
    more = len(ranked) - NAMED
    return "-".join([*parts, f"{more}more"] if more > 0 else parts)


def _word(component: str) -> str:
    short = re.sub(r"[^A-Za-z0-9_]+", "-", component.replace(ARROW, "-to-"))[:NAME_LENGTH].strip("-_")
    return f"{short}_" if short[-1:].isdigit() else short  # text2 with half of the tokens is text2_50


def _percent(share: float) -> str:
    """Whole percents; tenths where those would say that a component is not there, or alone."""
    percent = 100 * share
    return f"{round(percent, 0 if 1 <= percent <= 99 else 1):g}"
