"""Lines and characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.statistics import line_statistics


@pytest.mark.parametrize(
    ("content", "lines", "longest", "mean"),
    [
        (b"", 0, 0, 0.0),
        (b"\n", 1, 0, 0.0),
        (b"ab", 1, 2, 2.0),
        (b"ab\n", 1, 2, 2.0),
        (b"ab\r\nc\r\n", 2, 2, 1.5),
        (b"ab\rcdef\r", 2, 4, 3.0),
        (b"ab\n\nabcd", 3, 4, 2.0),
        ("größe\n日本\n".encode(), 2, 5, 3.5),
    ],
)
def test_lines(content, lines, longest, mean):
    statistics = line_statistics(content)
    assert (statistics.lines, statistics.longest_line, statistics.mean_line) == (lines, longest, mean)


def test_shares():
    statistics = line_statistics("aé1٣ -\n".encode())
    assert statistics.alphanumeric_share == pytest.approx(4 / 7)


@given(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=40),
    st.data(),
)
def test_equals_the_slow_way(line, data):
    lines = [line, *data.draw(st.lists(st.text("ab ü日\t;1", max_size=9), max_size=6))]
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(lines) + end
    statistics = line_statistics(text.encode())
    assert statistics.lines == len(lines)
    assert statistics.longest_line == max(map(len, lines))
    assert statistics.mean_line == pytest.approx(sum(map(len, lines)) / len(lines))
    unix = "\n".join(lines) + "\n"
    assert statistics.alphanumeric_share == pytest.approx(sum(map(str.isalnum, unix)) / len(unix))


@given(st.binary(max_size=100))
def test_any_bytes(content):
    statistics = line_statistics(content)
    assert statistics.alphanumeric_share >= 0.0
    assert statistics.longest_line <= len(content)


def test_a_long_line():
    assert line_statistics(b"x" * 2_000_000).longest_line == 2_000_000
