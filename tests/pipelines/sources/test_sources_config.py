"""The configuration of sources."""

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.errors import ConfigError
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


def test_names_are_unique_and_there_is_one() -> None:
    one, two = DirectorySource(name="a", path="x"), JsonlSource(name="a", path="y")
    check_names([one])
    with pytest.raises(ConfigError, match="'a' is used twice"):
        check_names([one, two])
    with pytest.raises(ConfigError, match="empty"):
        check_names([])
