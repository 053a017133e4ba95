"""Java (tree-sitter-java)."""

from parsers.spec import LanguageSpec

JAVA = LanguageSpec(
    name="java",
    title="Java",
    aliases=("jdk",),
    extensions=(".java",),
    interpreters=("java",),
    grammar=("tree_sitter_java", "language"),
    function_kinds={
        "method_declaration": "method",
        "constructor_declaration": "constructor",
        "compact_constructor_declaration": "constructor",
    },
    class_kinds={
        "class_declaration": "class",
        "interface_declaration": "interface",
        "enum_declaration": "enum",
        "record_declaration": "record",
        "annotation_type_declaration": "annotation",
    },
    binding_kinds={"variable_declarator": ("name", "value")},
    lambda_kinds={"lambda_expression": "function"},
    unwrap_kinds=frozenset({"parenthesized_expression", "cast_expression"}),
    wrapper_kinds=frozenset({"local_variable_declaration", "field_declaration"}),
    comment_kinds=frozenset({"line_comment", "block_comment"}),
    comment_prefixes=(b"//",),
    import_kinds=frozenset({"import_declaration"}),
    signposts=(b"{", b"->"),
    receivers=frozenset({b"receiver_parameter"}),
    test_classes=rb"Test[A-Z]\w*|\w+Tests?|\w+TestCase|\w+IT",
    test_marks=rb"@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property)\b",
)
"""Row of the language table."""
