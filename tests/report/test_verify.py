import json
import shutil
from pathlib import Path

import pytest

from contracts.errors import StageError
from contracts.manifest import MANIFEST
from report.verify import orphans, verify


@pytest.fixture
def output(demo_run, tmp_path) -> Path:
    shutil.copytree(demo_run.output, tmp_path / "out")
    return tmp_path / "out"


def rewrite(path: Path, **changes) -> None:
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, **changes}))


def test_a_sound_run_has_no_faults_and_a_row_for_every_stage(output):
    rows, faults = verify(output)
    assert faults == []
    stages = ["corpus", "mix/default", "pairs", "parallel", "split", "tokenizer", "tokens/concat", "validation"]
    assert [row["folder"] for row in rows] == stages
    assert orphans(output) == []


def test_a_flipped_byte_is_found_and_named(output):
    shard = output / "mix" / "default" / "00000.ds"
    data = bytearray(shard.read_bytes())
    data[17] ^= 1
    shard.write_bytes(data)
    rows, faults = verify(output)
    assert len(faults) == 1 and "mix/default: 00000.ds: checksum differs" in faults[0]
    assert {row["folder"]: row["faults"] for row in rows}["mix/default"] == 1
    assert verify(output / "corpus")[1] == []


def test_a_stage_made_from_another_state_of_its_input_is_told_once_where_it_stands(output):
    manifest = output / "tokens" / "concat" / MANIFEST
    rewrite(manifest, inputs={**json.loads(manifest.read_text())["inputs"], "corpus": "another"})
    _, faults = verify(output)
    told = [fault for fault in faults if "made from another" in fault]
    strange = "the tokens stage was made from another corpus stage than the one there is now"
    assert told == [f"{manifest.parent}: {strange}"]


def test_mixtures_of_other_tokens_are_orphans(output):
    shutil.copytree(output / "mix" / "default", output / "mix" / "older")
    manifest = output / "mix" / "older" / MANIFEST
    rewrite(manifest, inputs={**json.loads(manifest.read_text())["inputs"], "tokens": "another"})
    assert orphans(output) == ["older"]


def test_a_folder_without_a_finished_stage_is_an_error(tmp_path):
    with pytest.raises(StageError, match="no finished stage here"):
        verify(tmp_path)
