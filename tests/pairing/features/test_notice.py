import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.languages import LANGUAGE_NAMES
from pairing.features.notice import without_notice

CASES = {
    "block": ("java", b"/*\n * Licensed under MIT.\n */\npackage a;\n", b"\npackage a;\n"),
    "line comments": (
        "go",
        b"// Copyright 2020 A\n// all of it\n\n// Package b adds.\npackage b\n",
        b"\n\n// Package b adds.\npackage b\n",
    ),
    "only the notice": ("python", b"# (c) 2020\n\n# reads lines\nx = 1\n", b"\n\n# reads lines\nx = 1\n"),
    "regions": (
        "csharp",
        b"#region License\n// Copyright (c) X\n#endregion\nusing A;\n",
        b"#region License\n\n#endregion\nusing A;\n",
    ),
    "none": ("rust", b"// adds\nfn a() {}\n", b"// adds\nfn a() {}\n"),
    "after code": ("python", b"x = 1\n# licence: free\n", b"x = 1\n# licence: free\n"),
    "in code": ("javascript", b"const license = 'MIT'\n", b"const license = 'MIT'\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_notices_before_the_first_code_go_and_all_else_stays(name):
    language, content, rest = CASES[name]
    assert without_notice(content, language).strip() == rest.strip()


@given(st.binary(max_size=200), st.sampled_from(LANGUAGE_NAMES))
def test_any_bytes_without_a_notice_stay_as_they_are(content, language):
    plain = content.lower()
    if not any(
        word in plain for word in (b"licen", b"copyright", b"spdx", b"redistribution", b"warrant", b"rights", b"(c)")
    ):
        assert without_notice(content, language) == content


def test_a_head_of_ten_thousand_comments_is_read_once():
    content = b"// Copyright\n" * 10_000 + b"var x = 1\n"
    assert without_notice(content, "go").strip() == b"var x = 1"
