import fcntl
import json
import shutil
import subprocess
import sys

import pytest

from contracts.errors import ConfigError, StageError
from mixer.dataset import MixtureDataset
from mixer.export import FACTS, FORMATS, export, main

HERE = ("megatron", "parquet")
"""Formats that a base installation writes."""


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def copy(demo, tmp_path):
    """A mixture that may be spoilt."""
    shutil.copytree(demo.mix("default"), tmp_path / "m")
    return tmp_path / "m"


@pytest.mark.parametrize("fmt", HERE)
def test_the_facts_name_mixture_library_and_size(demo, tmp_path, fmt):
    mixture = MixtureDataset(demo.mix("default"))
    done = export(demo.mix("default"), tmp_path / "x", fmt)
    facts = json.loads((tmp_path / "x" / FACTS).read_text())
    assert facts["mixture"] == json.loads((demo.mix("default") / "manifest.json").read_text())["identity"]
    assert facts["tokens"] == done.tokens == len(mixture) * mixture.sequence_length
    assert (facts["format"], facts["library"]) == (fmt, FORMATS[fmt].library)
    assert facts["library_version"][0].isdigit()


@pytest.mark.parametrize("fmt", HERE)
def test_every_export_of_a_mixture_has_the_same_bytes_whatever_a_killed_one_left(demo, tmp_path, fmt):
    export(demo.mix("default"), tmp_path / "a", fmt)
    left = tmp_path / ".tmp-b" / "files"
    left.mkdir(parents=True)
    for name in ("00000.parquet", "99999.parquet", "tokens.bin"):
        (left / name).write_bytes(b"half a file")
    export(demo.mix("default"), tmp_path / "b", fmt)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_progress_counts_every_sequence(demo, tmp_path):
    told = []
    done = export(demo.mix("default"), tmp_path / "x", "parquet", told.append)
    assert sum(told) == done.sequences > 0


def test_an_empty_folder_may_be_the_target(demo, tmp_path):
    (tmp_path / "x").mkdir()
    export(demo.mix("default"), tmp_path / "x", "megatron")
    assert {"tokens.bin", "tokens.idx", FACTS} == set(files(tmp_path / "x"))


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_target_that_holds_something_is_refused_and_left_alone(demo, tmp_path, kind):
    target = tmp_path / "x"
    if kind == "folder":
        target.mkdir()
        (target / "mine").write_text("precious")
    else:
        target.write_text("precious")
    with pytest.raises(StageError, match=r"--to .*x: exists and is not an empty folder; remove it or name another"):
        export(demo.mix("default"), target, "parquet")
    assert (target / "mine" if kind == "folder" else target).read_text() == "precious"


def test_the_mixture_itself_is_no_target(copy):
    before = files(copy)
    for target in (copy, copy / "parquet", copy / ".." / copy.name / "deep" / "er"):
        with pytest.raises(StageError, match="inside the mixture"):
            export(copy, target, "parquet")
    assert files(copy) == before


def test_two_exports_to_one_target_do_not_mix(demo, tmp_path):
    (tmp_path / ".tmp-x").mkdir()
    with open(tmp_path / ".tmp-x" / "lock", "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StageError, match="another process is writing it"):
            export(demo.mix("default"), tmp_path / "x", "parquet")
        assert (tmp_path / ".tmp-x" / "lock").exists()
    export(demo.mix("default"), tmp_path / "x", "parquet")


def test_an_unknown_format_names_the_known_ones(demo, tmp_path):
    with pytest.raises(ConfigError, match="--format csv: unknown; allowed: megatron, parquet, litdata, mds"):
        export(demo.mix("default"), tmp_path / "x", "csv")


@pytest.mark.parametrize(("missing", "message"), [("manifest.json", "no finished mixture here"), ("", "here")])
def test_an_unfinished_mixture_is_refused(copy, tmp_path, missing, message):
    if missing:
        (copy / missing).unlink()
    else:
        copy = tmp_path / "nowhere"
    with pytest.raises(StageError, match=f"{message}.*Run: glotmix mix CONFIG"):
        export(copy, tmp_path / "x", "parquet")
    assert not (tmp_path / "x").exists()


def test_another_stage_is_no_mixture(demo, tmp_path):
    with pytest.raises(StageError, match="the result of another stage than mix"):
        export(demo.tokenizer, tmp_path / "x", "parquet")


@pytest.mark.parametrize("fmt", HERE)
def test_a_truncated_shard_leaves_nothing_behind(copy, tmp_path, fmt):
    with open(copy / "00001.ds", "rb+") as handle:
        handle.truncate(100)
    with pytest.raises(StageError, match=r"00001\.ds: 100 bytes, the manifest says \d+; mix again"):
        export(copy, tmp_path / "x", fmt)
    assert [p.name for p in tmp_path.iterdir()] == ["m"]


@pytest.mark.parametrize(
    ("fmt", "module", "wanted"),
    [
        ("litdata", "litdata", r"pip install 'glotmix\[litdata\]'"),
        ("mds", "streaming", "pip install 'mosaicml-streaming>=0.13,<0.14'\n  pip install --no-deps"),
        ("megatron", "datatrove", "pip install glotmix"),
    ],
)
def test_a_missing_library_is_named_with_what_installs_it(demo, tmp_path, monkeypatch, fmt, module, wanted):
    for name in [n for n in sys.modules if n == f"mixer.exports.{fmt}" or n.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(StageError, match=f"--format {fmt} needs {FORMATS[fmt].library}") as caught:
        export(demo.mix("default"), tmp_path / "x", fmt)
    caught.match(wanted)
    assert not (tmp_path / "x").exists()


def test_exporting_needs_no_more_than_numpy_and_xxhash_beside_the_format():
    code = (
        "import sys, mixer.export, mixer.exports.source\n"
        "heavy = ('polars', 'pyarrow', 'datatrove', 'tokenizers', 'pydantic', 'orjson', 'yaml', 'typer', 'torch')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_small_front_door_exports_or_says_why_not(demo, tmp_path, capsys):
    arguments = [str(demo.mix("default")), "--format", "parquet", "--to", str(tmp_path / "x")]
    assert main(arguments) == 0
    assert "sequences of 1,024 tokens, parquet" in capsys.readouterr().out
    assert main(arguments) == 1
    assert "is not an empty folder" in capsys.readouterr().err
