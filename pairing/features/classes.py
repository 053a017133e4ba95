"""The classes of features: each says something else of a program, and each is compared by itself.

Rows that stand by one name or literal are counted once for each time it occurs. None reads where a document comes
from (source, repository, path, id).
"""

from typing import Final

BAG: Final = "bag"
"""Sub-tokens and whole names of the raw text, comments and strings included, and numbers as they are written."""
WORDS: Final = "words"
"""Stemmed sub-tokens of names in the code, keywords included."""
EXPRESSIONS: Final = "expressions"
"""An operator with its neighbours, and runs of 2 to 4 operators, numbers and library calls with both of the former."""
DECLARED: Final = "declared"
"""Names of functions, methods and types that the program declares."""
DECLARED_WORDS: Final = "declared_words"
"""Their stemmed sub-tokens."""
STRINGS: Final = "strings"
"""Whole string literals: their words in lower case, without what is filled in; text without words as it is."""
NAME_PAIRS: Final = "name_pairs"
"""Names in the code that stand side by side, apart from keywords."""
LITERALS: Final = "literals"
"""What programs are about, in one: whole strings, their stemmed words, pairs of neighbouring words, numbers."""
NUMBERS: Final = "numbers"
"""Numbers by their value, and apart from them those inside strings."""
NUMBER_PAIRS: Final = "number_pairs"
"""Numbers but 0, 1 and 2, and pairs of neighbouring numbers: tables of data are the same in every language."""
COMMENTS: Final = "comments"
"""Stemmed sub-tokens of the words in comments and docstrings."""
CALLS: Final = "calls"
"""Names that are called; where languages have names of their own for the same, one stands for all."""
API: Final = "api"
"""What of the table of equivalents occurs (``pairing.features.equivalents``)."""
CHARS: Final = "chars"
"""Four neighbouring letters of the names in the code: abbreviations and inflections meet here."""
IMPORTS: Final = "imports"
"""Stemmed sub-tokens of the names in import and namespace lines."""
SHAPE: Final = "shape"
"""Runs of 2 to 5 operators, control words, numbers, strings and library calls, other names left out."""

CLASSES: Final = (
    BAG,
    WORDS,
    EXPRESSIONS,
    DECLARED,
    DECLARED_WORDS,
    STRINGS,
    NAME_PAIRS,
    LITERALS,
    NUMBERS,
    NUMBER_PAIRS,
    COMMENTS,
    CALLS,
    API,
    CHARS,
    IMPORTS,
    SHAPE,
)
"""All classes in the order of their numbers, which stand in the background that the score is shipped with: another
order needs a new one (``benchmarks/pairing_background.py --ship``)."""

NUMBER: Final = {name: number for number, name in enumerate(CLASSES)}
"""Number of each class."""
