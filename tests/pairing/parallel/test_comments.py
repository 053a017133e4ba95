from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.parallel.comments import comment_nodes, parses_as_well, stripped
from parsers.languages import LANGUAGES
from parsers.syntax import parse

SAMPLE = Path(__file__).resolve().parents[3] / "examples" / "polyglot"

PIECES = {
    "python": ["x = 1\n", "# one\n", "y = '# no'\n", "\n", "z = 2  # two\n",
               'def f():\n    # in\n    return """\n# no\n"""\n'],
    "java": ["int a; // x\n", "/* b */ int b;\n", 'String s = "/* no */";\n', "\n", "int c = 1 /* d */+/* e */+ 2;\n"],
    "javascript": ["let a = 1; // x\n", "/* b */\n", "let s = `// no ${a /* c */ + 1}`;\n", "\n", "f(/* a */);\n"],
    "typescript": ["let a: number = 1; // x\n", "/** b */\n", 'let s = "// no";\n', "\n", "f(/* a\n */);\n"],
    "csharp": ["int a; // x\n", "/// <b/>\n", 'string s = @"// no";\n', "\n", "int c = 1 /* d */+ 2;\n"],
    "go": ["var a = 1 // x\n", "// b\n", "var s = `// no`\n", "\n", "func f() int { return 1 /* d\n */ }\n"],
    "rust": ["fn a() {} // x\n", "/// b\n/// c\nfn b() {}\n", 'const S: &str = "// no";\n', "\n",
             "fn c() { /* d */ }\n"],
}  # fmt: skip


def leaves(syntax):
    """The tokens of a program without comments, and without what is inside of them."""
    found, stack = [], [syntax.tree.root_node]
    while stack:
        node = stack.pop()
        if node.type in LANGUAGES[syntax.language].comment_kinds:
            continue
        if not node.child_count:
            if text := syntax.source[node.start_byte : node.end_byte].strip():
                found.append(text)
            continue
        stack.extend(reversed(node.children))
    return found


def check(syntax):
    made = stripped(syntax)
    assert made is not None
    after, edits = made
    assert edits.apply(syntax.source) == after.source
    assert parses_as_well(after, syntax)
    assert leaves(after) == leaves(syntax)
    assert [n for n in comment_nodes(after) if not after.source.startswith(b"#!") or n.start_byte] == []


@pytest.mark.parametrize("language", PIECES)
@given(data=st.data())
@settings(max_examples=25)
def test_code_without_comments_has_the_same_tokens_and_parses_as_well(language, data):
    pieces = data.draw(st.lists(st.sampled_from(PIECES[language]), min_size=1, max_size=7))
    check(parse("".join(pieces).encode(), language))


@pytest.mark.parametrize("language", sorted(PIECES))
def test_programs_of_the_sample_lose_their_comments_and_nothing_else(language):
    files = [f for f in sorted(SAMPLE.rglob("*")) if f.suffix in LANGUAGES[language].extensions and f.is_file()][:12]
    assert len(files) > 5
    for file in files:
        check(parse(file.read_bytes(), language, file.name))


@pytest.mark.parametrize(
    ("source", "after"),
    [
        (b'"""Doc."""\n\nimport a\n', b"import a\n"),
        (b"def f():\n    'doc'\n", b"def f():\n    pass\n"),
        (b"def f():\n    'doc'\n    # c\n", b"def f():\n    pass\n"),
        (b"def f(): 'doc'\n", b"def f(): pass\n"),
        (b"class A:\n    '''d\n    e'''\n\n    x = 1\n", b"class A:\n\n    x = 1\n"),
        (b"def f():\n    f'no {x}'\n", b"def f():\n    f'no {x}'\n"),
        (b"def f():\n    b'no'\n", b"def f():\n    b'no'\n"),
        (b"def f():\n    x = 1\n    'no'\n", b"def f():\n    x = 1\n    'no'\n"),
        (b"if x:\n    'no'\n", b"if x:\n    'no'\n"),
        (b"def f():\n    ('a' 'b')\n    return 1\n", b"def f():\n    ('a' 'b')\n    return 1\n"),
        (b"def f():\n    'a' 'b'\n    return 1\n", b"def f():\n    return 1\n"),
    ],
)
def test_docstrings_go_when_they_shall_and_a_body_is_never_empty(source, after):
    syntax = parse(source, "python")
    made = stripped(syntax, docstrings=True)
    assert made is not None and made[0].source == after
    assert made[0].error_nodes == 0
    kept = stripped(syntax)
    assert (kept is not None and b"doc" in kept[0].source.lower()) or b"doc" not in source.lower()


def test_the_first_line_of_a_script_stays():
    made = stripped(parse(b"#!/usr/bin/env python\n# lic\nx = 1\n", "python"))
    assert made is not None and made[0].source == b"#!/usr/bin/env python\nx = 1\n"


def test_what_would_parse_worse_without_its_comments_is_left_alone():
    # an expression in a template that is nothing but a comment is whole; without it, it is none
    syntax = parse(b"let s = `${/* c */}`;\n", "javascript")
    made = stripped(syntax)
    assert made is None or parses_as_well(made[0], syntax)
    assert not parses_as_well(parse(b"let s = ;\n", "javascript"), parse(b"let s = 1;\n", "javascript"))
