"""The configuration of sources."""

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.config import validate
from contracts.errors import ConfigError
from pipelines.config import CorpusConfig
from pipelines.sources.config import DirectorySource, JsonlSource, SourceConfig, check_names

ADAPTER: TypeAdapter[object] = TypeAdapter(SourceConfig)


@pytest.mark.parametrize("kind", ["directory", "git", "archive", "jsonl", "parquet"])
def test_the_type_chooses_the_model(kind: str) -> None:
    made = ADAPTER.validate_python({"type": kind, "name": "a", "path": "p"})
    assert made.type == kind  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "data",
    [
        {"type": "ftp", "name": "a", "path": "p"},
        {"type": "directory", "name": "a/b", "path": "p"},
        {"type": "directory", "name": "..", "path": "p"},
        {"type": "directory", "name": "x" * 101, "path": "p"},
        {"type": "directory", "name": "a", "path": ""},
        {"type": "directory", "name": "a", "path": "a\0b"},
        {"type": "directory", "name": "a", "path": "p", "unknown": 1},
        {"type": "directory", "name": "a", "path": "p", "include": ["../x"]},
        {"type": "git", "name": "a", "path": "p", "commit": "--upload-pack=x"},
        {"type": "git", "name": "a", "path": "p", "commit": "a b"},
        {"type": "archive", "name": "a", "path": "p", "max_ratio": 0},
    ],
)
def test_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(data)


@pytest.mark.parametrize("name", ["english", "config", "r2d2_logs", "x" * 64])
@pytest.mark.parametrize("kind", ["directory", "git", "archive", "jsonl", "parquet"])
def test_any_source_may_declare_a_component(kind: str, name: str) -> None:
    made = ADAPTER.validate_python({"type": kind, "name": "a", "path": "p", "component": name})
    assert made.component == name  # type: ignore[attr-defined]


WRONG_COMPONENTS = [
    # component, what the message says
    ("python", "python is a programming language, and code is parsed and paired; leave component out"),
    ("js", "component 'js': javascript is a programming language"),
    ("C#", "csharp is a programming language"),
    ("parallel", "translation pairs are made by the pairs stage"),
    ("python->go", "translation pairs are made by the pairs stage"),
    ("English", "allowed are 1 to 64 characters of a-z 0-9 _, a letter first"),
    ("2nd", "a letter first"),
    ("", "a letter first"),
    ("x" * 65, "1 to 64 characters"),
    ("plain text", "a letter first, such as english"),
    ("english\n", "a letter first"),
]


@pytest.mark.parametrize(("name", "message"), WRONG_COMPONENTS)
def test_what_cannot_be_a_component_is_refused_with_a_reason(name: str, message: str) -> None:
    data = {"sources": [{"type": "directory", "name": "a", "path": "p", "component": name}]}
    with pytest.raises(ConfigError, match=re.escape(message)) as error:
        validate(CorpusConfig, data, "run.yaml")
    assert "sources[0].component" in str(error.value)


def test_a_table_declares_a_component_or_a_language_column_not_both() -> None:
    source = {"type": "jsonl", "name": "a", "path": "p", "component": "english", "columns": {"language": "lang"}}
    with pytest.raises(ConfigError, match=r"component \(english\) and columns.language \(lang\) both declare"):
        validate(CorpusConfig, {"sources": [source]}, "run.yaml")


def test_names_are_unique_and_there_is_one() -> None:
    one, two = DirectorySource(name="a", path="x"), JsonlSource(name="a", path="y")
    check_names([one])
    with pytest.raises(ConfigError, match="'a' is used twice"):
        check_names([one, two])
    with pytest.raises(ConfigError, match="empty"):
        check_names([])


@pytest.mark.parametrize("kind", ["directory", "git", "archive", "jsonl", "parquet"])
def test_the_licence_of_a_source_is_an_spdx_expression(kind: str) -> None:
    made = ADAPTER.validate_python({"type": kind, "name": "a", "path": "p", "licence": "Apache 2"})
    assert made.licence == "Apache-2.0"  # type: ignore[attr-defined]
    data = {"sources": [{"type": kind, "name": "a", "path": "p", "licence": "GPLv3"}]}
    with pytest.raises(ConfigError, match=r"sources\[0\]\.licence: no SPDX .* GPL-3\.0-only or GPL-3\.0-or-later"):
        validate(CorpusConfig, data, "a.yaml")
