"""Comments, strings and code: every form of every language, and text that is none of them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.languages import LANGUAGE_NAMES
from parsers.lexer import CODE, COMMENT, STRING, lex, parts

C_LIKE = ("java", "javascript", "typescript", "csharp", "go", "rust")


def strings(text: str, language: str) -> list[str]:
    return [s.decode() for s in lex(text.encode(), language).strings]


def comments(text: str, language: str) -> list[str]:
    return [s.decode() for s in lex(text.encode(), language).comments]


@pytest.mark.parametrize("language", C_LIKE)
def test_c_like_comments_end_with_their_line_or_mark(language):
    text = 'a = 1; // one "x" /* no\nb /* two // \n lines */ c'
    assert comments(text, language) == ['// one "x" /* no', "/* two // \n lines */"]
    assert lex(text.encode(), language).code == b"a = 1;  \nb   c"
    assert strings(text, language) == []


def test_python_comments_and_docstrings_are_comments():
    text = '"""Module."""\nimport re  # why\n\n\ndef f():\n    r"""Doc \\d."""\n    return """text""" + "# no"\n'
    assert comments(text, "python") == ['"""Module."""', "# why", '"""Doc \\d."""']
    assert strings(text, "python") == ['"""text"""', '"# no"']


@pytest.mark.parametrize("before", ["f(", "x = [", "x = (a,", "x = {", "x =\\", "y +"])
def test_a_python_string_on_its_own_line_inside_an_expression_is_no_docstring(before):
    text = f"{before}\n    '''some\ntext''')"
    assert comments(text, "python") == []
    assert strings(text, "python") == ["'''some\ntext'''"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "f'a{b}' + rb\"c\\\"d\" + ''", ["'a{b}'", '"c\\"d"', "''"]),
        ("python", 'x = \'\'\'it\'s\'\'\' + """say "hi" now"""', ["'''it's'''", '"""say "hi" now"""']),
        ("python", "'go on\\\nhere'", ["'go on\\\nhere'"]),
        ("java", "'a' + '\\'' + '\\u0041' + \"it's\"", ["'a'", "'\\''", "'\\u0041'", '"it\'s"']),
        ("java", 'x = """\n  a "b" \\""" c""";', ['"""\n  a "b" \\""" c"""']),
        ("javascript", "'a' + \"b\" + `c ${d} e`", ["'a'", '"b"', "`c ${d} e`"]),
        ("javascript", "`a ${x ? `b ${c}` : ''} d` + e", ["`a ${x ? `b ${c}` : ''} d`"]),
        ("typescript", "`${f({ a: { b: 1 } })}` + `$ { ${`", ["`${f({ a: { b: 1 } })}`", "`$ { ${`"]),
        ("javascript", 's.replace(/"[/"]\\//g, x / y / z)', ['/"[/"]\\//g']),
        ("javascript", "return /'/.test(a) && b => /'+/", [" /'/", " /'+/"]),
        ("typescript", "let a: Array<'x' | 'y'> = b / c / d;", ["'x'", "'y'"]),
        ("csharp", '@"a\\" + $@"b""c" + @$"d" + $"e{f}"', ['@"a\\"', '$@"b""c"', '@$"d"', '"e{f}"']),
        ("csharp", '$$"""a "b" {{c}}""" + """" x """ y """" + \'"\'', None),
        ("csharp", "#region Don't\nvar a = 'b';", ["'b'"]),
        ("go", "`raw \\ \"x\"\n` + \"a\\\"b\" + string('\\'') + '世'", ['`raw \\ "x"\n`', '"a\\"b"', "'\\''", "'世'"]),
        ("rust", "fn f<'a, 'b>(x: &'a str) -> char { 'x' }", ["'x'"]),
        ("rust", 'r#"a "b" "# + "two\nlines" + b\'\\\'\' as u8 + \'\\u{1F600}\'', None),
        ("rust", 'br##"a"# b"## ; r#type ; \'outer: loop {}', ['br##"a"# b"##']),
    ],
)
def test_strings_of_each_language(language, text, expected):
    special = {
        "csharp": ['$$"""a "b" {{c}}"""', '"""" x """ y """"', "'\"'"],
        "rust": ['r#"a "b" "#', '"two\nlines"', "'\\''", "'\\u{1F600}'"],
    }
    assert strings(text, language) == (special[language] if expected is None else expected)


def test_rust_comments_nest():
    assert comments("/* a /* b */ c */ d", "rust") == ["/* a /* b */ c */"]
    assert comments("/* a /* b */ c */ d", "java") == ["/* a /* b */"]
    assert comments("/* a /* b", "rust") == ["/* a /* b"]


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_string_that_nobody_closes_ends_with_its_line(language, quote):
    text = f"a = {quote}open\nb = 1"
    over_lines = language == "rust" and quote == '"'
    assert (b"b = 1" in lex(text.encode(), language).code) is not over_lines


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", '"""open\nb'),
        ("python", "x = '''open\nb\\"),
        ("java", '"""open\nb'),
        ("go", "`open\nb"),
        ("javascript", "`open ${b\nc"),
        ("csharp", '@"open\nb'),
        ("csharp", '"""open\n""b'),
        ("rust", 'r##"open"#\nb'),
        ("rust", '"open\nb'),
        ("java", "/* open\nb"),
    ],
)
def test_what_goes_over_lines_and_is_never_closed_goes_on_to_the_end(language, text):
    lexed = lex(text.encode(), language)
    assert len(lexed.comments) + len(lexed.strings) == 1
    assert b"b" not in lexed.code.replace(b'""', b"")


def test_a_backslash_at_the_end_closes_what_is_open():
    for language, text in (("python", '"a\\'), ("python", '"""a\\'), ("go", '"a\\'), ("typescript", "`a\\")):
        assert strings(text, language) + comments(text, language) == [text]


def test_code_keeps_a_mark_for_each_string_and_a_blank_for_each_comment():
    assert lex(b"f(\"a\", 'b') # c\ng", "python").code == b'f("", "")  \ng'


def test_other_languages_are_refused():
    with pytest.raises(KeyError):
        lex(b"x", "cobol")


PIECES = [*b'" \' ` \\ / * // /* */ # """ \'\'\' ${ } { @ $ r#" r ( [ ] = a \x00 \xff \xc3\xa9'.split(), b"\n", b" "]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), st.sampled_from(LANGUAGE_NAMES))
def test_every_byte_belongs_to_exactly_one_part(content, language):
    found = list(parts(content, language))
    assert b"".join(text for _, text in found) == content
    assert all(text for _, text in found)
    assert all(a != CODE or b != CODE for (a, _), (b, _) in pairwise(found))
    lexed = lex(content, language)
    assert lexed.comments == [text for kind, text in found if kind == COMMENT]
    assert lexed.strings == [text for kind, text in found if kind == STRING]


HOSTILE = {
    "one line": b"x" * 300_000,
    "quotes": b'"' * 300_001,
    "apostrophes": b"'" * 300_001,
    "lifetimes": b"<'a, 'b" * 42_000,
    "back quotes": b"`" * 300_001,
    "escaped quotes and a backslash at the end": b'"' + b'\\"' * 150_000 + b"\\",
    "open holes": b"`" + b"${" * 150_000,
    "holes in holes": b"`${" * 99_000,
    "balanced holes that are never closed": b"`" + b"`${` ${} " * 33_000,
    "open regular expressions": b"(/" * 150_000,
    "open classes": b"(/[" * 99_000,
    "long classes that are never closed": b"(/[" + b"a" * 98 + b"]" * 2 + (b"(/[" + b"a" * 90 + b"]") * 3_000,
    "open raw strings": b'r#"' * 99_000,
    "hashes": b"r" + b"#" * 300_000,
    "open comments": b"/*" * 150_000,
    "slashes": b"/" * 300_000,
    "open verbatim strings": b'@"' * 150_000,
    "dollars": b"$" * 300_000,
    "triple quotes": b'"""' * 99_999,
    "blanks before a string": b" " * 300_000 + b'"""x"""',
    "braces": b"{" * 150_000 + b"}" * 150_000,
    "zeros": b"\x00" * 300_000,
}
"""A quadratic search over one of these takes a minute or more, a linear one far less than a second."""


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_anything_long_is_read_in_linear_time(text):
    for language in set(LANGUAGE_NAMES) - {"typescript"}:  # which is read as JavaScript is
        assert sum(len(piece) for _, piece in parts(text, language)) == len(text)
