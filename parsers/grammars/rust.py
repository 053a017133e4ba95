"""Rust (tree-sitter-rust)."""

from parsers.spec import LanguageSpec

RUST = LanguageSpec(
    name="rust",
    title="Rust",
    aliases=("rs", "rustlang"),
    extensions=(".rs",),
    interpreters=("rust-script", "run-cargo-script"),
    grammar=("tree_sitter_rust", "language"),
    function_kinds={"function_item": "function", "function_signature_item": "function"},
    class_kinds={"struct_item": "struct", "enum_item": "enum", "union_item": "union", "trait_item": "trait"},
    scope_kinds={"impl_item": "type", "mod_item": "name"},
    binding_kinds={"let_declaration": ("pattern", "value")},
    lambda_kinds={"closure_expression": "function"},
    unwrap_kinds=frozenset({"parenthesized_expression", "type_cast_expression"}),
    attribute_kinds=frozenset({"attribute_item"}),
    comment_kinds=frozenset({"line_comment", "block_comment"}),
    comment_prefixes=(b"//", b"#["),
    import_kinds=frozenset({"use_declaration", "extern_crate_declaration"}),
    signposts=(b"fn", b"struct", b"enum", b"union", b"trait", b"impl", b"mod", b"|"),
    receivers=frozenset({b"self_parameter", b"attribute_item"}),
    test_marks=rb"#\[\s*(?:\w+::)*(?:test|bench|rstest|test_case|proptest|quickcheck)\b",
)
"""Row of the language table."""
