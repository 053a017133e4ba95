import pytest

from contracts.config import validate
from contracts.errors import ConfigError
from mixer.config import CurriculumConfig, Limits, MixConfig


def section(**options) -> MixConfig:
    return validate(MixConfig, options, "run.yaml")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tokens": 0}, r"tokens: Input should be greater than 0 \(given: 0\)"),
        ({"tokens": -5}, r"tokens: .*greater than 0"),
        ({"tokens": 1.5}, r"tokens: .*integer"),
        ({"sequence_length": 7}, r"sequence_length: .*greater than or equal to 8"),
        ({"max_epochs": 0}, r"max_epochs: .*greater than 0"),
        ({"max_epochs": float("inf")}, r"max_epochs: .*finite"),
        ({"temperature": 0}, r"temperature: .*greater than 0"),
        ({"name": "../evil"}, r"name: .*pattern"),
        ({"sequence_lenght": 512}, r"sequence_lenght: unknown key.*did you mean sequence_length\?"),
        ({"output": "views"}, r"output: .*'shards' or 'view' \(given: 'views'\)"),
        ({"proportions": "unifrom"}, r"proportions: .*'uniform', 'natural', 'temperature', 'unimax' or 'allocation'"),
        ({"parallel": "direction"}, r"parallel: .*'pooled', 'directions' or 'none'"),
        ({"proportions": {}}, r"mix.proportions must lie in 0..1 and sum to 1; they sum to 0.000000"),
        ({"proportions": {"python": 0.5}}, "sum to 0.5"),
        ({"proportions": {"python": 1.5, "go": -0.5}}, "must lie in 0..1"),
        ({"proportions": {"C#": 1.0}}, r"mix.proportions names 'C#'.*allowed: python"),
        ({"proportions": {"Python": 1.0}}, r"mix.proportions names 'Python' \(did you mean python\?\)"),
        ({"proportions": {"python-go": 1.0}}, r"names 'python-go' \(did you mean python->go\?\)"),
        ({"components": {"Go": {}}}, r"mix.components names 'Go' \(did you mean go\?\)"),
        ({"components": {"go": {"min_shares": 0.1}}}, r"components.go.min_shares: unknown key.*mean min_share\?"),
        ({"components": {"go": {"unique_tokens": 0}}}, r"components.go.unique_tokens: .*greater than 0"),
        (
            {"components": {"go": {"min_share": 0.5, "max_share": 0.4}}},
            r"components.go: min_share \(0.5\) must not exceed max_share \(0.4\)",
        ),
        # what contradicts each other
        ({"proportions": "allocation"}, r"mix.allocation names the file .*give both or neither"),
        ({"allocation": "a.json"}, r"mix.allocation names the file .*\(proportions: uniform, allocation: a.json\)"),
        ({"proportions": "unimax"}, "mix.proportions: unimax spreads a budget; give mix.tokens"),
        ({"sequence_length": 512, "shard_tokens": 511}, r"mix.shard_tokens \(511\) is less than one sequence \(512\)"),
        ({"proportions": {"go->rust": 1.0}}, "mix.proportions names go->rust while mix.parallel is pooled"),
        ({"proportions": {"parallel": 1.0}, "parallel": "directions"}, "names parallel while mix.parallel is direct"),
        ({"proportions": {"parallel": 1.0}, "parallel": "none"}, "names parallel while mix.parallel is none"),
        (
            {"components": {"parallel": {}}, "parallel": "none"},
            "mix.components names parallel while mix.parallel is n",
        ),
        ({"components": {"go->rust": {}}}, "mix.components names go->rust while mix.parallel is pooled"),
        ({"curriculum": {"pairs": "score"}, "parallel": "none"}, "mix.curriculum.pairs orders translation pairs, of"),
        ({"curriculum": {}}, "curriculum: name a column in documents or in pairs, or leave mix.curriculum out"),
    ],
)
def test_what_cannot_be_is_an_error_that_names_key_and_value(options, message):
    with pytest.raises(ConfigError, match=message) as error:
        section(**options)
    assert str(error.value).startswith("run.yaml: ")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"proportions": {"go": 0.333333, "rust": 0.333333, "python": 0.333334}},  # as printed, six digits
        {"proportions": {"go": 1.0, "parallel": 0.0}, "parallel": "none"},
        {"proportions": {"go->rust": 0.5, "my_texts2": 0.5}, "parallel": "directions"},
        {"curriculum": {"pairs": "score", "documents": "lines"}, "parallel": "none"},
        {"components": {"go->rust": {"max_epochs": 2}}, "parallel": "directions"},
        {"sequence_length": 512, "shard_tokens": 512},
    ],
)
def test_what_can_be(options):
    made = section(**options)
    assert MixConfig.model_validate(made.model_dump()) == made


@pytest.mark.parametrize(
    ("parallel", "taken"),
    [("pooled", ["go", "texts", "parallel"]), ("directions", ["go", "texts", "go->rust"]), ("none", ["go", "texts"])],
)
def test_which_components_a_mixture_takes(parallel, taken):
    made = section(parallel=parallel)
    assert [c for c in ("go", "texts", "parallel", "go->rust") if made.takes(c)] == taken


def test_limits_and_curriculum_have_harmless_defaults():
    limits = Limits()
    assert (limits.min_share, limits.max_share, limits.max_epochs, limits.unique_tokens) == (0, 1, None, None)
    assert CurriculumConfig(documents="lines").descending is False
