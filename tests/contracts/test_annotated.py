import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from contracts.annotated import annotated_yaml
from contracts.config import StrictModel, validate
from contracts.errors import ConfigError
from glotmix import Configuration

SOURCE = {"type": "directory", "name": "code", "path": "src"}
VALUES = {"corpus": {"sources": [SOURCE]}}


def test_the_whole_configuration_comes_back_as_its_defaults():
    text = annotated_yaml(Configuration, VALUES)
    assert validate(Configuration, yaml.safe_load(text), "text") == Configuration.model_validate(VALUES)


def test_every_key_of_the_configuration_is_explained():
    lines = annotated_yaml(Configuration, VALUES).splitlines()
    keys = [i for i, line in enumerate(lines) if re.match(r" *[a-z_]+:", line)]
    inside_source = {i for i in keys if re.match(r" *(name|path): (code|src)$", lines[i])}
    assert len(keys) > 60
    assert [lines[i] for i in keys if i not in inside_source and not lines[i - 1].lstrip().startswith("#")] == []


def test_every_field_of_the_configuration_stands_in_the_text():
    def names(model) -> set[str]:
        data = model.model_dump()

        def walk(value) -> set[str]:
            return {k for k in value} | {n for v in value.values() if isinstance(v, dict) for n in walk(v)}

        return walk(data)

    text = annotated_yaml(Configuration, VALUES)
    assert [n for n in names(Configuration.model_validate(VALUES)) if not re.search(rf"^ *{n}:", text, re.M)] == []


class Section(StrictModel):
    """What a section is for."""

    size: int = 1
    """How large."""


class Whole(StrictModel):
    first: Section = Section(size=5)
    second: Section = Section()
    """Its own words."""
    maybe: Section | None = None
    """Nothing by default."""
    text: str = "x"
    """Some text."""


def test_a_section_shows_the_default_it_has_here_and_falls_back_on_its_class_for_words():
    text = annotated_yaml(Whole)
    assert yaml.safe_load(text) == {"first": {"size": 5}, "second": {"size": 1}, "maybe": None, "text": "x"}
    assert text.startswith("# What a section is for.\nfirst:\n  # How large.\n  size: 5\n# Its own words.\nsecond:")


def test_a_value_without_a_key_and_a_key_without_a_value_are_errors():
    with pytest.raises(ConfigError, match="Section has no sise"):
        annotated_yaml(Whole, {"first": {"sise": 1}})
    with pytest.raises(ConfigError, match=r"corpus\.sources has no default"):
        annotated_yaml(Configuration)


def test_notes_stand_behind_their_key_as_comments():
    text = annotated_yaml(Whole, notes={"second.size": "one\n\n- two: 3"})
    assert "  size: 1\n  # one\n  #\n  # - two: 3\n" in text
    assert yaml.safe_load(text)["second"] == {"size": 1}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_comes_back(value):
    assert yaml.safe_load(annotated_yaml(Whole, {"text": value}))["text"] == value


@given(
    st.lists(
        st.dictionaries(
            st.text("abc", min_size=1), st.one_of(st.integers(), st.text("{}[]:,#- ab'\""), st.lists(st.booleans())),
            min_size=1, max_size=4,
        ),
        max_size=3,
    )
)  # fmt: skip
def test_lists_of_mappings_come_back(value):
    class Holder(StrictModel):
        items: list[dict]

    assert yaml.safe_load(annotated_yaml(Holder, {"items": value})) == {"items": value}
