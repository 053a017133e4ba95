"""Units of each language: what is found, where it begins, what it is called."""

import subprocess
import sys
import time

import pytest

from parsers.naming import go_receiver
from parsers.syntax import parse
from parsers.units import MAX_CONTAINER, extract_units

CASES = {
    "python": (
        b"def top(a, *, b=1, **k):\n    def inner(): pass\n    return inner\nadd = lambda x, y: x + y\n"
        b"class C(B):\n    def __init__(self, a): pass\n    if True:\n        async def m(self): pass\n"
        b"    @staticmethod\n    def s(a): pass\nfor x in y:\n    def looped(): pass\n",
        [
            ("function", "top", "", 3, True), ("function", "inner", "top", 0, True), ("function", "add", "", 2, True),
            ("class", "C", "", -1, True), ("constructor", "__init__", "C", 1, True), ("method", "m", "C", 0, True),
            ("method", "s", "C", 1, True), ("function", "looped", "", 0, True),
        ],
    ),
    "java": (
        b"package a; class A<T> { A(int x) {} abstract int f(String a, int... b); static class N { void g() {} }\n"
        b" Runnable r = () -> { class L { void z() {} } };\n"
        b" Object o = new Object() { public int hashCode() { return 1; } }; }\n"
        b"interface I { int h(); } enum E { X { int k() { return 1; } }; } record R(int a) { R { } }",
        [
            ("class", "A", "", -1, True), ("constructor", "A", "A", 1, True), ("method", "f", "A", 2, False),
            ("class", "N", "A", -1, True), ("method", "g", "A.N", 0, True), ("method", "r", "A", 0, True),
            ("class", "L", "A.r", -1, True), ("method", "z", "A.r.L", 0, True), ("method", "hashCode", "A", 0, True),
            ("interface", "I", "", -1, True), ("method", "h", "I", 0, False), ("enum", "E", "", -1, True),
            ("method", "k", "E", 0, True), ("record", "R", "", -1, True),
            ("constructor", "R", "R", 0, True),
        ],
    ),
    "javascript": (
        b"function a() { const b = x => x; return () => { function c() {} } }\n"
        b"const o = { m(p) {}, k: function () {}, 'l-l': async () => 1, get g() { return 1 } };\n"
        b"class K extends L { constructor(a, b) { super() } static #p() {} f = (x) => x; *gen() {} }\n"
        b"A.prototype.z = function (q) {}; module.exports = function () {}; exports.e = () => 1;\n"
        b"export default (s = {}) => { };\ndescribe('x', () => { function h() {} });\nvar M = class { n() {} };",
        [
            ("function", "a", "", 0, True), ("function", "b", "a", 1, True), ("function", "c", "a", 0, True),
            ("method", "m", "", 1, True), ("method", "k", "", 0, True), ("method", "l-l", "", 0, True),
            ("method", "g", "", 0, True), ("class", "K", "", -1, True), ("constructor", "constructor", "K", 2, True),
            ("method", "#p", "K", 0, True), ("method", "f", "K", 1, True), ("method", "gen", "K", 0, True),
            ("method", "z", "A", 1, True), ("function", "exports", "", 0, True), ("function", "e", "", 0, True),
            ("function", "default", "", 1, True), ("function", "h", "", 0, True), ("class", "M", "", -1, True),
            ("method", "n", "M", 0, True),
        ],
    ),
    "typescript": (
        b"export abstract class A { constructor(private x: number) {} abstract q(a: string): void;\n"
        b"p?: () => void = () => {}; }\n"
        b"interface I { m(a: number): void } enum E { A } declare function d(a: number): void;\n"
        b"function over(a: string): void; function over(a: any) {}\n"
        b"namespace N { export const f = <T,>(a: T) => a as unknown; }\nconst h = (function () {}) as Handler;",
        [
            ("class", "A", "", -1, True), ("constructor", "constructor", "A", 1, True), ("method", "q", "A", 1, False),
            ("method", "p", "A", 0, True), ("interface", "I", "", -1, True), ("method", "m", "I", 1, False),
            ("enum", "E", "", -1, True), ("function", "d", "", 1, False), ("function", "over", "", 1, False),
            ("function", "over", "", 1, True), ("function", "f", "N", 1, True), ("function", "h", "", 0, True),
        ],
    ),
    "csharp": (
        b"namespace N.M { public class C<T> : B { public C(int a) : base(a) {} ~C() {}\n"
        b"int F(string s, params int[] r) { int L(int q) => q; Func<int, int> g = x => x; return L(1); }\n"
        b"public static C operator +(C a, C b) => a; public static implicit operator int(C c) => 1;\n"
        b"interface I { void V(); } struct S { void W() {} } record R(int A); enum E { X } } }",
        [
            ("class", "C", "", -1, True), ("constructor", "C", "C", 1, True), ("method", "C", "C", 0, True),
            ("method", "F", "C", 2, True), ("function", "L", "C.F", 1, True), ("function", "g", "C.F", 1, True),
            ("method", "operator +", "C", 2, True), ("method", "operator int", "C", 1, True),
            ("interface", "I", "C", -1, True), ("method", "V", "C.I", 0, False), ("struct", "S", "C", -1, True),
            ("method", "W", "C.S", 0, True), ("record", "R", "C", -1, False), ("enum", "E", "C", -1, True),
        ],
    ),
    "go": (
        b"package a\n\ntype S[T any] struct { x T }\ntype (\n\tI interface { M(a, b int) error }\n\tA = int\n)\n"
        b"func (s *S[T]) F(a, b int, c ...string) { g := func(x int) {}; g(1) }\nfunc init() {}\nfunc ext(a int)\n"
        b"var v = func() {}\nfunc (S) N() { type L struct {} }\n",
        [
            ("struct", "S", "", -1, True), ("interface", "I", "", -1, True), ("method", "M", "I", 2, False),
            ("method", "F", "S", 3, True), ("function", "g", "S.F", 1, True), ("function", "init", "", 0, True),
            ("function", "ext", "", 1, False), ("function", "v", "", 0, True), ("method", "N", "S", 0, True),
            ("struct", "L", "S.N", -1, True),
        ],
    ),
    "rust": (
        b"impl<'a, T> Tr<T> for x::Foo<'a, T> { fn new() -> Self { f() } fn m(&self, a: i32) { let c = |x, y| x; } }\n"
        b"trait Tr { fn sig(&mut self); fn def(&self) {} }\nstruct U; enum E { A } union W { a: i32 }\n"
        b"mod inner { pub fn g() { fn h() {} } }\nunsafe extern \"C\" fn ffi(a: i32, b: i32) {}",
        [
            ("method", "new", "Foo", 0, True), ("method", "m", "Foo", 1, True), ("function", "c", "Foo.m", 2, True),
            ("trait", "Tr", "", -1, True), ("method", "sig", "Tr", 0, False), ("method", "def", "Tr", 0, True),
            ("struct", "U", "", -1, False), ("enum", "E", "", -1, True), ("union", "W", "", -1, True),
            ("function", "g", "inner", 0, True), ("function", "h", "inner.g", 0, True),
            ("function", "ffi", "", 2, True),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", CASES)
def test_units(language):
    source, expected = CASES[language]
    syntax = parse(source, language)
    assert not syntax.tree.root_node.has_error
    found = [(u.kind, u.name, u.container, u.parameters, u.has_body) for u in extract_units(syntax)]
    assert found == expected


@pytest.mark.parametrize(
    ("language", "source", "names"),
    [
        ("python", b"def a():\n    def b(): pass\nclass C:\n    def d(self): pass\n", ["a", "C", "d"]),
        ("javascript", b"function a() { function b() {} }\nf(() => { function c() {} })", ["a", "c"]),
    ],
)
def test_function_bodies_can_be_left_out(language, source, names):
    assert [unit.name for unit in extract_units(parse(source, language), nested=False)] == names


@pytest.mark.parametrize(
    ("language", "source", "start", "outer", "end"),
    [
        ("python", b"# no\n\n# c\n@a\n@b(\n  1)\ndef f():\n    pass\n\n", 7, 3, 8),
        ("python", b"class C:\n    # c\n    def f(self): pass\n", 3, 2, 3),
        ("python", b"#!/usr/bin/python\ndef f(): pass\n", 2, 2, 2),
        ("java", b"class C {\n  int x; // no\n\n  /**\n   * d\n   */\n  @A\n  void f() {\n  }\n}", 7, 4, 9),
        ("csharp", b"class C {\n  /// <summary/>\n  [A]\n  void f() {\n  }\n}", 3, 2, 5),
        ("go", b"package a\n\n// F is\n// it.\nfunc f() {\n}\n", 5, 3, 6),
        ("rust", b"/// d\n#[derive(\n  A)]\n#[b]\nfn f() {\n}\n", 5, 1, 6),
        ("javascript", b"/* d */\nexport const f =\n  () => {\n  };\n", 2, 1, 4),
        ("typescript", b"class C {\n  /** d */\n  @a()\n  f() {\n  }\n}", 4, 2, 5),
        ("typescript", b"const x = {\n  // c\n  f() {\n  },\n};", 3, 2, 4),
        ("java", b"class C { int a; /* no */ void f() {} }", 1, 1, 1),
    ],
)
def test_lines(language, source, start, outer, end):
    unit = next(unit for unit in extract_units(parse(source, language)) if unit.name == "f")
    assert (unit.start_line, unit.outer_start_line, unit.end_line) == (start, outer, end)
    assert source[: unit.outer_start_byte].count(b"\n") + 1 == outer
    assert source[: unit.start_byte].count(b"\n") + 1 == start
    assert source[unit.outer_start_byte : unit.outer_start_byte + 1].strip()


def test_what_stands_above_a_go_group_belongs_to_no_member():
    units = extract_units(parse(b"package a\n\n// both\ntype (\n\tA struct{}\n\t// b\n\tB struct{}\n)\n", "go"))
    assert [(unit.name, unit.outer_start_line) for unit in units] == [("A", 5), ("B", 6)]


@pytest.mark.parametrize(
    ("language", "source", "names"),
    [
        (
            "python",
            b"def test_a(): pass\ndef testing(): pass\nclass TestB: pass\nclass Testify: pass\n",
            ["test_a", "TestB"],
        ),
        ("java", b"class ATest { @Test void a() {} void b() {} @org.junit.Test void c() {} }", ["ATest", "a", "c"]),
        ("csharp", b"class A { [Fact] void B() {} [Theory, X] void C() {} [Obsolete] void D() {} }", ["B", "C"]),
        ("go", b"package a\nfunc TestA(t *T) {}\nfunc Testify() {}\nfunc BenchmarkB() {}\n", ["TestA", "BenchmarkB"]),
        (
            "rust",
            b"#[test]\nfn a() {}\nfn b() {}\nmod tests { fn c() {} }\n#[tokio::test]\nasync fn d() {}",
            ["a", "c", "d"],
        ),
        ("javascript", b"function testA() {}\nfunction testament() {}", ["testA"]),
    ],
)
def test_tests_are_marked(language, source, names):
    assert [unit.name for unit in extract_units(parse(source, language)) if unit.is_test] == names


def test_errors_stay_with_the_unit_they_are_in():
    source = b"function good() { return 1; }\nfunction bad() { return 1 +; }\nfunction fine() {}\n"
    units = extract_units(parse(source, "javascript"))
    assert [(unit.name, unit.has_error) for unit in units] == [("good", False), ("bad", True), ("fine", False)]


def test_names_that_are_not_utf_8_do_no_harm():
    units = extract_units(parse(b"def f\xff(): pass\n", "python"))
    assert all(isinstance(unit.name, str) for unit in units)


def test_many_units_in_one_line():
    source = b"class A{" + b"void f(){}" * 20_000 + b"}"
    assert len(extract_units(parse(source, "java"))) == 20_001


def test_a_long_container_keeps_its_innermost_names_behind_an_ellipsis():
    count = 60
    source = b"".join(b"function f%03d(){" % i for i in range(count)) + b"}" * count
    containers = [unit.container for unit in extract_units(parse(source, "javascript"))]
    names = [f"f{i:03d}" for i in range(count)]
    fitting = MAX_CONTAINER // 5  # four characters and a dot
    assert containers[fitting] == ".".join(names[:fitting])
    assert containers[-1] == "…." + ".".join(names[-1 - (MAX_CONTAINER - 1) // 5 : -1])
    assert max(map(len, containers)) <= MAX_CONTAINER


def test_one_long_name_is_cut_as_well():
    source = b"a" * 3000 + b".b.c = function () { function d() {} };"
    container = extract_units(parse(source, "javascript"))[-1].container
    assert container.startswith("…")
    assert len(container) <= MAX_CONTAINER


def test_a_rust_test_module_is_remembered_beyond_the_container():
    depth = 100
    source = b"mod tests {" + b"mod nested {" * depth + b"fn f() {}" + b"}" * (depth + 1)
    (unit,) = extract_units(parse(source, "rust"))
    assert "tests" not in unit.container
    assert unit.is_test


MEASURE = """
import resource, sys, time
from parsers.syntax import parse
from parsers.units import extract_units
size = 2_000_000
if sys.argv[1] == "javascript":
    source = b"function a(){" * (size // 14) + b"}" * (size // 14)
else:
    source = b"".join(b" " * depth + b"def a():\\n" for depth in range(1990)) + b" " * 1990 + b"pass\\n"
syntax = parse(source, sys.argv[1])
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
count = len(extract_units(syntax))
used = time.process_time() - start
print(count, used, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.parametrize(("language", "least"), [("javascript", 142_857), ("python", 500)])
def test_two_megabytes_of_nested_functions_take_linear_memory(language, least):
    # Python's grammar gives up indentation beyond 511 levels: the rest is one error.
    run = subprocess.run([sys.executable, "-c", MEASURE, language], capture_output=True, text=True, check=True)
    count, seconds, megabytes = map(float, run.stdout.split())
    assert count >= least
    assert seconds < 20
    assert megabytes < 400


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("javascript", b"(a=function(){" * 20_000 + b"}).b=function(){};" * 20_000),
        ("javascript", b"class A{m(a=" * 20_000 + b"1" + b"){}}" * 20_000),
        ("javascript", b"x */\nfunction f(){}\n" * 20_000),
        ("javascript", b"/* x */\nfunction f(){}\n" * 20_000),
        ("javascript", b"({k:(a=" * 4000 + b"1" + b")=>1})" * 4000),
        ("java", b"class A{" + b"@T void f(){}" * 30_000 + b"}"),
        ("go", b"package a\nfunc (s *T" + b" " * 400_000 + b"x) f() {}\n"),
    ],
)
def test_hostile_sources_take_linear_time(language, source):
    syntax = parse(source, language)
    start = time.process_time()
    extract_units(syntax)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("receiver", "name"),
    [
        ("(s *Stack[T])", "Stack"), ("(Stack)", "Stack"), ("( s  Stack , )", "Stack"), ("(s *Map[K, V],)", "Map"),
        ("(s Größe)", "Größe"), ("(s *T" + " " * 4000 + "x", "x"), ("(1)", ""), ("", ""), ("(s *)", ""),
        ("(s T[" + "a[" * 2000, "T"),
    ],
)  # fmt: skip
def test_go_receivers(receiver, name):
    start = time.process_time()
    assert go_receiver(receiver) == name
    assert time.process_time() - start < 0.05


@pytest.mark.parametrize(
    ("source", "outer"),
    [
        (b"/* a */ x(); y(); /*\n b */\nfunction f() {}", 3),
        (b"/* a */\nx(); // */\nfunction f() {}", 3),
        (b"/* a */\n/* b\n */\nfunction f() {}", 1),
        (b"/**/\nfunction f() {}", 1),
        (b"x = a */* b */\n1\nfunction f() {}", 3),
    ],
)
def test_a_comment_belongs_to_a_unit_only_from_its_own_beginning(source, outer):
    unit = next(unit for unit in extract_units(parse(source, "javascript")) if unit.name == "f")
    assert unit.outer_start_line == outer
