"""Take the values of an Arrow column one by one, so that a bad or huge one costs only its own row."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sources.record import Problem, too_large
from pipelines.sources.tables import Refused

_NOT_UTF8 = Problem("bad_record", "a string that is not UTF-8")


def values(column: pa.Array, limit: int) -> list[Any]:
    """Return Python values; Refused stands for strings of more than `limit` bytes or that are not UTF-8."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        flat = column.cast(pa.binary() if pa.types.is_string(kind) else pa.large_binary())
        return [_decoded(value) for value in _bounded(flat, limit)]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _bounded(column, limit)
    try:
        got: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        return [_single(value) for value in column]
    return got


def _bounded(column: pa.Array, limit: int) -> list[Any]:
    lengths = pc.binary_length(column).to_pylist()
    if all(length is None or length <= limit for length in lengths):
        whole: list[Any] = column.to_pylist()
        return whole
    out: list[Any] = []
    for row, length in enumerate(lengths):
        huge = length is not None and length > limit
        out.append(Refused(too_large(length, limit), length) if huge else column[row].as_py())
    return out


def _decoded(value: Any) -> Any:
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return Refused(_NOT_UTF8, len(value))


def _single(value: pa.Scalar) -> Any:
    try:
        return value.as_py()
    except UnicodeDecodeError:
        return Refused(_NOT_UTF8, 0)
