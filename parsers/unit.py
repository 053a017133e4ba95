"""The record of one function, method or type."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """One function, method or type. Lines count from 1 with both ends included, bytes from 0 with the end excluded."""

    kind: str
    """function, method, constructor, class, interface, enum, struct, union, trait, record, annotation or type."""
    name: str
    """Own name; ``default`` for a nameless default export."""
    container: str
    """Names of the enclosing units (and Rust ``impl`` and ``mod``, Go receivers), joined by dots; empty at the top.
    At most 256 characters: of more only the innermost names are kept, behind an ellipsis (``….inner.innermost``)."""
    start_line: int
    """Line of the first byte of the grammar's node; for ``const f = () => ...`` that of the whole binding."""
    end_line: int
    """Line of the last byte."""
    start_byte: int
    """Offset of the node."""
    end_byte: int
    """Offset behind the node."""
    outer_start_line: int
    """Line where decorators, annotations, attributes and the comments directly above begin."""
    outer_start_byte: int
    """Offset of the same."""
    parameters: int
    """Number of parameters without the receiver (``self``); -1 for types."""
    has_body: bool
    """False for abstract methods, signatures, forward declarations."""
    has_error: bool
    """True if a syntax error or an invented token lies inside."""
    is_test: bool
    """True if the name or an annotation is that of a test by the custom of the language, or, in Rust, an enclosing
    module is called ``tests``."""
