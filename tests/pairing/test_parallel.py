import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.languages import LANGUAGE_NAMES
from pairing.parallel import Program, alone, concatenated, parallel_texts, prompted

A = Program("a", "python", "print('héllo')\n")
B = Program("b", "csharp", 'Console.Write("日本");')
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@given(texts, texts, st.sampled_from(LANGUAGE_NAMES), st.sampled_from(LANGUAGE_NAMES))
def test_spans_cut_out_exactly_the_programs_in_every_form_and_direction(x, y, language_x, language_y):
    programs = {"x": Program("x", language_x, x), "y": Program("y", language_y, y)}
    found = list(parallel_texts(programs["x"], programs["y"], ("concat", "prompt", "shuffled")))
    assert len(found) == 8
    for direction, text in found:
        content = text.content.encode()
        languages = direction.split("->")
        for identity, span, language in (
            (text.id_source, text.source, languages[0]),
            (text.id_target, text.target, languages[1]),
        ):
            if identity:
                assert content[span[0] : span[1]] == programs[identity].text.encode()
                assert programs[identity].language == language
            else:
                assert span == (-1, -1)
        assert content.endswith(b"\n")


def test_the_texts_are_these():
    assert concatenated(A, B).content == "print('héllo')\n\nConsole.Write(\"日本\");\n"
    assert prompted(A, B).content == (
        "Translate this Python program to C#.\n\nPython:\nprint('héllo')\n\nC#:\nConsole.Write(\"日本\");\n"
    )
    assert [t.content for t in alone(A, B)] == ["print('héllo')\n", 'Console.Write("日本");\n']


def test_both_directions_of_every_form_hold_the_same_programs():
    found = list(parallel_texts(A, B, ("concat", "prompt", "shuffled")))
    forward = [t for d, t in found if d == "python->csharp"]
    backward = [t for d, t in found if d == "csharp->python"]
    assert [(t.form, t.id_source, t.id_target) for t in forward] == [
        ("concat", "a", "b"), ("prompt", "a", "b"), ("shuffled", "a", ""), ("shuffled", "", "b"),
    ]  # fmt: skip
    assert [(t.form, t.id_source, t.id_target) for t in backward] == [
        ("concat", "b", "a"), ("prompt", "b", "a"), ("shuffled", "b", ""), ("shuffled", "", "a"),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["concat", "prompt", "shuffled"])
def test_only_the_wanted_forms_are_made(form):
    assert {t.form for _, t in parallel_texts(A, B, (form,))} == {form}
