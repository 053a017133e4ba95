"""Tar archives as sources."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipelines.sources.config import ArchiveSource

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "a.tar": bytes,
    "a.tar.gz": gzip.compress,
    "a.tgz": gzip.compress,
    "a.crate": gzip.compress,
    "a.tar.zst": zstandard.compress,
    "a.tar.bz2": bz2.compress,
    "a.tar.xz": lzma.compress,
}


def tar(files: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT, *more: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in more:
            archive.addfile(info)
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def source(name: str = "a.tar", **more: Any) -> ArchiveSource:
    return ArchiveSource(name="t", path=name, **more)


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_compression_and_format(tmp_path: Path, read_all: Any, name: str, form: int) -> None:
    files = {"pkg-1/a.py": b"one", "pkg-1/" + "d" * 99 + "/é.py": os.urandom(3000), "pkg-1/empty": b""}
    (tmp_path / name).write_bytes(PACKERS[name](tar(files, form, special("pkg-1", tarfile.DIRTYPE))))
    got = read_all(source(name))
    assert {r.path: r.raw for r in got.records} == files
    assert {(r.repo, r.archive) for r in got.records} == {("a", name)}


def test_very_long_and_non_utf8_names(tmp_path: Path, read_all: Any) -> None:
    long = "/".join(["d" * 100] * 20)
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        (tmp_path / "a.tar").write_bytes(tar({long: b"x", "y" * 5000: b"", "caf\udce9": b"z"}, form))
        records = read_all(source()).records
        assert [(r.path[:4], r.problem.code if r.problem else "ok") for r in records] == [
            ("dddd", "ok"),
            ("yyyy", "unsafe_path"),
            ("caf\\", "ok"),
        ]


def test_links_devices_unsafe_and_duplicates(tmp_path: Path, read_all: Any) -> None:
    more = [
        special("sym", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard", tarfile.LNKTYPE, "a"),
        special("pipe", tarfile.FIFOTYPE),
        special("device", tarfile.CHRTYPE),
        special("label", b"V"),
        special("sparse", tarfile.GNUTYPE_SPARSE),
        special("a", tarfile.REGTYPE),
    ]
    (tmp_path / "a.tar").write_bytes(
        tar({"a": b"1", "../b": b"2", "/c": b"3", "C:\\d": b"4"}, tarfile.GNU_FORMAT, *more)
    )
    records = read_all(source()).records
    assert [(r.path, r.problem.code if r.problem else "ok") for r in records] == [
        ("a", "ok"),
        ("../b", "unsafe_path"),
        ("/c", "unsafe_path"),
        ("C:\\d", "unsafe_path"),
        ("sym", "link"),
        ("hard", "link"),
        ("pipe", "link"),
        ("device", "link"),
        ("label", "not_regular"),
        ("sparse", "not_regular"),
        ("a", "duplicate_member"),
    ]


@pytest.mark.parametrize("name", [name for name in PACKERS if name != "a.tar"])
def test_a_cut_stream(tmp_path: Path, read_all: Any, name: str) -> None:
    packed = PACKERS[name](tar({"a": b"1", "b": os.urandom(300_000), "c": b"2"}))
    (tmp_path / name).write_bytes(packed[: len(packed) // 2])
    records = read_all(source(name)).records
    assert [(r.path, r.problem.code) for r in records if r.problem] == [("", "bad_archive")]


def test_a_cut_between_members_and_trailing_data(tmp_path: Path, read_all: Any) -> None:
    whole = tar({"a": b"1", "b": b"2"}, tarfile.USTAR_FORMAT)
    for data, detail in ((whole[:1024], "without an end mark"), (whole + whole, "data follows the end mark")):
        (tmp_path / "a.tar").write_bytes(data)
        records = read_all(source()).records
        assert records[0].raw == b"1" and detail in records[-1].problem.detail


def test_a_wrong_checksum_at_the_end(tmp_path: Path, read_all: Any) -> None:
    packed = bytearray(gzip.compress(tar({"a": b"1"})))
    packed[-8] ^= 1
    (tmp_path / "a.tgz").write_bytes(packed)
    records = read_all(source("a.tgz")).records
    assert [(r.path, r.problem.code if r.problem else "ok") for r in records] == [
        ("a", "ok"),
        ("", "bad_archive"),
    ]


def test_a_broken_header_is_not_the_end(tmp_path: Path, read_all: Any) -> None:
    whole = bytearray(tar({"a": b"1", "b": b"2", "c": b"3"}, tarfile.USTAR_FORMAT))
    whole[1024] ^= 0x55
    (tmp_path / "a.tar").write_bytes(whole)
    assert [r.problem.code if r.problem else "ok" for r in read_all(source()).records] == [
        "ok",
        "bad_archive",
    ]


def test_broken_bytes_always_give_records(tmp_path: Path, read_all: Any) -> None:
    whole = tar({"a" * 150: b"1", "b": b"2"}, tarfile.PAX_FORMAT)[:4096]
    for at in range(0, len(whole), 7):
        (tmp_path / "a.tar").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert read_all(source()).records


def test_an_extended_header_of_any_size_is_refused(tmp_path: Path, read_all: Any) -> None:
    info = special("x", tarfile.XHDTYPE)
    info.size = 1 << 40
    (tmp_path / "a.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"0" * 4096)
    (record,) = read_all(source()).records
    assert record.problem.code == "bad_archive" and "extended header" in record.problem.detail


@pytest.mark.parametrize("name", ["a.tar.gz", "a.tar.zst", "a.tar.bz2", "a.tar.xz"])
def test_a_bomb(tmp_path: Path, read_all: Any, name: str) -> None:
    (tmp_path / name).write_bytes(PACKERS[name](tar({"a": b"1", "b": bytes(30_000_000), "c": b"2"})))
    records = read_all(source(name)).records
    assert [(r.path, r.problem.code if r.problem else "ok") for r in records] == [
        ("a", "ok"),
        ("b", "too_large"),
        ("", "bomb"),
    ]
    assert records[-1].problem.value > records[-1].problem.threshold == 200


def test_a_bomb_by_size_and_too_many_members(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "a.tar").write_bytes(tar({f"{n}": b"x" for n in range(30)}, tarfile.USTAR_FORMAT))
    records = read_all(source(max_expanded=5000)).records
    assert records[-1].problem.code == "bomb" and len(records) < 30
    records = read_all(source(max_members=10)).records
    assert len(records) == 11 and records[-1].problem.code == "too_many_members"


def test_a_zstd_window_beyond_the_limit(tmp_path: Path, read_all: Any) -> None:
    huge = zstandard.ZstdCompressionParameters(window_log=29, compression_level=1)
    packer = zstandard.ZstdCompressor(compression_params=huge).compressobj()
    bad = packer.compress(tar({"a": b"1"})) + packer.flush()
    good = zstandard.compress(b"")
    for data in (bad, good + bad):
        (tmp_path / "a.tar.zst").write_bytes(data)
        (record,) = read_all(source("a.tar.zst")).records
        assert record.problem.code == "bad_archive"


def test_name_and_bytes_must_agree(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "a.tar.gz").write_bytes(tar({"a": b"1"}))
    (record,) = read_all(source("a.tar.gz")).records
    assert "the name says gzip" in record.problem.detail


def test_concatenated_streams(tmp_path: Path, read_all: Any) -> None:
    whole = tar({"a": os.urandom(5000), "b": b"2"})
    for name in ("a.tar.gz", "a.tar.zst", "a.tar.bz2", "a.tar.xz"):
        pack = PACKERS[name]
        (tmp_path / name).write_bytes(pack(whole[:3000]) + pack(b"") + pack(whole[3000:]))
        assert read_all(source(name)).codes == {"a": "ok", "b": "ok"}


def test_too_large_members_are_passed_over(tmp_path: Path, read_all: Any) -> None:
    (tmp_path / "a.tgz").write_bytes(gzip.compress(tar({"a": os.urandom(3000), "b": b"2"})))
    got = read_all(source("a.tgz"), max_bytes=2999)
    assert got.codes == {"a": "too_large", "b": "ok"} and got.records[0].size == 3000
