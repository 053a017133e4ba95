"""The rules for member paths, labels and globs."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sources.globs import PathFilter, PathPattern, check_pattern
from pipelines.sources.paths import MAX_PATH, UnsafePathError, byte_order, member_path, shown, table_path

ANY = st.text(st.characters(codec=None, categories=None), max_size=40)
TRICKY = st.lists(st.sampled_from(["a", "..", ".", "/", "\\", "C:", "\0", " ", "é", "\udcff", "~"]), max_size=8)


@pytest.mark.parametrize(
    "name",
    ["", ".", "./", "/etc/passwd", "../a", "a/../../b", "a/..", "C:/a", "c:a", "./C:/a", "\\\\host\\a", "\\a",
     "a\\..\\b", ".\\..\\a", "a\0b", "a/.. /b", "./\\a", "x" * (MAX_PATH + 1)],
)  # fmt: skip
def test_unsafe(name: str) -> None:
    with pytest.raises(UnsafePathError):
        member_path(name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [("a/b.py", "a/b.py"), ("./a//b", "a/b"), ("a/...", "a/..."), ("caf\udce9.py", "caf\\xe9.py"),
     ("a\\b", "a\\b"), ("~/a", "~/a")],
)  # fmt: skip
def test_safe(name: str, safe: str) -> None:
    assert member_path(name) == safe


@settings(deadline=None)
@given(st.one_of(ANY, TRICKY.map("".join)))
def test_a_member_path_never_escapes(name: str) -> None:
    try:
        path = member_path(name)
    except UnsafePathError:
        return
    path.encode("utf-8")
    assert path[0] != "/" and "\0" not in path
    if shown(name) == name:  # otherwise the escapes bring backslashes of their own
        parts = path.replace("\\", "/").split("/")
        assert ".." not in parts and parts[0] and not re.match("[A-Za-z]:", path)
    if path == name:
        assert member_path(path) == path


@settings(deadline=None)
@given(st.one_of(ANY, TRICKY.map("".join)))
def test_a_table_path_is_a_relative_label(name: str) -> None:
    try:
        path = table_path(name)
    except UnsafePathError:
        assert "\0" in name
        return
    path.encode("utf-8")
    assert not path.startswith("/") and not {"..", "."} & set(path.split("/"))


@settings(deadline=None)
@given(ANY)
def test_any_name_can_be_shown_and_sorted(name: str) -> None:
    shown(name).encode("utf-8")
    assert isinstance(byte_order(name), bytes)


@pytest.mark.parametrize(
    ("include", "exclude", "path", "kept"),
    [
        (["**"], [], "a/b", True),
        (["*.py"], [], "a/b/c.py", True),
        (["*.py"], [], "a/b/c.pyc", False),
        (["src/**/*.c"], [], "src/x.c", True),
        (["src/**/*.c"], [], "src/a/b/x.c", True),
        (["src/**/*.c"], [], "lib/src/x.c", False),
        (["/a"], [], "a/b", True),
        (["/a"], [], "b/a", False),
        (["**"], ["vendor"], "x/vendor/y/z.c", False),
        (["**"], ["a/*"], "a/b/c", False),
        (["**"], ["[!a].c"], "b.c", False),
        (["**"], ["[!a].c"], "a.c", True),
    ],
)
def test_filter(include: list[str], exclude: list[str], path: str, kept: bool) -> None:
    assert PathFilter(include, exclude).keeps(path) is kept


def test_a_pattern_is_linear_on_hostile_paths() -> None:
    assert not PathPattern("**/a/**/b/**/a/**/c").matches(["a", "b"] * 20_000)


@pytest.mark.parametrize("pattern", ["", "/", "a//b", "../a", "a/./b", "a\0", "x" * 2000])
def test_bad_patterns(pattern: str) -> None:
    with pytest.raises(ValueError, match="correct the pattern"):
        check_pattern(pattern)
