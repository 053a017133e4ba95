"""Rows of the tables that parallel documents make."""

from collections.abc import Mapping, Sequence
from typing import Any

from pairing.match import pair_id
from pairing.parallel.licences import joined
from pairing.parallel.refusals import Refusal
from pairing.parallel.texts import ParallelText

Row = dict[str, Any]


def parallel_row(text: ParallelText, pair: str, level: str, facts: Mapping[str, Any], item: str = "") -> Row:
    """The row of a parallel document.

    Args:
        text: the document.
        pair: id of its pair or group.
        level: file or function.
        facts: score, kind and units_dropped.
        item: what tells apart documents of one pair, form and direction; empty: there is one.
    """
    sources, targets = text.programs[: text.sources], text.programs[text.sources :]
    key = f"{pair}:{text.form}:{text.direction}{item and ':'}{item}"
    ends = [text.source, text.target]
    return {
        "id": pair_id(key, ">".join(p.id for p in text.programs) if text.form == "group" else _sides(text)),
        "form": text.form,
        "direction": text.direction,
        "level": level,
        "pair_id": pair,
        "id_source": text.id_source,
        "id_target": text.id_target,
        "source_start": ends[0][0],
        "source_end": ends[0][1],
        "target_start": ends[1][0],
        "target_end": ends[1][1],
        "ids": [program.id for program in text.programs],
        "languages": [program.language for program in text.programs],
        "repos": [program.repo for program in text.programs],
        "paths": [program.path for program in text.programs],
        "commits": [program.commit for program in text.programs],
        "starts": [start for start, _ in text.spans],
        "ends": [end for _, end in text.spans],
        "first_lines": [program.first_line for program in text.programs],
        "last_lines": [program.last_line for program in text.programs],
        "units_dropped": facts["units_dropped"],
        "score": facts["score"],
        "kind": facts["kind"],
        "licence_source": joined(p.licence for p in sources) if sources else None,
        "licence_target": joined(p.licence for p in targets) if targets else None,
        "bytes": len(text.content.encode()),
        "content": text.content,
    }


def _sides(text: ParallelText) -> str:
    return f"{text.id_source}>{text.id_target}"


def refused_row(
    level: str, pair: str, ids: Sequence[str], languages: Sequence[str], why: Refusal, lines: Sequence[int] = (0, 0)
) -> Row:
    """The row of what no parallel document is written of.

    Args:
        level: file, function or group.
        pair: id of the pair or group.
        ids: of its documents; the first and last are told.
        languages: of its documents.
        why: the reason.
        lines: first lines of two functions.
    """
    return {
        "level": level,
        "pair_id": pair,
        "reason": why.reason,
        "id_a": ids[0],
        "id_b": ids[-1],
        "language_a": languages[0],
        "language_b": languages[-1],
        "start_line_a": lines[0],
        "start_line_b": lines[-1],
        "value": why.value,
        "threshold": why.threshold,
        "detail": why.detail,
    }
