"""What of a pair is written, in whatever form: whole programs and functions that fit, and what is refused. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from pairing.config import ParallelConfig
from pairing.parallel.aligning import Document
from pairing.parallel.directions import draw
from pairing.parallel.fit import Match, Side, fitted, pair_families
from pairing.parallel.options import pair_forms
from pairing.parallel.programs import needs_parsing, prepare, program_of
from pairing.parallel.refusals import EMPTY, TOO_LITTLE, TOO_LONG, Refusal, function_refusal, refusal_of
from pairing.parallel.rows import Row, refused_row
from pairing.parallel.texts import ParallelText, Program, pair_texts
from pairing.parallel.tokens import END
from pairing.parallel.units import Unit, text_of


@dataclass(frozen=True, slots=True)
class Item:
    """Two programs, or functions, that become parallel documents.

    Attributes:
        item: what tells apart items of one pair and level.
        draw: by what items are ordered for balanced directions.
    """

    level: str
    pair_id: str
    item: str
    draw: int
    a: Program
    b: Program
    units_dropped: int
    score: float | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of documents with what is known of it."""

    id: str
    a: Document
    b: Document
    score: float | None
    kind: str | None
    matches: Sequence[Match]


Prepared = Side | Refusal | None


def items_of(pair: Pair, config: ParallelConfig, count: Callable[[str], int]) -> Iterator[Item | Row]:
    """The items of a pair, and rows of what is refused; at each level every program or pair of functions once."""
    sides: list[Prepared] = [None, None]
    refusal = refusal_of((pair.a, pair.b), config)
    if refusal is None and needs_parsing(config):
        sides = [prepare(document, document["functions"], config) for document in (pair.a, pair.b)]
        refusal = _needed(sides, config)
    if "file" in config.levels:
        made = refusal or _whole(pair, sides, config, count)
        yield _row(pair, made) if isinstance(made, Refusal) else made
    if "function" in config.levels:
        # what only functions cannot be taken out of is refused at this level alone
        refusal = refusal or next((side for side in sides if isinstance(side, Refusal)), None)
        for match in pair.matches:
            found = refusal or function_refusal(match.score, match.kind, config)
            made = found or _function(pair, match, sides, config, count)
            yield _row(pair, made, match) if isinstance(made, Refusal) else made


def _needed(sides: Sequence[Prepared], config: ParallelConfig) -> Refusal | None:
    """A refusal that concerns whole programs too."""
    if config.comments == "keep" and config.max_tokens is None:
        return None
    return next((side for side in sides if isinstance(side, Refusal)), None)


def _row(pair: Pair, why: Refusal, match: Match | None = None) -> Row:
    ids, languages = ([x[column] for x in (pair.a, pair.b)] for column in ("id", "language"))
    if match is None:
        return refused_row("file", pair.id, ids, languages, why)
    lines = [pair.a["functions"][match.a]["start_line"], pair.b["functions"][match.b]["start_line"]]
    return refused_row("function", pair.id, ids, languages, why, lines)


def _whole(
    pair: Pair, sides: Sequence[Prepared], config: ParallelConfig, count: Callable[[str], int]
) -> Item | Refusal:
    texts, dropped = [str(document["content"]) for document in (pair.a, pair.b)], 0
    a, b = sides
    if isinstance(a, Side) and isinstance(b, Side):
        texts = [a.text, b.text]
        if config.max_tokens is not None:
            around = overhead(pair, "file", config, count)
            made = fitted((a, b), pair_families(pair.matches), count, config.max_tokens - around)
            if made is None:
                return Refusal(TOO_LONG, sum(map(count, texts)) + around, config.max_tokens)
            if made.kept < config.min_kept_share:
                return Refusal(TOO_LITTLE, made.kept, config.min_kept_share)
            texts, dropped = list(made.texts), made.dropped
    a_program, b_program = (program_of(x, text) for x, text in zip((pair.a, pair.b), texts, strict=True))
    drawn = draw(config.seed, pair.id)
    return Item("file", pair.id, "", drawn, a_program, b_program, dropped, pair.score, pair.kind)


def _function(
    pair: Pair, match: Match, sides: Sequence[Prepared], config: ParallelConfig, count: Callable[[str], int]
) -> Item | Refusal:
    programs, starts = [], []
    for document, side, number in zip((pair.a, pair.b), sides, (match.a, match.b), strict=True):
        assert isinstance(side, Side)
        unit: Unit = side.units[number]
        text = text_of(side.syntax, unit).decode()
        programs.append(program_of(document, text, (unit.first_line, unit.last_line)))
        starts.append(document["functions"][number]["start_byte"])
    if not all(program.text.strip() for program in programs):
        return Refusal(EMPTY)
    if config.max_tokens is not None:
        tokens = sum(count(program.text) for program in programs) + overhead(pair, "function", config, count)
        if tokens > config.max_tokens:
            return Refusal(TOO_LONG, tokens, config.max_tokens)
    item = f"{starts[0]}-{starts[1]}"
    a, b = programs
    return Item("function", pair.id, item, draw(config.seed, pair.id, item), a, b, 0, match.score, match.kind)


def overhead(pair: Pair, level: str, config: ParallelConfig, count: Callable[[str], int]) -> int:
    """Tokens around the programs in the longest form, the end token included."""
    return _overhead(
        pair.a["language"], pair.b["language"], level, pair_forms(config.forms), tuple(config.templates.items()), count
    )


@lru_cache(maxsize=512)
def _overhead(
    a: str,
    b: str,
    level: str,
    forms: tuple[str, ...],
    templates: tuple[tuple[str, str], ...],
    count: Callable[[str], int],
) -> int:
    found = [0]
    for source, target in ((a, b), (b, a)):
        # a program may lack its last line end, which is then part of the text behind it
        made = [
            list(pair_texts(Program("", source, end), Program("", target, end), forms, dict(templates), level))
            for end in ("x", "x\n")
        ]
        found += [longest_around(texts, count) for texts in zip(*made, strict=True)]
    return max(found) + END


def longest_around(texts: Sequence[ParallelText], count: Callable[[str], int]) -> int:
    """Tokens of what stands around the programs of a text, of each piece the most that it has in any of these."""
    around = [list(text.pieces())[::2] for text in texts]
    return sum(max(count(piece) for piece in pieces) for pieces in zip_longest(*around, fillvalue=""))


def texts_of(item: Item, forward: Sequence[bool], config: ParallelConfig) -> Iterator[ParallelText]:
    """The parallel documents of an item.

    Args:
        item: what to write.
        forward: directions, true from a to b.
        config: forms and templates.
    """
    for ahead in forward:
        source, target = (item.a, item.b) if ahead else (item.b, item.a)
        yield from pair_texts(source, target, pair_forms(config.forms), config.templates, item.level)


def facts_of(item: Item) -> Row:
    """What the row of a parallel document says of its item."""
    return {"units_dropped": item.units_dropped, "score": item.score, "kind": item.kind}
