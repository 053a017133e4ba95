"""JavaScript and TypeScript (tree-sitter-javascript, tree-sitter-typescript), which share most node kinds."""

from parsers.spec import LanguageSpec

_FUNCTIONS = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "method_definition": "method",
}
_LAMBDAS = {
    "arrow_function": "function",
    "function_expression": "function",
    "generator_function": "function",
    "class": "class",
}
_BINDINGS = {
    "variable_declarator": ("name", "value"),
    "assignment_expression": ("left", "right"),
    "pair": ("key", "value"),
}
_WRAPPERS = frozenset({"export_statement", "lexical_declaration", "variable_declaration", "expression_statement"})
_COMMENTS = frozenset({"comment", "html_comment"})
_TEST_NAMES = rb"test(?:[A-Z_]\w*)?|should[A-Z_]\w*"

JAVASCRIPT = LanguageSpec(
    name="javascript",
    title="JavaScript",
    aliases=("js", "jsx", "node", "nodejs", "node.js", "mjs", "cjs", "ecmascript", "es6"),
    extensions=(".js", ".jsx", ".mjs", ".cjs", ".es6"),
    filenames=("Jakefile",),
    interpreters=("node", "nodejs", "bun", "gjs", "rhino", "qjs"),
    grammar=("tree_sitter_javascript", "language"),
    function_kinds=_FUNCTIONS,
    class_kinds={"class_declaration": "class"},
    binding_kinds={**_BINDINGS, "field_definition": ("property", "value")},
    lambda_kinds=_LAMBDAS,
    unwrap_kinds=frozenset({"parenthesized_expression"}),
    wrapper_kinds=_WRAPPERS,
    attribute_kinds=frozenset({"decorator"}),
    comment_kinds=_COMMENTS,
    comment_prefixes=(b"//",),
    import_kinds=frozenset({"import_statement"}),
    signposts=(b"{", b"=>"),
    constructor_names=frozenset({"constructor"}),
    test_names=_TEST_NAMES,
)
"""Row of the language table."""

TYPESCRIPT = LanguageSpec(
    name="typescript",
    title="TypeScript",
    aliases=("ts", "tsx", "mts", "cts", "deno"),
    extensions=(".ts", ".tsx", ".mts", ".cts"),
    interpreters=("ts-node", "tsx", "deno"),
    grammar=("tree_sitter_typescript", "language_typescript"),
    dialects={".tsx": ("tree_sitter_typescript", "language_tsx")},
    function_kinds={
        **_FUNCTIONS,
        "function_signature": "function",
        "method_signature": "method",
        "abstract_method_signature": "method",
    },
    class_kinds={
        "class_declaration": "class",
        "abstract_class_declaration": "class",
        "interface_declaration": "interface",
        "enum_declaration": "enum",
    },
    scope_kinds={"internal_module": "name", "module": "name"},
    binding_kinds={**_BINDINGS, "public_field_definition": ("name", "value")},
    lambda_kinds=_LAMBDAS,
    unwrap_kinds=frozenset(
        {"parenthesized_expression", "as_expression", "satisfies_expression", "type_assertion", "non_null_expression"}
    ),
    wrapper_kinds=_WRAPPERS | {"ambient_declaration"},
    attribute_kinds=frozenset({"decorator"}),
    comment_kinds=_COMMENTS,
    comment_prefixes=(b"//",),
    import_kinds=frozenset({"import_statement"}),
    signposts=(b"{", b"=>", b"function"),
    constructor_names=frozenset({"constructor"}),
    test_names=_TEST_NAMES,
)
"""Row of the language table."""
