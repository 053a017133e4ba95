import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from contracts.config import MAX_CONFIG_BYTES, StrictModel, override, read_yaml, validate
from contracts.errors import ConfigError
from contracts.faults import MAX_FAULTS, locate
from glotmix import Configuration

SOURCE = {"type": "directory", "name": "code", "path": "src"}
CORPUS = {"sources": [SOURCE]}
GOOD = {"corpus": CORPUS}


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "run.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(data: dict, model: type = Configuration) -> str:
    with pytest.raises(ConfigError) as caught:
        validate(model, data, "run.yaml")
    return str(caught.value)


def test_a_plain_file_is_read_as_written(tmp_path):
    path = written(tmp_path, "\ufeffoutput: out\ncorpus:\n  languages: [go, rust]\n")
    assert read_yaml(path) == {"output": "out", "corpus": {"languages": ["go", "rust"]}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", r"'a' is given twice\n.*line 3"),
        ("mix:\n  seed: 1\n  seed: 1\n", r"'seed' is given twice\n.*line 3"),
        ("a: &x [1]\nb: *x\n", r"aliases \(\*x\).*\n.*line 2"),
        ("? [1, 2]\n: a\n", "plain name|not valid YAML"),
        ("a: !!python/object/apply:os.system [ls]\n", "not valid YAML"),
        ("a: [1, 2\n", "not valid YAML"),
        ("a: 2024-13-45\n", "not valid YAML"),
        ("a: 1\n---\nb: 2\n", "not valid YAML"),
        ("a: \x00\n", "not valid YAML"),
        ("[" * 100_000, "not valid YAML"),
        ("- a\n- b\n", "mapping of sections, not list"),
        ("just words\n", "mapping of sections, not str"),
        ("", "mapping of sections, not NoneType"),
        (b"a: \xff\xfe\n", "cannot be read"),
        ("#" * (MAX_CONFIG_BYTES + 1), "at most 1000000"),
    ],
)
def test_what_is_no_configuration_is_refused_by_name(tmp_path, text, expected):
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=expected) as caught:
        read_yaml(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_names_the_command_that_writes_one(tmp_path):
    with pytest.raises(ConfigError, match=r"no such file\. Write one with: glotmix init"):
        read_yaml(tmp_path / "absent.yaml")


def test_a_folder_is_no_configuration(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_yaml(tmp_path)


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("mix.seed=7", {"mix": {"seed": 7, "name": "a"}, "output": "o"}),
        ("output=/data/x=y", {"mix": {"seed": 1, "name": "a"}, "output": "/data/x=y"}),
        ("output=", {"mix": {"seed": 1, "name": "a"}, "output": None}),
        ("mix.proportions={go: 1}", {"mix": {"seed": 1, "name": "a", "proportions": {"go": 1}}, "output": "o"}),
        ("split.seed=3", {"mix": {"seed": 1, "name": "a"}, "output": "o", "split": {"seed": 3}}),
        ("mix={seed: 2}", {"mix": {"seed": 2}, "output": "o"}),
    ],
)
def test_set_overrides_one_value(assignment, expected):
    assert override({"mix": {"seed": 1, "name": "a"}, "output": "o"}, [assignment]) == expected


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("mix.seed", "expected key=value"),
        ("=1", "expected key=value"),
        ("", "expected key=value"),
        (".seed=1", "expected key=value"),
        ("mix..seed=1", "expected key=value"),
        ("mix.=1", "expected key=value"),
        ("output.x=1", r"output is a str, not a section; set all of it: --set output="),
        ("corpus.sources.0.path=x", r"corpus\.sources is a list, not a section"),
        ("mix.seed=[1", r"mix\.seed=\[1: not valid YAML"),
        ("mix.seed=*x", "aliases"),
        ("mix={a: 1, a: 2}", "given twice"),
    ],
)
def test_a_bad_set_says_what_is_wrong(assignment, expected):
    with pytest.raises(ConfigError, match=expected) as caught:
        override({"output": "o", "corpus": {"sources": [SOURCE]}}, [assignment])
    assert "--set" in str(caught.value)


def test_set_leaves_the_given_data_alone_and_keeps_dates():
    data = {"mix": {"seed": 1}, "output": datetime.date(2024, 1, 1)}
    assert override(data, ["mix.seed=2"]) == {"mix": {"seed": 2}, "output": datetime.date(2024, 1, 1)}
    assert data["mix"] == {"seed": 1}


def test_a_heading_with_nothing_below_it_takes_values():
    assert override({"mix": None}, ["mix.seed=2"]) == {"mix": {"seed": 2}}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            GOOD | {"mxi": {}},
            "tokenizer, mix, executor, sweep, fit, allocate, confirm (did you mean mix?)",
        ),
        ({"corpus": CORPUS | {"zzz": 1}}, "corpus.zzz: unknown key; allowed here: sources, languages"),
        (
            {"corpus": {"sources": [SOURCE], "gates": {"min_byte": 1}}},
            "require_licence (did you mean min_bytes?)",
        ),
        (
            {"corpus": {"sources": [SOURCE, {**SOURCE, "name": "b", "paht": "x"}]}},
            "corpus.sources[1].paht: unknown key; allowed here: name, path, licence, component, include, exclude",
        ),
        ({"corpus": {"sources": [{**SOURCE, "path": ""}]}}, "corpus.sources[0].path: '': must not be empty"),
        ({"corpus": {"sources": [{"type": "git", "name": "a"}]}}, "corpus.sources[0].path: Field required"),
        (
            {"corpus": {"sources": [{"type": "jsonl", "name": "a", "path": "b", "columns": {"text": "x"}}]}},
            "1 problem(s)\n  corpus.sources[0].columns.text: unknown key; allowed here: content, id, path",
        ),
        (
            {"corpus": {"sources": [{**SOURCE, "type": "zip"}]}},
            "corpus.sources[0].type: unknown value 'zip'; allowed: directory, git, archive, jsonl, parquet",
        ),
        (
            {"corpus": {"sources": [{"name": "a", "path": "b"}]}},
            "corpus.sources[0].type: missing; allowed: directory, git, archive, jsonl, parquet",
        ),
        ({"corpus": {"sources": []}}, "corpus.sources: Tuple should have at least 1 item"),
        ({"corpus": {"sources": [SOURCE, SOURCE]}}, "the name 'code' is used twice"),
        (
            {"corpus": {"sources": [SOURCE], "dedup": {"threshold": 1.5}}},
            "corpus.dedup.threshold: Input should be",
        ),
        (
            {"corpus": {"sources": [SOURCE], "dedup": {"threshold": float("nan")}}},
            "corpus.dedup.threshold: Input should",
        ),
        (
            {"corpus": {"sources": [SOURCE]}, "mix": {"max_epochs": float("inf")}},
            "mix.max_epochs: Input should be a finite",
        ),
        (
            {"corpus": {"sources": [SOURCE]}, "mix": {"proportions": {"cobol": 1}}},
            "mix.proportions names 'cobol'; allowed: python, java",
        ),
        (
            {"corpus": {"sources": [SOURCE]}, "mix": {"proportions": {"go": "much"}}},
            "mix.proportions.go: Input should be a",
        ),
        (GOOD | {"mix": 5}, "mix: Input should be a valid dictionary"),
        ({}, "corpus: Field required"),
    ],
)
def test_a_fault_names_key_value_and_what_is_allowed(data, expected):
    message = faults(data)
    assert expected in message
    assert message.startswith("run.yaml: ")


def test_every_fault_is_named_up_to_a_limit_and_long_values_are_cut():
    message = faults(GOOD | {**{f"wrong{i}": 0 for i in range(50)}, "mix": "x" * 500})
    assert message.splitlines()[0] == "run.yaml: 51 problem(s)"
    assert message.splitlines()[-1].strip() == f"and {51 - MAX_FAULTS} more"
    assert max(map(len, message.splitlines())) < 200


def test_a_section_cannot_change_after_loading():
    config = validate(Configuration, GOOD, "run.yaml")
    with pytest.raises(ValueError, match="frozen"):
        config.output = "elsewhere"


class Inner(StrictModel):
    size: int = 0


class Outer(StrictModel):
    maybe: Inner | None = None
    named: dict[str, Inner] = Field(default_factory=dict)
    either: Inner | int = 0


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"maybe": {"sise": 1}}, "maybe.sise: unknown key; allowed here: size (did you mean size?)"),
        ({"named": {"x": {"sise": 1}}}, "named.x.sise: unknown key; allowed here: size (did you mean size?)"),
        ({"either": {"sise": 1}}, "either.sise: unknown key; allowed here: size (did you mean size?)"),
    ],
)
def test_sections_are_found_in_optional_values_mappings_and_unions(data, expected):
    assert expected in faults(data, Outer)


@given(st.lists(st.one_of(st.integers(), st.text()), max_size=6))
def test_locating_takes_any_location_in_stride(location):
    key, _ = locate(Configuration, location)
    assert isinstance(key, str)
