import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.languages import LANGUAGE_NAMES
from pairing.parallel.templates import TEMPLATE, check_templates, fill, template_of
from pairing.parallel.texts import Program, alone, concatenated, grouped, pair_texts, prompted

A = Program("a", "python", "print('héllo')\n")
B = Program("b", "csharp", 'Console.Write("日本");')
FORMS = ("concat", "prompt", "shuffled")
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


def check_spans(text):
    content = text.content.encode()
    assert len(text.spans) == len(text.programs)
    for program, (start, end) in zip(text.programs, text.spans, strict=True):
        assert content[start:end] == program.text.encode()
    assert list(text.spans) == sorted(text.spans)
    assert "".join(text.pieces()) == text.content
    assert list(text.pieces())[1::2] == [program.text for program in text.programs]


@given(texts, texts, st.sampled_from(LANGUAGE_NAMES), st.sampled_from(LANGUAGE_NAMES))
def test_spans_cut_out_exactly_the_programs_in_every_form(x, y, language_x, language_y):
    source, target = Program("x", language_x, x), Program("y", language_y, y)
    found = list(pair_texts(source, target, FORMS, {}))
    assert [(t.form, t.id_source, t.id_target) for t in found] == [
        ("concat", "x", "y"), ("prompt", "x", "y"), ("shuffled", "x", ""), ("shuffled", "", "y"),
    ]  # fmt: skip
    for text in found:
        check_spans(text)
        assert text.direction == f"{language_x}->{language_y}"
        assert text.content.endswith("\n")
        assert text.source == (text.spans[0] if text.id_source else (-1, -1))
        assert text.target == (text.spans[-1] if text.id_target else (-1, -1))


@given(st.lists(texts, min_size=2, max_size=7))
def test_a_group_is_source_but_for_its_last_program(contents):
    programs = [Program(str(n), LANGUAGE_NAMES[n], text) for n, text in enumerate(contents)]
    text = grouped(programs)
    check_spans(text)
    assert text.direction == f"python->{programs[-1].language}"
    assert text.source == (0, text.spans[-2][1]) and text.target == text.spans[-1]
    assert (text.id_source, text.id_target) == ("0", programs[-1].id)


def test_the_texts_are_these():
    assert concatenated(A, B).content == "print('héllo')\n\nConsole.Write(\"日本\");\n"
    assert prompted(A, B, {}).content == (
        "Translate this Python program to C#.\n\nPython:\nprint('héllo')\n\nC#:\nConsole.Write(\"日本\");\n"
    )
    assert prompted(A, B, {}, "function").content.startswith("Translate this Python function to C#.")
    assert [t.content for t in alone(A, B)] == ["print('héllo')\n", 'Console.Write("日本");\n']
    assert grouped([A, B, A]).content == "print('héllo')\n\nConsole.Write(\"日本\");\n\nprint('héllo')\n"


def test_a_direction_takes_its_own_template_before_the_default_one():
    templates = {"default": "{source}=>{target}", "python->go": "// {{{target_language}}}\n{source}--{target}end"}
    assert template_of(templates, "go", "python") == "{source}=>{target}"
    assert template_of({}, "go", "python") == TEMPLATE
    assert fill(template_of(templates, "python", "go"), "python", "go", "file") == ("// {Go}\n", "--", "end")
    text = prompted(A, Program("g", "go", "x"), templates)
    assert text.content == "// {Go}\nprint('héllo')\n--x\nend"
    check_spans(text)


@pytest.mark.parametrize(
    ("templates", "told"),
    [
        ({"python-go": "{source}{target}"}, "names 'python-go'; allowed are default"),
        ({"go->go": "{source}{target}"}, "names 'go->go'"),
        ({"default": "{source}"}, r"default needs {source} and then {target}, each once; it has \['source'\]"),
        ({"default": "none"}, "it has neither"),
        ({"default": "{target}{source}"}, "source} and then"),
        ({"default": "{source}{source}{target}"}, "each once"),
        ({"default": "{source}{target}{repo}"}, r"placeholder {repo}; there are {source}"),
        ({"default": "{source}{target}{}"}, r"placeholder {}"),
        ({"default": "{source!r}{target}"}, "placeholder {source}"),
        ({"default": "{source:10}{target}"}, "placeholder {source}"),
        ({"default": "{source}{target} }"}, "doubled"),
    ],
)
def test_a_template_that_is_none_is_refused_with_its_name(templates, told):
    with pytest.raises(ValueError, match=r"parallel\.templates") as error:
        check_templates(templates)
    assert error.match(told)
