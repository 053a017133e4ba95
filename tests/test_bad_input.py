"""Hostile and broken input: each gives a clear error or a counted rejection; good files beside it survive."""

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import polars as pl
import pytest
import yaml

GOOD = 'def area(width, height):\n    """Area of a rectangle."""\n    return width * height\n'

OTHER = """import sys

for line in sys.stdin:
    words = line.split()
    print(len(words), max(words, default=""))
"""
THIRD = """class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)
"""

INJECT = """
import contextlib, errno, os
import contracts.files as files

original = files.atomic_path
number, part = os.environ["INJECTED"].split(":")

@contextlib.contextmanager
def failing(path):
    if part in str(path):
        raise OSError(int(number), os.strerror(int(number)), str(path))
    with original(path) as temporary:
        yield temporary

files.atomic_path = failing
"""
"""Loaded by every interpreter of a run: makes writes fail that root's permissions and a large disk would allow."""


def glotmix(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "glotmix", *arguments],
        capture_output=True,
        text=True,
        timeout=200,
        env={**os.environ, **environment},
    )


def write_config(folder: Path, sources: list[dict], **sections) -> Path:
    path = folder / "run.yaml"
    corpus = {"sources": sources, **sections.pop("corpus", {})}
    path.write_text(yaml.safe_dump({"output": "out", "corpus": corpus, **sections}))
    return path


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def rejected(tmp_path_factory) -> tuple[Path, dict[tuple[str, str], tuple[str, str]]]:
    """One run over everything bad at once: folder, and step and reason by (archive, path)."""
    root = tmp_path_factory.mktemp("bad")
    tree, archives = root / "tree", root / "archives"
    tree.mkdir()
    archives.mkdir()
    (tree / "good.py").write_text(GOOD)
    (tree / "invalid.py").write_bytes(b"x = '" + b"\xff\xfe\x80\x81\x8d\xc3\x28" * 20 + b"'\nprint(x)\nprint(x + x)\n")
    (tree / "nul.go").write_bytes(b"package nul\n\x00\x00\nfunc F() int { return 1 }\n")
    (tree / "line.js").write_bytes(b"const a = [" + b"1," * 10_000_000 + b"1];\n")  # 20 MB on one line
    (tree / "loop").symlink_to(tree)
    (tree / "dangling.py").symlink_to(tree / "nowhere.py")
    os.mkfifo(tree / "pipe.py")
    (archives / "good.zip").write_bytes(zipped(**{"pkg__fine.py": OTHER.encode()}))
    (archives / "broken.zip").write_bytes(zipped(**{"a.py": GOOD.encode() * 50})[:120])
    (archives / "bomb.zip").write_bytes(zipped(**{"bomb.py": b"a = 1\n" * 10_000_000}))
    (archives / "escape.zip").write_bytes(zipped(**{"..__..__escape.py": GOOD.encode()}))
    with tarfile.open(archives / "links.tar.gz", "w:gz") as archive:
        link = tarfile.TarInfo("link.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        inside = tarfile.TarInfo("/absolute.py")
        inside.size = len(GOOD)
        archive.addfile(inside, io.BytesIO(GOOD.encode()))
    lines = [
        json.dumps({"id": "1", "content": THIRD, "language": "Python"}),
        '{"id": "2", "content": "x = \\"\\ud800\\"\\nprint(x)\\nprint(x, x)\\n", "language": "Python"}',
        "{broken",
        json.dumps({"id": "4", "content": None, "language": "Python"}),
        json.dumps({"id": "5", "content": "IDENTIFICATION DIVISION.\nPROGRAM-ID. HELLO.\n", "language": "COBOL"}),
    ]
    (root / "records.jsonl").write_text("\n".join(lines) + "\n")
    columns = {"id": "id", "content": "content", "language": "language"}
    config = write_config(
        root,
        [
            {"type": "directory", "name": "tree", "path": "tree"},
            {"type": "archive", "name": "archives", "path": "archives"},
            {"type": "jsonl", "name": "records", "path": "records.jsonl", "columns": columns},
        ],
    )
    done = glotmix("corpus", str(config))
    assert done.returncode == 0, done.stderr
    table = pl.read_parquet(root / "out" / "corpus" / "rejected" / "*.parquet")
    rows = table.select("archive", "path", "source_id", "step", "reason").rows()
    return root, {(archive, path or source_id): (step, reason) for archive, path, source_id, step, reason in rows}


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (("", "invalid.py"), ("encoding", "encoding")),
        (("", "nul.go"), ("encoding", "binary")),
        (("", "line.js"), ("source", "too_large")),
        (("", "loop"), ("source", "link")),
        (("", "dangling.py"), ("source", "link")),
        (("", "pipe.py"), ("source", "not_regular")),
        (("broken.zip", ""), ("source", "bad_archive")),
        (("bomb.zip", "bomb.py"), ("source", "bomb")),
        (("escape.zip", "../../escape.py"), ("source", "unsafe_path")),
        (("links.tar.gz", "link.py"), ("source", "link")),
        (("links.tar.gz", "/absolute.py"), ("source", "unsafe_path")),
        (("records.jsonl", "2"), ("encoding", "encoding")),
        (("records.jsonl", "4"), ("source", "bad_record")),
        (("records.jsonl", "5"), ("language", "unknown_language")),
    ],
)
def test_what_is_bad_is_rejected_with_its_reason(rejected, place, expected):
    assert rejected[1][place] == expected


def test_a_line_that_is_no_record_is_counted(rejected):
    assert ("source", "bad_record") in {v for (archive, _), v in rejected[1].items() if archive == "records.jsonl"}


def test_good_files_beside_bad_ones_become_documents(rejected):
    documents = pl.read_parquet(rejected[0] / "out" / "corpus" / "documents" / "*.parquet")
    assert sorted(documents["path"].to_list()) == ["", "good.py", "pkg/fine.py"]


def test_nothing_is_written_outside_the_output(rejected):
    names = {p.name for p in rejected[0].iterdir()}
    assert names == {"tree", "archives", "records.jsonl", "run.yaml", "out"}
    assert not (rejected[0].parent / "escape.py").exists()


@pytest.fixture
def source(tmp_path) -> dict:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "good.py").write_text(GOOD)
    return {"type": "directory", "name": "code", "path": "src"}


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"corpus": {"gatez": {}}}, 2, "gatez: unknown key; allowed here: sources, languages"),
        ({"mix": {"proportions": {"python": 0.5, "go": 0.4}}}, 2, "sum to 0.9"),
        ({"mix": {"proportions": {"python": 0.5, "cobol": 0.5}}}, 2, "cobol"),
        ({"corpus": {"languages": ["cobol"]}}, 2, "cobol"),
        ({"colour": 1}, 2, "colour: unknown key; allowed here: output, corpus"),
        ({"executor": {"workers": "many"}}, 2, "executor.workers"),
    ],
)
def test_a_bad_configuration_is_explained(tmp_path, source, change, code, message):
    done = glotmix("run", str(write_config(tmp_path, [source], **change)))
    assert done.returncode == code
    assert message in " ".join(done.stderr.split())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("path", "message"), [("missing", "missing"), ("empty", "holds nothing to read")], ids=["missing path", "empty"]
)
def test_a_source_with_nothing_in_it_is_an_error(tmp_path, path, message):
    (tmp_path / "empty").mkdir()
    done = glotmix("run", str(write_config(tmp_path, [{"type": "directory", "name": "code", "path": path}])))
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_corpus_without_a_single_document_is_an_error(tmp_path, source):
    (tmp_path / "src" / "good.py").write_text("x\n")
    done = glotmix("run", str(write_config(tmp_path, [source])))
    assert done.returncode == 1
    assert "not one of 1 files became a document (gate/too_small: 1)" in done.stderr


@pytest.mark.parametrize(
    ("number", "name", "place"),
    [
        (28, "No space left on device", "/ingest/documents/"),
        (28, "No space left on device", "/corpus/manifest.json"),
        (13, "Permission denied", "/corpus/documents/"),
    ],
    ids=["full disk in a task", "full disk at the end", "no permission"],
)
def test_a_write_that_fails_is_reported_and_the_run_can_go_on(tmp_path, source, number, name, place):
    inject = tmp_path / "inject"
    inject.mkdir()
    (inject / "sitecustomize.py").write_text(INJECT)
    config = write_config(tmp_path, [source])
    done = glotmix("corpus", str(config), INJECTED=f"{number}:{place}", PYTHONPATH=str(inject))
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "corpus" / "manifest.json").exists()
    again = glotmix("corpus", str(config))
    assert again.returncode == 0, again.stderr
    assert pl.read_parquet(tmp_path / "out" / "corpus" / "documents" / "*.parquet").height == 1


def test_an_output_that_is_no_folder_is_an_error(tmp_path, source):
    (tmp_path / "out").write_text("a file\n")
    done = glotmix("run", str(write_config(tmp_path, [source])))
    assert done.returncode == 2
    assert "give another folder" in done.stderr
