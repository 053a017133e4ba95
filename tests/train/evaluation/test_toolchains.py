import shutil

import pytest

from train.evaluation import sandbox
from train.evaluation.toolchains import find, main_class, usable

pytestmark = pytest.mark.skipif(sandbox._no_isolation() is not None, reason=str(sandbox._no_isolation()))

PROGRAMS = {
    "python": ("def f(x): return x + 1\nassert f(1) == 2", "assert 1 == 2", "import os; os._exit(0)"),
    "javascript": ("require('assert').deepEqual([1], [1])", "require('assert').equal(1, 2)", "process.exit(0)"),
    "typescript": ("const x: number = 1;", "const x: number = 'a';"),
    "java": (
        "class Problem { static int f() { return 1; }\n public static void main(String[] a) { assert f() == 1; } }",
        "class Problem { public static void main(String[] a) { assert 1 == 2; } }",
    ),
    "go": (
        'package f_test\nimport "testing"\nfunc TestF(t *testing.T) { }\n',
        'package f_test\nimport "testing"\nfunc TestF(t *testing.T) { t.Errorf("no") }\n',
        'package main\nfunc main() { panic("no") }\n',
    ),
    "rust": ("fn main() { assert_eq!(1, 1); }", "fn main() { assert_eq!(1, 2); }", "fn main() { let x: i32 = ''; }"),
    "csharp": (
        "using System.Diagnostics; class P { static void Main() { Debug.Assert(1 == 1); } }",
        "using System.Diagnostics; class P { static void Main() { Debug.Assert(1 == 2); } }",
    ),
}
"""For each language a program that passes, and ones that do not: wrong, left early, not to be compiled."""


@pytest.mark.parametrize("language", PROGRAMS)
def test_right_programs_pass_and_wrong_ones_fail(language):
    tool = usable(language, True)
    if isinstance(tool, str):
        pytest.skip(tool)
    right, *wrong = PROGRAMS[language]
    found = tool.judge(right, 20.0, isolated=True)
    assert found.status == "passed", found
    assert [tool.judge(text, 20.0, isolated=True).status for text in wrong] == ["failed"] * len(wrong)


def test_what_went_wrong_is_told():
    found = usable("python", True).judge("1 / 0", 20.0, isolated=True)
    assert (found.step, found.code) == ("run", 1) and "ZeroDivisionError" in found.errors


@pytest.mark.parametrize("language", [name for name in PROGRAMS if name != "python"])
def test_a_language_without_its_programs_has_no_toolchain(language, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert find(language).startswith("no toolchain: ")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("public class Solution { }\nclass Other { static void main", "Solution"),
        ("class A { }\nclass Problem {\n public static void main(String[] a) { class B { } } }", "Problem"),
        ("interface X { }", "Main"),
    ],
)
def test_the_class_with_main_names_the_file(text, name):
    assert main_class(text) == name
