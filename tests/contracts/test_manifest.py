from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import manifest as manifests
from contracts.errors import StaleStageError
from contracts.manifest import MANIFEST, Manifest, build, differences, digest, read, verify_files, write

CONFIGURATION = {"gates": {"min_bytes": 32}, "languages": ("go", "rust")}
INPUTS = {"corpus": "c" * 64}


def made(folder: Path, **changes) -> Manifest:
    for name in ("b.bin", "a/a.bin"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            (folder / name).write_bytes(name.encode() * 10)
    facts = {
        "stage": "corpus",
        "files": [folder / "b.bin", folder / "a" / "a.bin"],
        "configuration": CONFIGURATION,
        "inputs": INPUTS,
        "counts": {"documents": 2},
        "run": {"seconds": 1.5, "workers": 2},
    }
    return build(folder=folder, **{**facts, **changes})


def test_a_manifest_is_read_back_as_written(tmp_path):
    manifest = made(tmp_path)
    write(tmp_path, manifest)
    assert read(tmp_path) == Manifest.model_validate_json(manifest.model_dump_json())
    assert [f.path for f in manifest.files] == ["a/a.bin", "b.bin"]


def test_no_manifest_means_not_finished(tmp_path):
    assert read(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"stage": "corpus"}', "\xff"])
def test_what_is_no_manifest_is_refused_and_says_what_to_do(tmp_path, text):
    (tmp_path / MANIFEST).write_bytes(text.encode("latin-1"))
    with pytest.raises(StaleStageError, match="remove it or use --force"):
        read(tmp_path)


def test_identity_does_not_depend_on_how_or_where_it_was_run(tmp_path):
    here = made(tmp_path / "here", run={"workers": 1, "seconds": 99.0})
    there = made(tmp_path / "there", run={"workers": 64, "executor": "slurm"})
    assert here.identity == there.identity


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": "pairs"},
        {"configuration": {"gates": {"min_bytes": 33}}},
        {"inputs": {"corpus": "d" * 64}},
        {"counts": {"documents": 3}},
    ],
)
def test_identity_depends_on_all_that_decides_the_outcome(tmp_path, changes):
    assert made(tmp_path, **changes).identity != made(tmp_path).identity


def test_identity_depends_on_the_files_and_the_code(tmp_path, monkeypatch):
    before = made(tmp_path).identity
    monkeypatch.setattr(manifests, "CODE_VERSION", "other")
    assert made(tmp_path).identity != before
    monkeypatch.undo()
    (tmp_path / "b.bin").write_bytes(b"z" * 50)
    assert made(tmp_path).identity != before


def test_the_same_question_finds_no_difference(tmp_path):
    assert differences(made(tmp_path), tmp_path, CONFIGURATION, INPUTS) == []


def test_tuples_and_lists_are_the_same_configuration(tmp_path):
    write(tmp_path, made(tmp_path))
    manifest = read(tmp_path)
    assert manifest is not None
    assert differences(manifest, tmp_path, CONFIGURATION, INPUTS) == []


def test_each_difference_names_the_key_what_was_and_what_is(tmp_path, monkeypatch):
    write(tmp_path, made(tmp_path))
    manifest = read(tmp_path)
    assert manifest is not None
    (tmp_path / "b.bin").write_bytes(b"short")
    (tmp_path / "a" / "a.bin").unlink()
    monkeypatch.setattr(manifests, "CODE_VERSION", "999")
    now = {"gates": {"min_bytes": 64, "new": True}, "languages": ["go"]}
    assert differences(manifest, tmp_path, now, {"pairs": "e" * 64}) == [
        f"made by code version {manifest.code_version}, this is 999",
        "gates.min_bytes: 32 -> 64",
        "gates.new: null -> true",
        'languages: ["go", "rust"] -> ["go"]',
        "input corpus changed (cccccccccccc -> none)",
        "input pairs changed (none -> eeeeeeeeeeee)",
        "a/a.bin: missing, was 70 bytes",
        "b.bin: 5 bytes, was 50 bytes",
    ]


def test_verifying_finds_a_flipped_byte_a_missing_file_and_nothing_else(tmp_path):
    manifest = made(tmp_path)
    assert verify_files(manifest, tmp_path) == []
    data = bytearray((tmp_path / "b.bin").read_bytes())
    data[7] ^= 1
    (tmp_path / "b.bin").write_bytes(data)
    assert differences(manifest, tmp_path, CONFIGURATION, INPUTS) == []  # the size is the same
    assert verify_files(manifest, tmp_path) == ["b.bin: checksum differs"]
    (tmp_path / "b.bin").unlink()
    assert verify_files(manifest, tmp_path) == ["b.bin: missing"]


def test_verifying_finds_a_manifest_that_was_edited(tmp_path):
    write(tmp_path, made(tmp_path))
    path = tmp_path / MANIFEST
    path.write_text(path.read_text().replace('"documents": 2', '"documents": 3'))
    manifest = read(tmp_path)
    assert manifest is not None
    assert verify_files(manifest, tmp_path) == ["manifest.json: changed after it was written"]


def test_verifying_forgives_another_run_section(tmp_path):
    manifest = made(tmp_path)
    manifest.run = {"workers": 7}
    assert verify_files(manifest, tmp_path) == []


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=6))
def test_a_digest_ignores_the_order_of_keys(data):
    assert digest(data) == digest(dict(reversed(data.items())))
    assert len(digest(data)) == 64
