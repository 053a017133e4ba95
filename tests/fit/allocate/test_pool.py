import json
from pathlib import Path

import pytest

from contracts import manifest
from contracts.errors import ConfigError, StageError
from fit.allocate.pool import read_pool

TRAIN = {
    "python": {"documents": 3, "tokens": 900, "bytes": 4000, "unique_tokens": 900},
    "parallel": {"documents": 4, "tokens": 800, "bytes": 3000, "unique_tokens": 300},
}


def stage(folder: Path, name: str = "tokens") -> Path:
    folder.mkdir(parents=True)
    made = manifest.build(name, folder, [], {}, {}, {"train": TRAIN, "unique_tokens": 1000}, {})
    manifest.write(folder, made)
    return folder


def test_a_run_its_tokens_and_their_manifest_are_the_same_pool(tmp_path):
    tokens = stage(tmp_path / "tokens" / "concat")
    found = [read_pool(path) for path in (tmp_path, tokens, tokens / "manifest.json")]
    assert found[0] == found[1] == found[2]
    assert found[0].unique == {"python": 900, "parallel": 300}
    assert found[0].held == {"python": 900, "parallel": 800}
    assert found[0].identity == manifest.read(tokens).identity


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("u.json", '{"python": 900, "parallel": 3e2}'),
        ("u.json", '{"python": {"unique_tokens": 900}, "parallel": {"unique_tokens": 300, "tokens": 300}}'),
        ("u.csv", "component,unique_tokens\npython,900\nparallel,300\n"),
    ],
)
def test_tables_of_unique_tokens_are_read(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    found = read_pool(tmp_path / name)
    assert found.unique == found.held == {"python": 900, "parallel": 300} and found.identity == ""


def test_a_table_may_hold_all_tokens_too(tmp_path):
    (tmp_path / "u.csv").write_text("component,unique_tokens,tokens\npython,900,950\n")
    assert read_pool(tmp_path / "u.csv").held == {"python": 950}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("u.json", "[1]", "expected an object of components"),
        ("u.json", "{", "cannot be read"),
        ("u.json", json.dumps({"go": -1}), "go has -1.0 unique tokens"),
        ("u.json", json.dumps({"go": {"tokens": 1}}), "cannot be read"),
        ("u.json", json.dumps({"go": {"unique_tokens": 1, "tokens": -5}}), "go has -5.0 tokens"),
        ("u.csv", "component,unique_tokens,tokens\ngo,1,nan\n", "go has nan tokens"),
        ("u.csv", "a,b\n1,2\n", "cannot be read"),
        ("u.txt", "go 1", "allowed are .json and .csv"),
        ("manifest.json", "{}", "not a manifest of this version"),
    ],
)
def test_what_holds_no_numbers_of_tokens_is_refused(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_pool(tmp_path / name)


def test_what_is_no_pool_is_refused_with_what_would_be(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file or folder; give the output folder of a run"):
        read_pool(tmp_path / "nowhere")
    with pytest.raises(StageError, match="holds no finished tokens; glotmix run CONFIG makes them"):
        read_pool(tmp_path)
    with pytest.raises(ConfigError, match="is the result of the stage corpus, not tokens"):
        read_pool(stage(tmp_path / "corpus", "corpus"))
    for form in ("concat", "prompt"):
        stage(tmp_path / "tokens" / form)
    with pytest.raises(ConfigError, match=r"in several forms; give one of .*concat, .*prompt"):
        read_pool(tmp_path)
