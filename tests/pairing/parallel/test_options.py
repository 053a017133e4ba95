import pytest

from contracts.config import validate
from contracts.errors import ConfigError
from mixer.recipe import Configuration
from pairing.config import PairsConfig, ParallelConfig


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"forms": ["concat", "concat"]}, "parallel.forms .* names one twice"),
        ({"forms": []}, "forms"),
        ({"levels": ["file", "file"]}, "parallel.levels .* names one twice"),
        ({"forms": ["concat"], "templates": {"default": "{source}{target}"}}, "for the form prompt"),
        ({"tokenizer": "t.json"}, "parallel.tokenizer is for parallel.max_tokens"),
        ({"vocab_size": 2048}, "parallel.vocab_size is for parallel.max_tokens"),
        ({"min_kept_share": 0.9}, "parallel.min_kept_share is for parallel.max_tokens"),
        ({"max_tokens": 9, "tokenizer": "t.json", "vocab_size": 2048}, "parallel.vocab_size is for estimates"),
        ({"levels": ["function"], "align_functions": False}, "needs parallel.align_functions"),
        (
            {"min_unit_score": 0.9, "align_functions": False},
            r"parallel.min_unit_score \(0.9\) is for parallel.align_functions: true; set that, or leave it out",
        ),
        ({"min_unit_score": 0.0, "align_functions": False}, r"parallel.min_unit_score \(0.0\)"),
        ({"forms": ["group"], "levels": ["file", "function"]}, "only group"),
        ({"forms": ["concat", "group"], "levels": ["function"]}, "must have file"),
        ({"min_function_score": 0.5}, "min_function_score is for the level function"),
        ({"function_kinds": "close"}, "function_kinds is for the level function"),
        ({"max_tokens": 0}, "max_tokens"),
    ],
)
def test_options_that_do_nothing_or_cannot_be_met_are_refused(options, told):
    with pytest.raises(ConfigError, match=told):
        validate(ParallelConfig, options, "parallel")


@pytest.mark.parametrize(
    ("written", "mix", "told"),
    [
        ({}, {"parallel_level": "function"}, "mix.parallel_level needs function, and parallel.levels has file"),
        ({}, {"parallel_level": "both"}, "mix.parallel_level needs function"),
        ({"levels": ["function"]}, {}, "mix.parallel_level needs file"),
        ({}, {"parallel_form": "group"}, "mix.parallel_form needs group"),
        ({"forms": ["prompt"]}, {}, "mix.parallel_form needs concat"),
        ({"forms": ["group"]}, {"parallel_form": "group", "parallel_level": "both"}, "group is of whole programs"),
        ({"forms": ["group"]}, {"parallel_form": "group", "curriculum": {"pairs": "score"}}, "curriculum.pairs"),
        ({"forms": ["prompt"]}, {"proportions": {"go": 1.0}}, ""),
        ({"forms": ["prompt"]}, {"parallel": "none"}, ""),
        ({"levels": ["function"]}, {"parallel_level": "function"}, ""),
        ({"forms": ["group"]}, {"parallel_form": "group"}, ""),
    ],
)
def test_a_mixture_takes_only_what_the_parallel_stage_writes(written, mix, told):
    sources = {"sources": [{"type": "directory", "name": "s", "path": "s"}]}
    data = {"corpus": sources, "parallel": written, "mix": mix}
    if not told:
        assert validate(Configuration, data, "x").mix.parallel_form
        return
    with pytest.raises(ConfigError, match=told):
        validate(Configuration, data, "x")


def test_the_level_of_whole_programs_leaves_no_trace_in_what_identifies_a_mixture():
    sources = {"sources": [{"type": "directory", "name": "s", "path": "s"}]}
    data = {"corpus": sources, "parallel": {"levels": ["file", "function"]}}
    plain = validate(Configuration, data, "x").mix
    assert "parallel_level" not in plain.model_dump(mode="json")
    both = validate(Configuration, {**data, "mix": {"parallel_level": "both"}}, "x").mix
    assert both.model_dump(mode="json")["parallel_level"] == "both"


@pytest.mark.parametrize(
    ("written", "tokenizer", "told"),
    [
        ({"max_tokens": 100}, {"path": "t.json"}, "set parallel.tokenizer to the same file"),
        ({"max_tokens": 100}, {"vocab_size": 2048}, "parallel.vocab_size is 16,384, and tokenizer.vocab_size 2,048"),
        ({"max_tokens": 100, "vocab_size": 2048}, {"vocab_size": 2048}, ""),
        ({"max_tokens": 100, "tokenizer": "a.json"}, {"path": "b.json"}, "is a.json, and tokenizer.path b.json"),
        ({"max_tokens": 100, "tokenizer": "t.json"}, {"path": "t.json"}, ""),
        ({"max_tokens": 100, "tokenizer": "./t.json"}, {"path": "d/../t.json"}, ""),
        ({"max_tokens": 100, "tokenizer": "t.json"}, {}, ""),
        ({"max_tokens": 100}, {}, ""),
        ({}, {"path": "t.json"}, ""),
    ],
)
def test_what_is_made_to_fit_is_counted_for_the_tokenizer_of_the_mixture(written, tokenizer, told):
    sources = {"sources": [{"type": "directory", "name": "s", "path": "s"}]}
    data = {"corpus": sources, "parallel": written, "tokenizer": tokenizer}
    if told:
        with pytest.raises(ConfigError, match=told):
            validate(Configuration, data, "x")
        data["mix"] = {"parallel": "none"}
    assert validate(Configuration, data, "x").parallel.max_tokens == written.get("max_tokens")


@pytest.mark.parametrize("name", sorted(ParallelConfig.model_fields.keys() - PairsConfig.model_fields.keys()))
def test_an_option_that_stood_in_the_section_pairs_says_where_it_is_now(name):
    sources = {"sources": [{"type": "directory", "name": "s", "path": "s"}]}
    told = rf"pairs.{name} is parallel.{name} now; write it in the section parallel \(--set parallel.{name}=...\)"
    with pytest.raises(ConfigError, match=told):
        validate(Configuration, {"corpus": sources, "pairs": {name: None}}, "x")
