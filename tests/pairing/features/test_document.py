import re
import tracemalloc
from itertools import islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.languages import LANGUAGE_NAMES
from pairing.features.classes import CLASSES
from pairing.features.document import MAX_COUNT, Declarations, extract, grouped
from pairing.features.hashing import SPACE
from pairing.features.profile import PROFILE

PYTHON = '''"""Counts visits."""
from collections.abc import Mapping

def count_visits(userNames, x1):
    # every user once
    total = len(userNames) + x1 * 0x10
    print("seen {} users".format(total))
    return total
'''


def test_words_of_code_keywords_included(found):
    text = found(PYTHON, "python")
    assert text.count("words", "def") == 1
    assert text.count("words", "user") == 2  # not those in comment and string
    assert text.count("bag", "users") == 1
    assert text.count("bag", "_usernames") == 2
    assert text.count("words", "total") == 3


def test_comments_and_docstrings_are_one_class(found):
    words = {"count": 1, "visit": 1, "every": 1, "user": 1, "once": 1}
    assert found(PYTHON, "python").only("comments", words)


def test_calls_and_library_names_are_neutral(found):
    texts = {
        "python": "n = len(xs); ys.append(n); print(s.upper())",
        "java": "n = xs.size(); ys.add(n); System.out.println(s.toUpperCase());",
        "rust": "let n = xs.len(); ys.push(n); println!(s.to_uppercase());",
        "csharp": "n = xs.Count(); ys.Add(n); Console.WriteLine(s.ToUpper());",
    }
    for language, text in texts.items():
        calls = {"len": 1, "append": 1, "print": 1, "upper": 1}
        assert found(text, language).only("calls", calls), language
    api = {language: found(text, language).keys("api") for language, text in texts.items()}
    assert api["java"] == api["csharp"]
    assert api["rust"] <= api["java"]


@pytest.mark.parametrize("text", ["if (a) while (b) for (c) return (d)", "x1(2)", "f(3)", "f = (1)", "9abc (1)"])
def test_what_is_no_call_of_a_name_is_none(found, text):
    assert found(text, "java").keys("calls") == set()


def test_generic_calls_of_rust_are_calls(found):
    assert found("items.gather::<Vec<u8>>(); xs.parse::<f64>()", "rust").only("calls", {"parse": 1})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "from net.servers import Sockets\n"),
        ("java", "import net.servers.Sockets;\n"),
        ("csharp", "using Net.Servers.Sockets;\n"),
        ("rust", "use net::servers::Sockets;\n"),
    ],
)
def test_imports_are_stems_of_their_names(found, language, text):
    expected = {"net": 1, "serv": 1, "socket": 1} | ({"import": 1} if language == "python" else {})
    assert found("y = 1\n  " + text, language).only("imports", expected)


def test_declared_names_are_given_and_count_whole_and_in_parts(found):
    text = found(PYTHON, "python", ("count_visits", "m12", "main", "__init__", "T", "id"))
    assert text.only("declared", {"countvisits": 1})
    assert text.only("declared_words", {"count": 1, "visit": 1})
    assert found(PYTHON, "python").keys("declared") == set()


def test_letters_of_names_are_taken_by_fours(found):
    assert found("userNm = userNm", "go").only("chars", {"user": 2, "sern": 2, "ernm": 2})


def test_numbers_count_by_value_alone_and_with_their_neighbour(found):
    a, b = found("a = [1, 0x10, 3.50]", "python"), found("a := []float64{1, 16, 3.5}", "go")
    assert a.only("numbers", {"1": 1, "16": 1, "3.5": 1})
    assert a.keys("numbers") == b.keys("numbers")
    assert a.keys("number_pairs") == b.keys("number_pairs")
    assert len(a.keys("number_pairs")) == 4  # 16, 3.5 and two pairs
    assert a.count("literals", "#16") == 1


NAMES = ("m1", "m2", "m3", "m4")


@settings(deadline=None, max_examples=30)
@given(st.permutations(NAMES), st.sampled_from(LANGUAGE_NAMES))
def test_masked_names_are_read_by_no_class(order, language):
    text = 'class m1 { m2(m3) { return `${m4(m1, {m2})}` + "{m3} m4" + m2.m3; } } // m1 and m4\n/* m2 */ use m3;'
    other = dict(zip(NAMES, order, strict=True))
    renamed = re.sub(r"m\d+", lambda match: other[match[0]], text)
    one = extract(text.encode(), language, Declarations([b"m1", b"m2"], [-1, 1]))
    two = extract(renamed.encode(), language, Declarations([n.encode() for n in order[:2]], [-1, 1]))
    for a, b in ((one.indices, two.indices), (one.counts, two.counts), (one.classes, two.classes)):
        assert a.tolist() == b.tolist()
    assert one.profile.tolist() == two.profile.tolist()


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(LANGUAGE_NAMES))
def test_any_bytes_give_sorted_distinct_features(content, language):
    features = extract(content, language)
    keys = (features.indices.astype(np.int64) << 4) | features.classes
    assert (np.diff(keys) > 0).all()
    assert (features.indices < SPACE).all()
    assert (features.classes < len(CLASSES)).all()
    assert (features.counts > 0).all()
    assert features.indices.dtype == np.uint32
    assert features.counts.dtype == np.uint16
    assert features.classes.dtype == np.uint8
    assert np.isfinite(features.profile).all()
    assert features.profile.shape == (len(PROFILE),)


def test_counts_stop_at_the_largest_that_fits():
    indices, counts, classes = grouped(np.repeat(np.array([18, 3], np.uint32), [MAX_COUNT + 9, 2]))
    assert (indices.tolist(), counts.tolist(), classes.tolist()) == ([0, 1], [2, MAX_COUNT], [3, 2])


SIZE = 200_000
HOSTILE = {
    "one token": ("python", b"x" * SIZE),
    "one name again and again": ("java", b"userName " * (SIZE // 9)),
    "calls without brackets": ("rust", b"a::<" * (SIZE // 4)),
    "nested brackets": ("go", b"([{" * (SIZE // 3)),
    "open template": ("typescript", b"`${" * (SIZE // 3)),
    "digits": ("csharp", b"7" * SIZE),
    "one hexadecimal number": ("rust", b"0x" + b"f" * SIZE),
    "numbers": ("go", b"1,2," * (SIZE // 4)),
    "points": ("python", b"." * SIZE),
    "NUL": ("java", b"\x00" * SIZE),
    "no UTF-8": ("javascript", b"\xff\xfe\x80 " * (SIZE // 4)),
    "base64": ("python", b'"' + b"QmFzZTY0" * (SIZE // 8) + b'"'),
    "one literal": ("java", b'"' + b"{ ab " * (SIZE // 5) + b'"'),
    "one comment": ("rust", b"// " + b"word " * (SIZE // 5)),
    "blanks": ("python", b" " * SIZE),
    "lines of blanks": ("python", b"\n " * (SIZE // 2)),
    "operators": ("csharp", b"+-*/%&|^" * (SIZE // 8)),
    "underscores": ("go", b"_" * SIZE),
    "slashes and letters": ("typescript", b"a/" * (SIZE // 2)),
}
"""Quadratic work on one of these is 4e10 steps, a minute at least."""


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_read_in_bounded_time_and_memory(name):
    language, content = HOSTILE[name]
    tracemalloc.start()
    features = extract(content, language)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150 * SIZE
    assert len(features.indices) < SIZE
    assert features.profile[0] == pytest.approx(np.log1p(len(content)))


def test_a_file_of_twenty_thousand_functions_has_all_their_names():
    names = ["".join(letters) for letters in islice(product("abcdefghij", repeat=5), 20_000)]
    content = "".join(f"def {name}(): pass\n" for name in names).encode()
    features = extract(content, "python", Declarations([n.encode() for n in names], [0] * len(names)))
    declared = features.classes == CLASSES.index("declared")
    # a few share their place
    assert int(declared.sum()) == pytest.approx(len(set(names)), rel=0.01)
    assert features.profile[PROFILE.index("functions")] == pytest.approx(np.log1p(20_000))


def test_other_languages_are_refused():
    with pytest.raises(KeyError):
        extract(b"x", "cobol")
