"""Python (tree-sitter-python)."""

from parsers.spec import LanguageSpec

PYTHON = LanguageSpec(
    name="python",
    title="Python",
    aliases=("py", "python3", "py3", "cpython"),
    extensions=(".py", ".pyi", ".pyw"),
    filenames=("SConstruct", "SConscript", "wscript"),
    interpreters=("python", "pypy"),
    grammar=("tree_sitter_python", "language"),
    function_kinds={"function_definition": "function"},
    class_kinds={"class_definition": "class"},
    binding_kinds={"assignment": ("left", "right")},
    lambda_kinds={"lambda": "function"},
    unwrap_kinds=frozenset({"parenthesized_expression"}),
    wrapper_kinds=frozenset({"decorated_definition", "expression_statement"}),
    attribute_kinds=frozenset({"decorator"}),
    comment_kinds=frozenset({"comment"}),
    comment_prefixes=(b"#",),
    import_kinds=frozenset({"import_statement", "import_from_statement", "future_import_statement"}),
    signposts=(b"def ", b"class ", b"lambda", b"def\t", b"class\t"),
    receivers=frozenset({b"self", b"cls", b"positional_separator", b"keyword_separator"}),
    constructor_names=frozenset({"__init__"}),
    test_names=rb"test(?:[A-Z_0-9]\w*)?",
    test_classes=rb"Test(?:[A-Z_0-9]\w*)?|\w+Tests?|\w+TestCase",
)
"""Row of the language table."""
