"""The language table agrees with the grammars it names."""

import ctypes
import importlib.util
import pickle
import sys
from dataclasses import replace
from importlib import metadata

import pytest
import tree_sitter_python

from parsers import loaders
from parsers.languages import LANGUAGES, normalise_language
from parsers.loaders import LOADERS, GrammarMissing, grammar_versions, load_language

KIND_FIELDS = (
    "function_kinds", "class_kinds", "scope_kinds", "binding_kinds", "lambda_kinds", "unwrap_kinds", "wrapper_kinds",
    "attribute_kinds", "comment_kinds", "import_kinds",
)  # fmt: skip


def test_order_is_that_of_the_reports():
    assert list(LANGUAGES) == ["python", "java", "javascript", "typescript", "csharp", "go", "rust"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_node_kind_is_in_every_grammar_of_the_language(name):
    spec = LANGUAGES[name]
    for grammar in (spec.grammar, *spec.dialects.values()):
        language = load_language(name, grammar)
        kinds = {kind for field in KIND_FIELDS for kind in getattr(spec, field)}
        if grammar[1] == "language_tsx":
            kinds.discard("type_assertion")  # `<T>x` would be JSX
        assert not {kind for kind in kinds if not language.id_for_node_kind(kind, True)}


def test_no_name_or_extension_is_claimed_twice():
    for field in ("aliases", "extensions", "filenames", "interpreters"):
        entries = [entry for spec in LANGUAGES.values() for entry in getattr(spec, field)]
        assert len(entries) == len(set(entries)), field


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("C#", "csharp"), ("c-sharp", "csharp"), ("cs", "csharp"), (" CSharp ", "csharp"), ("golang", "go"),
        ("JS", "javascript"), ("jsx", "javascript"), ("TSX", "typescript"), ("py", "python"), ("Rust", "rust"),
        ("C++", None), ("", None), ("javascripts", None),
    ],
)  # fmt: skip
def test_normalise_language(written, expected):
    assert normalise_language(written) == expected


def test_specifications_can_be_pickled():
    assert pickle.loads(pickle.dumps(LANGUAGES["typescript"])) == LANGUAGES["typescript"]


@pytest.fixture
def fresh():
    load_language.cache_clear()
    yield
    load_language.cache_clear()


@pytest.fixture
def bundle(monkeypatch, tmp_path):
    """A ``tree_sitter_languages`` whose library holds the Python grammar under two names; returns what was asked."""
    package = tmp_path / "tree_sitter_languages"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    capsule = tree_sitter_python.language()
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
    address = pointer(capsule, b"tree_sitter.Language")
    asked = []

    class Library:
        def __init__(self, path):
            asked.append(path.removeprefix(f"{tmp_path}/"))

        def __getattr__(self, symbol):
            asked.append(symbol)
            if symbol not in ("tree_sitter_kotlin", "tree_sitter_go"):
                raise AttributeError(f"undefined symbol: {symbol}")
            return ctypes.CFUNCTYPE(ctypes.c_void_p)(lambda: address)

    monkeypatch.setattr(loaders.ctypes, "CDLL", Library)
    return asked


def test_a_language_without_a_wheel_can_name_the_bundle(fresh, bundle):
    language = load_language("kotlin", ("tree_sitter_languages", "kotlin"))
    assert bundle == ["tree_sitter_languages/languages.so", "tree_sitter_kotlin"]
    assert language.id_for_node_kind("function_definition", True)


def test_a_grammar_that_the_bundle_lacks_is_missing(fresh, bundle):
    with pytest.raises(GrammarMissing, match=r"'cobol'.*undefined symbol: tree_sitter_cobol"):
        load_language("cobol", ("tree_sitter_languages", "cobol"))


def test_without_the_bundle_its_languages_are_missing(fresh, monkeypatch):
    monkeypatch.setitem(sys.modules, "tree_sitter_languages", None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(GrammarMissing, match="pip install tree-sitter-languages"):
        load_language("kotlin", ("tree_sitter_languages", "kotlin"))


def test_a_missing_wheel_is_never_replaced_by_the_bundle(fresh, bundle, monkeypatch):
    monkeypatch.setitem(sys.modules, "tree_sitter_go", None)
    with pytest.raises(GrammarMissing, match=r"'go'.*run: pip install tree-sitter-go"):
        load_language("go", LANGUAGES["go"].grammar)
    assert bundle == []


def test_every_language_of_the_table_has_its_own_wheel():
    for spec in LANGUAGES.values():
        for module, _ in (spec.grammar, *spec.dialects.values()):
            assert module.startswith("tree_sitter_")
            assert module not in LOADERS


def test_another_source_of_grammars_can_be_registered(fresh, monkeypatch):
    monkeypatch.setitem(LOADERS, "my_grammars", lambda grammar: tree_sitter_python.language())
    assert load_language("kotlin", ("my_grammars", "kotlin")).id_for_node_kind("module", True)


@pytest.mark.parametrize("grammar", [("tree_sitter_nothing", "language"), ("tree_sitter_python", "language_nothing")])
def test_a_missing_grammar_names_the_package_and_the_command(fresh, grammar):
    with pytest.raises(GrammarMissing, match=f"pip install {grammar[0].replace('_', '-')}"):
        load_language("nothing", grammar)


def test_grammar_versions_are_those_of_the_installed_packages(monkeypatch):
    versions = grammar_versions()
    assert list(versions) == [
        "tree-sitter-c-sharp", "tree-sitter-go", "tree-sitter-java", "tree-sitter-javascript", "tree-sitter-python",
        "tree-sitter-rust", "tree-sitter-typescript",
    ]  # fmt: skip
    assert all(versions[package] == metadata.version(package) for package in versions)
    monkeypatch.setattr(loaders, "LANGUAGES", {"x": replace(LANGUAGES["go"], grammar=("tree_sitter_nothing", "f"))})
    assert grammar_versions() == {}
