import pytest

from pairing.features.classes import NUMBER
from pairing.features.document import MAX_STREAM
from pairing.features.shape import shape_keys, symbol, symbols

SUMS = {
    "python": "def f(xs):\n s = 0\n for x in xs:\n  if x > 3 and not x == 7:\n   s += x\n return s\n",
    "java": "int sumAll(int[] v) { int s = 0; for (int x : v) { if (x > 3 && !x == 7) { s += x; } } return s; }",
    "go": "func Sum(v []int) int { r := 0\n for _, x := range v {\n if x > 3 && !x == 7 { r += x }\n }\n return r\n}",
    "rust": "fn sum(v: &[i32]) -> i32 { let mut s = 0; for x in v { if x > 3 && !x == 7 { s += x; } } return s; }",
    "typescript": "function f(v: int[]) { let s = 0; for (const x of v) { if (x > 3 && !x === 7) s += x } return s }",
}  # fmt: skip


def test_the_same_program_has_much_of_its_shape_in_every_language(found):
    shapes = {language: found(text, language).keys("shape") for language, text in SUMS.items()}
    for language, shape in shapes.items():
        assert len(shape & shapes["python"]) > 0.5 * len(shapes["python"]), language


def test_the_shape_holds_no_names(found):
    a = found("def f(x):\n    if x > 1: return g(x) + 2\n", "python")
    b = found("def other(value):\n    if value > 7: return call(value) + 12\n", "python")
    assert a.keys("shape") == b.keys("shape") != set()


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (b"while", b"loop"),
        (b"elif", b"if"),
        (b"===", b"=="),
        (b"nil", b"0"),
        (b'""', b"S"),
        (b"0x1F", b"#"),
        (b"public", b""),
        (b"new", b""),
        (b"{", b""),
        (b"myName", b""),
        (b"m12", b""),
        (b"toLowerCase", b"lower"),
        (b"<<", b"<<"),
        ("é".encode(), b""),
    ],
)
def test_what_a_token_is_in_the_shape(token, expected):
    assert symbol(token) == expected


def test_only_the_beginning_of_an_endless_program_is_read():
    tokens = [b"+", b"-", b"*"] * MAX_STREAM
    assert len(symbols(tokens)) == 3 * MAX_STREAM
    runs = shape_keys(tokens, MAX_STREAM)
    assert len(runs) == 4 * MAX_STREAM - (1 + 2 + 3 + 4)
    assert set((runs & 15).tolist()) == {NUMBER["shape"]}
    assert len(shape_keys([b"+"], MAX_STREAM)) == len(shape_keys([], MAX_STREAM)) == 0
