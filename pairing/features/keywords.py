"""What words of a language mean to its programs: keywords that name nothing, and control flow in neutral words."""

from typing import Final

KEYWORDS: Final = frozenset(
    # operators and control flow
    b"and or not is in if elif else for foreach while do loop switch match case default break continue return yield "
    b"try except catch finally raise throw throws with defer go select range where pass assert "
    # declarations
    b"def func fn function class struct interface trait enum impl type lambda var let const mut package namespace "
    b"import from export use using mod crate pub extends implements chan map "
    # modifiers
    b"public private protected internal static final readonly abstract override virtual sealed async await global "
    b"nonlocal unsafe move dyn "
    # values and operators on objects
    b"new make len del self this super null nil none undefined true false instanceof typeof keyof as ref out params "
    b"get set "
    # plain types
    b"object string str int integer long short byte bool boolean float double char rune number any unknown never void "
    b"error box usize isize uint u8 u16 u32 u64 i8 i16 i32 i64 f32 f64 uint8 uint16 uint32 uint64 int8 int16 int32 "
    b"int64".split()
)
"""Words that some language of the seven reserves or predeclares, in lower case. They are left out in all languages
alike: what is a name in one and a keyword in another would otherwise count on one side only."""

BRANCH, LOOP, CASE, RETURN, THROW, FUNCTION, TYPE = b"if", b"loop", b"case", b"ret", b"throw", b"fn", b"cls"

FLOW: Final = {
    b"if": BRANCH,
    b"elif": BRANCH,
    b"else": b"else",
    b"for": LOOP,
    b"foreach": LOOP,
    b"while": LOOP,
    b"loop": LOOP,
    b"switch": CASE,
    b"match": CASE,
    b"case": CASE,
    b"return": RETURN,
    b"yield": b"yield",
    b"throw": THROW,
    b"raise": THROW,
    b"panic": THROW,
    b"break": b"break",
    b"continue": b"cont",
    b"try": b"try",
    b"catch": b"catch",
    b"except": b"catch",
    b"and": b"&&",
    b"or": b"||",
    b"not": b"!",
    b"===": b"==",
    b"!==": b"!=",
    b"def": FUNCTION,
    b"func": FUNCTION,
    b"fn": FUNCTION,
    b"function": FUNCTION,
    b"class": TYPE,
    b"struct": TYPE,
    b"true": b"T",
    b"True": b"T",
    b"false": b"F",
    b"False": b"F",
    b"None": b"0",
    b"null": b"0",
    b"nil": b"0",
    b"undefined": b"0",
    b'""': b"S",
    b"new": b"",
}
"""Tokens of control flow and of plain values by what they do; empty: others have no word for it."""

SILENT: Final = frozenset([b"(", b")", b"{", b"}", b"[", b"]", b",", b";", b":", b".", b"->", b"=>", b"?"])
"""Punctuation that languages use for different things, or where others have none."""
