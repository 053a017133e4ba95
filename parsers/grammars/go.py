"""Go (tree-sitter-go)."""

from parsers.spec import LanguageSpec

GO = LanguageSpec(
    name="go",
    title="Go",
    aliases=("golang",),
    extensions=(".go",),
    interpreters=("gorun",),
    grammar=("tree_sitter_go", "language"),
    function_kinds={"function_declaration": "function", "method_declaration": "method", "method_elem": "method"},
    class_kinds={"type_spec": "type"},
    binding_kinds={
        "short_var_declaration": ("left", "right"),
        "assignment_statement": ("left", "right"),
        "var_spec": ("name", "value"),
    },
    lambda_kinds={"func_literal": "function"},
    unwrap_kinds=frozenset({"expression_list", "parenthesized_expression"}),
    wrapper_kinds=frozenset({"type_declaration", "var_declaration"}),
    comment_kinds=frozenset({"comment"}),
    comment_prefixes=(b"//",),
    import_kinds=frozenset({"import_declaration"}),
    signposts=(b"func", b"type"),
    test_names=rb"(?:Test|Benchmark|Fuzz|Example)(?:[A-Z_0-9]\w*)?",
)
"""Row of the language table."""
