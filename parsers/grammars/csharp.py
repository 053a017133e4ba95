"""C# (tree-sitter-c-sharp)."""

from parsers.spec import LanguageSpec

CSHARP = LanguageSpec(
    name="csharp",
    title="C#",
    aliases=("c-sharp", "cs", "c_sharp", "c sharp", "csx", "dotnet"),
    extensions=(".cs", ".csx"),
    interpreters=("dotnet-script",),
    grammar=("tree_sitter_c_sharp", "language"),
    function_kinds={
        "method_declaration": "method",
        "constructor_declaration": "constructor",
        "destructor_declaration": "method",
        "operator_declaration": "method",
        "conversion_operator_declaration": "method",
        "local_function_statement": "function",
    },
    class_kinds={
        "class_declaration": "class",
        "interface_declaration": "interface",
        "struct_declaration": "struct",
        "record_declaration": "record",
        "enum_declaration": "enum",
    },
    binding_kinds={"variable_declarator": ("name", "")},
    lambda_kinds={"lambda_expression": "function", "anonymous_method_expression": "function"},
    unwrap_kinds=frozenset({"parenthesized_expression", "cast_expression"}),
    wrapper_kinds=frozenset(
        {"local_declaration_statement", "variable_declaration", "field_declaration", "global_statement"}
    ),
    comment_kinds=frozenset({"comment"}),
    comment_prefixes=(b"//",),
    import_kinds=frozenset({"using_directive", "extern_alias_directive"}),
    signposts=(b"{", b"=>"),
    test_classes=rb"\w+Tests?|\w+Fixture",
    test_marks=rb"\[\s*(?:\w+\.)*(?:Fact|Theory|Test|TestCase|TestCaseSource|TestMethod|DataTestMethod|Benchmark)"
    rb"(?:Attribute)?\s*[\](,]",
)
"""Row of the language table."""
