"""The language table agrees with the grammars it names."""

import pickle

import pytest

from parsers import loaders
from parsers.languages import LANGUAGES, normalise_language
from parsers.loaders import GrammarMissing, language_bundle, load_language

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


def test_a_second_loader_is_asked_when_the_first_has_nothing(monkeypatch):
    import tree_sitter_python

    asked = []

    def without(name, grammar):
        raise ImportError("no wheel")

    def other(name, grammar):
        asked.append((name, grammar))
        return tree_sitter_python.language()

    monkeypatch.setattr(loaders, "LOADERS", [without, other])
    language = load_language("kotlin", ("tree_sitter_kotlin", "language"))
    assert asked == [("kotlin", ("tree_sitter_kotlin", "language"))]
    assert language.id_for_node_kind("function_definition", True)
    load_language.cache_clear()


def test_the_bundle_is_looked_up_by_symbol(monkeypatch, tmp_path):
    package = tmp_path / "tree_sitter_languages"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    seen = []

    class Library:
        def __init__(self, path):
            seen.append(path)

        def __getattr__(self, symbol):
            if not symbol.startswith("tree_sitter_"):
                raise AttributeError(symbol)
            seen.append(symbol)
            raise AttributeError(symbol)

    monkeypatch.setattr(loaders.ctypes, "CDLL", Library)
    for name, grammar in (
        ("csharp", ("tree_sitter_c_sharp", "language")),
        ("typescript", ("tree_sitter_typescript", "language_tsx")),
        ("typescript", ("tree_sitter_typescript", "language_typescript")),
    ):
        with pytest.raises(ImportError):
            language_bundle(name, grammar)
    assert [entry for entry in seen if "/" not in entry] == [
        "tree_sitter_c_sharp", "tree_sitter_tsx", "tree_sitter_typescript",
    ]  # fmt: skip


def test_a_missing_grammar_names_the_package():
    with pytest.raises(GrammarMissing, match="install tree-sitter-nothing"):
        load_language("nothing", ("tree_sitter_nothing", "language"))
