import json

import pytest

torch = pytest.importorskip("torch")

from contracts.errors import ConfigError
from train.config import GenerationConfig
from train.evaluation import at_points, sandbox
from train.evaluation.at_points import judge, require_possible
from train.evaluation.sandbox import NoSandbox

PROBLEM = {"task_id": "t", "language": "python", "prompt": "x = 1  #", "tests": "assert x == 1", "stop": ["\n"]}


@pytest.fixture
def config(tmp_path):
    (tmp_path / "problems.jsonl").write_text(json.dumps(PROBLEM))
    return GenerationConfig(translate=1, problems="problems.jsonl", execute=True, max_new_tokens=4)


def test_what_is_asked_for_is_judged_and_can_be_written(config, sets, model, tmp_path):
    pytest.importorskip("sacrebleu")
    if sandbox._no_isolation() is not None:
        pytest.skip(str(sandbox._no_isolation()))
    require_possible(config, tmp_path)
    found = json.loads(json.dumps(judge(config, tmp_path, sets.folder, model, form="concat", length=64, batch=2)))
    assert [row["pairs"] for row in found["translations"]] == [1, 1]
    assert found["solved"][0]["statuses"] == {"passed": 1} and len(found["trials"]) == 1


def test_nothing_is_judged_unless_asked_for(sets, model, tmp_path):
    require_possible(GenerationConfig(), tmp_path)
    assert judge(GenerationConfig(), tmp_path, sets.folder, model, form="concat", length=64, batch=2) == {}


def test_what_cannot_be_judged_is_refused_before_a_run(config, tmp_path, monkeypatch):
    (tmp_path / "problems.jsonl").write_text("{")
    with pytest.raises(ConfigError, match="line 1"):
        require_possible(config, tmp_path)
    (tmp_path / "problems.jsonl").write_text(json.dumps(PROBLEM))

    def refused(allow_weak):
        raise NoSandbox("the kernel says no")

    monkeypatch.setattr(at_points, "require_isolation", refused)
    with pytest.raises(NoSandbox, match="the kernel says no"):
        require_possible(config, tmp_path)
