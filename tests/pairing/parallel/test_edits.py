from hypothesis import given
from hypothesis import strategies as st

from pairing.parallel.edits import Edit, Edits, inside_line, whole_lines, without_gaps

TEXT = bytes(range(40, 90))
found = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 12), st.binary(max_size=3)).map(
        lambda t: Edit(t[0], min(50, t[0] + t[1]), t[2])
    ),
    max_size=6,
)


@given(found)
def test_every_byte_that_stays_is_where_place_says(edits):
    made = Edits(edits)
    after = made.apply(TEXT)
    covered = {n for edit in edits for n in range(edit.start, edit.end)}
    for offset, byte in enumerate(TEXT):
        if offset not in covered:
            assert after[made.place(offset)] == byte
    places = [made.place(offset) for offset in range(len(TEXT) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(after)


@given(found)
def test_nothing_stays_of_what_was_taken_out(edits):
    covered = {n for edit in edits for n in range(edit.start, edit.end)}
    after = Edits(e._replace(text=b"") for e in edits).apply(TEXT)
    assert after == bytes(byte for n, byte in enumerate(TEXT) if n not in covered)


def test_of_two_edits_that_begin_alike_the_longer_stands():
    assert Edits([Edit(0, 1, b"a"), Edit(0, 3, b"b")]).apply(b"xyz.") == b"b."


def test_whole_lines_are_those_without_anything_else():
    text = b"a\n  b  \nc;\n"
    assert whole_lines(text, 4, 5) == (2, 8)
    assert whole_lines(text, 8, 9) is None
    assert whole_lines(text, 8, 9, b";") == (8, 11)
    assert whole_lines(b"x # c", 2, 5) is None
    assert whole_lines(b"# c", 0, 3) == (0, 3)


def test_blank_lines_around_what_goes_become_one_gap():
    text = b"a\n\n#1\n#2\n\nb\n#3\n\nc\n"
    edits = Edits(without_gaps(text, [(3, 6), (6, 9), (12, 15)]))
    assert edits.apply(text) == b"a\n\nb\n\nc\n"


def test_what_stood_between_code_keeps_it_apart():
    for text, start, end, after in (
        (b"a/*x*/b", 1, 6, b"a b"),
        (b"a /*x*/b", 2, 7, b"a b"),
        (b"a /*\n*/ b", 2, 7, b"a \n b"),
        (b"a  // x\nb", 3, 7, b"a\nb"),
        (b"a //", 2, 4, b"a"),
    ):
        assert Edits([inside_line(text, start, end)]).apply(text) == after
