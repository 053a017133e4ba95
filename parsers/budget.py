"""A limit on the work of one parse that depends on the source alone, never on the clock.

Three inputs make tree-sitter run away, each measured with the grammars of the language table:

* Splits of the parse stack: Go's ``[1],[1],[1],...`` needs 62 steps a byte at 100 kB (four minutes), quadratic in the
  length. Limited by ``STEPS_PER_BYTE``.
* Tokens without an end: Rust's ``r#"r#"r#"...`` scans to the end of the file from each start. The parser asks for
  the same bytes again and again. Limited by ``RESCANS``.
* Open angle brackets: ``a<a<a<...`` may be comparisons or type arguments in Java, C# and (``a<b,a<b,...``) TypeScript;
  32 kB take 2 GB of memory at the end of the file, after the last step is reported. Refused before the parse by
  ``OPEN_ANGLES``.

Error recovery as such is slow but linear (prose and random bytes: 0.04-1.2 MB/s at 0.011-0.023 steps a byte, which is
as many as good code takes): no count of steps can tell it from code, and a size cap bounds its time.
"""

from tree_sitter import Parser, Point, Tree

STEPS_PER_BYTE = 0.25
"""Progress callbacks a byte, one for every 100 parser operations. Measured: good code 0.001-0.010 (median by language
0.004-0.009, largest of 5,400 files 0.025), dense arrays and JSON 0.014-0.040, generated ``a;a;a;`` and ``[1],[1],``
0.05-0.105, ``A<B<C,D>(E)`` repeated 0.144."""

BASE_STEPS = 1000
"""Steps that every source may take: small files, where the count a byte is noise."""

RESCANS = 32
"""Times that the source may be handed to the parser. Measured: 1.0 for the median, 3.2 for the largest of 5,400 files;
``r#"`` repeated in 25 kB: 12,000."""

OPEN_ANGLES = 1000
"""Longest run of ``<`` with nothing but names, dots, commas and blanks between. Measured: 4,000 take 300-1,100 MB,
1,000 about 20 MB; comparisons with a literal, a bracket or an operator between are harmless in any number. None of
32,000 Java, C# and TypeScript files has such a run."""

COUNTED_BYTES = 4096
"""Sources of this size and more are parsed under the count. Below, the worst input above takes 0.7 s. Counting costs
2 % of parse time (median of seven languages, 0.89-1.10)."""

CHUNK = 65536
"""Bytes handed to the parser at once: large enough to be rare, small enough that a copy costs nothing."""

_ANGLED = frozenset({"java", "csharp", "typescript"})
_TYPE_TEXT = bytes(byte for byte in range(256) if chr(byte).isalnum() or byte >= 0x80 or byte in b"_$.,@ \t\r\n")
_BREAKS = bytes(0x3C if byte == 0x3C else 0x3B for byte in range(256))


class ParseBudgetExceeded(RuntimeError):
    """The source needs more parser work than any plausible code of its size."""

    def __init__(self, steps: int, limit: int, what: str = "parser steps") -> None:
        super().__init__(f"{steps} {what}, limit {limit}")
        self.steps = steps
        self.limit = limit
        self.what = what


def step_limit(size: int) -> int:
    """Return the number of progress callbacks that a source of ``size`` bytes may take."""
    return BASE_STEPS + int(STEPS_PER_BYTE * size)


def budgeted_tree(parser: Parser, source: bytes, language: str) -> Tree:
    """Parse a source within its budget.

    Raises:
        ParseBudgetExceeded: with the count and the limit; the parser can be used again.
    """
    if len(source) < COUNTED_BYTES:
        return parser.parse(source)
    if language in _ANGLED and (count := _open_angles(source)) > OPEN_ANGLES:
        raise ParseBudgetExceeded(count, OPEN_ANGLES, "open angle brackets")
    return _Counted(source).parse(parser)


class _Counted:
    """Hands out a source in chunks and counts what the parser does with it."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.steps = 0
        self.served = 0
        self.step_limit = step_limit(len(source))
        self.served_limit = RESCANS * (len(source) + CHUNK)

    def read(self, offset: int, _point: Point) -> bytes:
        chunk = self.source[offset : offset + CHUNK]
        self.served += len(chunk)
        # After the limit the source "ends": a scan that never returns to the parser's main loop stops as well.
        return chunk if self.served <= self.served_limit else b""

    def exceeded(self, _offset: int, _has_error: bool) -> bool:
        self.steps += 1
        return self.steps > self.step_limit or self.served > self.served_limit

    def parse(self, parser: Parser) -> Tree:
        try:
            tree = parser.parse(self.read, progress_callback=self.exceeded)
        except ValueError:
            # py-tree-sitter says "Parsing failed" for a cancelled parse, and keeps its state for a resumption.
            parser.reset()
            if self.steps > self.step_limit:
                raise ParseBudgetExceeded(self.steps, self.step_limit) from None
            if self.served <= self.served_limit:
                raise
        if self.served > self.served_limit:
            raise ParseBudgetExceeded(self.served, self.served_limit, "bytes read")
        return tree


def _open_angles(source: bytes) -> int:
    """Return ``OPEN_ANGLES + 1`` if so many ``<`` stand in a row with but names, dots, commas and blanks between."""
    if source.count(b"<") <= OPEN_ANGLES:
        return 0
    run = b"<" * (OPEN_ANGLES + 1)
    return len(run) if run in source.translate(_BREAKS, _TYPE_TEXT) else 0
