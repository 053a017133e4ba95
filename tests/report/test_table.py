import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from report.table import PIPED_WIDTH, TEXT, Summary, as_data, console, plain


def drawn(summary: Summary, width: int) -> str:
    out = io.StringIO()
    summary.print(Console(file=out, width=width))
    return out.getvalue()


def lines(summary: Summary, width: int) -> list[str]:
    return [line.rstrip() for line in drawn(summary, width).splitlines()]


def test_a_row_takes_one_line_and_numbers_stand_right():
    summary = Summary("Things", [{"name": "a", "size": 1234567}, {"name": "bb", "size": 5}])
    assert lines(summary, 80) == [
        "Things",
        "name       size",
        "────────────────",
        "a     1,234,567",
        "bb            5",
        "",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"), (True, "yes"), (False, "no"), (0.125, "0.125"), (1 / 3, "0.3333"), (12345.678, "12,346"),
        (1234, "1,234"), ("", ""), ([1, 2], "[1, 2]"), (list(range(20)), "(20 items)"),
        ("x" * 500, "(500 characters)"),
    ],
)  # fmt: skip
def test_values_are_shown_for_people(value, shown):
    assert shown in drawn(Summary("t", [{"v": value}]), 300)


@given(
    st.dictionaries(
        st.text("abcdefgh ", min_size=1, max_size=14).map(str.strip).filter(bool), st.integers(0, 10**12), min_size=2
    ),
    st.integers(60, 200),
)
def test_no_cell_and_no_heading_is_ever_cut_or_folded(row, width):
    text = drawn(Summary("t", [{"first": "javascript", **row}]), width)
    assert all(name in text for name in row)
    assert all(f"{number:,}" in text for number in row.values())
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text


def test_a_table_too_wide_is_drawn_in_blocks_that_repeat_the_first_column():
    rows = [{"name": n, **{f"column{i}": i * 1000 for i in range(9)}} for n in ("go", "rust")]
    found = lines(Summary("t", rows), 50)
    assert len([line for line in found if line.startswith("go")]) == 3
    assert len([line for line in found if line.startswith("name")]) == 3


def test_a_row_of_many_columns_is_drawn_downwards():
    found = lines(Summary("t", [{f"column{i}": "word " * 5 for i in range(20)}]), 80)
    assert "column7   word word word word word" in found


def test_columns_without_anything_give_way_only_when_space_is_short():
    rows = [{"name": "x" * 30, "nothing": "", "size": "y" * 30}]
    assert "nothing" in drawn(Summary("t", rows), 100)
    assert "nothing" not in drawn(Summary("t", rows), 68)


def test_long_text_wraps_whole():
    text = drawn(Summary("t", [{"name": "a", "text": "word " * 30, "n": 1}]), 80)
    assert text.count("word") == 30


def test_a_title_stays_on_one_line_and_an_empty_table_says_so():
    assert lines(Summary("long " * 30, []), 80) == [("long " * 30).rstrip(), "  nothing", ""]


def test_text_from_strangers_cannot_steer_the_terminal_or_the_markup():
    text = drawn(Summary("[red]t\x1b[2J", [{"[bold]n": "\x1b]0;x\x07\r[link]\u202ea\x9b\ud800"}]), 80)
    assert "[bold]n" in text
    assert "\\x1b]0;x\\x07\\r[link]\\u202ea\\x9b\\ud800" in text
    assert "\x1b" not in text


@given(st.text())
def test_plain_text_can_always_be_printed(text):
    made = plain(text)
    made.encode("utf-8")
    assert not {c for c in made if ord(c) < 32 and c != "\n"}
    assert plain(made) == made


def test_output_to_a_pipe_is_wide_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert console().width == PIPED_WIDTH
    monkeypatch.setenv("COLUMNS", "77")
    assert console().width == 77


def test_json_has_all_of_a_text_under_a_name_that_does_not_change():
    rows = [{"text": "x" * (TEXT * 3)}]
    assert as_data([Summary("Corpus: 3 documents", rows), Summary("Split; 2 shared", [])]) == {
        "corpus": {"title": "Corpus: 3 documents", "rows": rows},
        "split": {"title": "Split; 2 shared", "rows": []},
    }
