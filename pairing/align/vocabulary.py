"""Words that mean the same in seven languages: keywords, control flow, operators, types, common calls."""

import re
from functools import lru_cache
from typing import Final

TOKEN: Final = re.compile(rb"[A-Za-z_$][\w$]*+|\d[\w.]*+|\"\"|[-+*/%&|^<>=!~?]++|[()\[\]{};,.:]")
"""A token of code in which each string is ``""`` (see ``parsers.lexer``)."""

WORD: Final = re.compile(rb"[A-Za-z]++|\d++")
_PARTS: Final = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_WIDTH: Final = re.compile(rb"(?:u|i|f)(?:8|16|32|64|128|size)\Z")

NAMELESS: Final = re.compile(rb"_*[A-Za-z]{1,2}\d+\Z")
"""Names that say nothing: one or two letters and a number (``m12``, ``x1``), as renaming and generators leave them."""

MAX_WORD: Final = 64
"""Longer names are base64 or the like; they are no features."""

KEYWORDS: Final = frozenset(
    b"""public private protected internal static final readonly const let var val void class struct enum interface
    trait impl extends implements new def fn func function async await yield lambda self this cls mut pub crate
    super import from package namespace using use module export default override virtual abstract sealed if else
    elif for while do loop in of foreach switch case match when break continue return throw raise try catch except
    finally with as is not and or int integer long short byte char float double bool boolean string str number any
    object usize isize u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 uint rune error None null nil undefined
    true false True False Some Ok Err Self where ref out params throws typeof instanceof type go defer chan range
    make String Integer Boolean Double Long Character dyn box unsafe move list dict tuple set List Vec vec Option
    Result""".split()
)
"""Keywords and types of any of the languages: no names."""

FLOW: Final = {
    word.encode(): sign.encode()
    for sign, words in {
        "IF": "if elif", "EL": "else", "SW": "switch match", "CA": "case", "FOR": "for foreach", "WH": "while loop",
        "RET": "return", "THR": "throw raise panic Err", "TRY": "try", "CAT": "except catch", "BRK": "break",
        "CON": "continue", "&&": "and", "||": "or", "!": "not", "NEW": "new", "YLD": "yield", "AWT": "await",
        "NUL": "null None nil undefined", "TRU": "true True", "FAL": "false False", "IN": "in", "SLF": "this self",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Keywords that order what is done, under one sign in all languages."""

LOUD: Final = frozenset((b"RET", b"THR", b"NUL", b"TRU", b"FAL", b"&&", b"||"))
"""Signs that are also part of phrases."""

OPERATORS: Final = {
    b"===": b"==", b"!==": b"!=", b"**": b"pow", b"//": b"/", b"++": b"+=1", b"--": b"-=1", b">>>": b">>",
    b"??": b"||",
}  # fmt: skip
"""Operators under one sign in all languages."""

SILENT: Final = frozenset((b"->", b"=>", b"&", b"?", b"?."))
"""Operators that some languages write where others have none."""

TYPES: Final = {
    word.encode(): sign.encode()
    for sign, words in {
        "N": "int integer long short byte u8 u16 u32 u64 u128 usize isize i8 i16 i32 i64 i128 uint number Integer "
        "Long BigInteger bigint uint64 int64",
        "F": "float double f32 f64 float64 Double",
        "S": "str String string char rune Character CharSequence",
        "B": "bool boolean Boolean",
        "L": "list List Vec vec tuple Array IEnumerable Iterable Sequence ArrayList Iterator slice set Set HashSet",
        "M": "dict Dict map Map HashMap Dictionary BTreeMap Record Hashtable",
        "O": "Option Optional Result error Error None null nil undefined",
    }.items()
    for word in words.split()
}
"""Classes of types: whole, fraction, text, truth, list, map, maybe."""

_SAME = """len length count size getlength
push append add pushback insert addall extend concat
pop remove poll dequeue removelast
floor trunc floordiv
abs fabs
pow powi powf checkedpow
sqrt isqrt
max amax
min amin
print println printf writeline log fprintf
tostring str string stringify format sprintf fmt
upper toupper touppercase touppercaseinvariant toasciiuppercase
lower tolower tolowercase tolowercaseinvariant toasciilowercase
split fields splitwhitespace
contains includes has in containskey indexof hasownproperty some
map select collect
filter where
reduce fold aggregate sum
sort sorted orderby sortby sortunstable slice
reverse reversed rev
replace replaceall sub gsub
strip trim trimspace
charat charcodeat chars ord tochararray codepointat runes chr fromcharcode
substring substr subsequence
parseint int atoi parse valueof toint32 number parsedouble
isdigit isnumeric isasciidigit ischardigit
isletter isalpha isalphabetic isasciialphabetic
every all allmatch
any anymatch
range enumerate iter entries
error valueerror illegalargumentexception argumentexception err exception panic runtimeexception typeerror \
argumentoutofrangeexception rangeerror indexerror
keys keyset
startswith hasprefix
endswith hassuffix
equals eq equal assertequal assertequals assert asserteq tobe toequal
next hasnext"""
_CANON = {word.encode(): line.split()[0].encode() for line in reversed(_SAME.splitlines()) for word in line.split()}


def stem(word: bytes) -> bytes:
    """A word without its commonest English endings, in lower case."""
    word = word.lower()
    for ending in (b"ings", b"ing", b"ies", b"es", b"ed", b"s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=1 << 17)
def sub_tokens(name: bytes) -> tuple[bytes, ...]:
    """The stemmed words that a name is made of."""
    return tuple(stem(part) for part in _PARTS.findall(name))


@lru_cache(maxsize=1 << 17)
def plain(name: bytes) -> bytes:
    """A name in lower case, without underscores."""
    return name.lower().replace(b"_", b"")


def canonical(name: bytes) -> bytes:
    """A plain name; common calls of standard libraries under one name in all languages."""
    name = plain(name)
    return _CANON.get(name, name)


@lru_cache(maxsize=1 << 15)
def number(literal: bytes) -> bytes:
    """A number without underscores, suffixes and trailing zeros of a fraction."""
    if literal[:2] in (b"0x", b"0X"):
        return literal.lower().replace(b"_", b"")
    literal = _WIDTH.sub(b"", literal.replace(b"_", b"").rstrip(b"LlFfUuDdmn"))
    return literal.rstrip(b"0").rstrip(b".") if b"." in literal else literal


def nameless(name: bytes) -> bool:
    """Whether a name can be no feature, see NAMELESS and MAX_WORD."""
    return len(name) > MAX_WORD or NAMELESS.match(name) is not None
