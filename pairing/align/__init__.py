"""The functions of two documents that are translations: which correspond, which have no counterpart, how closely."""

from pairing.align.document import Side
from pairing.align.documents import Alignment, UnitMatch, align_all
from pairing.align.statements import Link, Statement, align_statements, statements_of

__all__ = [
    "Alignment",
    "Link",
    "Side",
    "Statement",
    "UnitMatch",
    "align_all",
    "align_statements",
    "statements_of",
]
