"""`glotmix pairs sample`: pairs to look at; what takes long to import is imported inside."""

from pathlib import Path
from typing import Annotated

import typer

from contracts.errors import ConfigError
from contracts.files import check_output
from contracts.languages import LANGUAGE_NAMES
from pairing.commands.place import Locate, finished
from report.front import errors, out, say, show
from report.table import Summary

KINDS = ("close", "loose", "none")
NEXT = "glotmix pairs evaluate"

Given = Annotated[Path, typer.Argument(metavar="CONFIG|FOLDER", help="A configuration, or an output folder.")]
Count = Annotated[int, typer.Option("-n", "--pairs", min=1, help="Pairs to draw.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Another seed draws others.")]
Languages = Annotated[
    str | None, typer.Option("--languages", metavar="A-B", help="Only these, such as python-go; several by commas.")
]
Kind = Annotated[str | None, typer.Option("--kind", help="Only close or loose ones, or none: not judged.")]
MinScore = Annotated[float | None, typer.Option("--min-score", help="Only pairs of this score or more.")]
MaxScore = Annotated[float | None, typer.Option("--max-score", help="Only pairs of this score or less.")]
Width = Annotated[int | None, typer.Option("--width", min=60, help="Columns to draw in; the terminal's by default.")]
Lines = Annotated[int, typer.Option("--lines", min=0, help="Rows of text a pair; 0: all.")]
Statements = Annotated[
    bool, typer.Option("--statements", help="Inside close functions, show aligned statements side by side.")
]
Review = Annotated[
    Path | None, typer.Option("--review", metavar="FILE", help="Write a CSV file with a column for verdicts.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the rows of the drawn pairs as JSON.")]


def register(app: typer.Typer, locate: Locate) -> None:
    """Add the command to the group."""

    @app.command("sample")
    def sample(
        config: Given,
        pairs: Count = 20,
        seed: Seed = 0,
        languages: Languages = None,
        kind: Kind = None,
        min_score: MinScore = None,
        max_score: MaxScore = None,
        width: Width = None,
        lines: Lines = 40,
        statements: Statements = False,
        review: Review = None,
        as_json: AsJson = False,
    ) -> None:
        """Draw pairs and show them side by side, each language pair in its share."""
        with errors():
            from pairing.evaluate.review import write_review
            from pairing.sample.draw import draw
            from pairing.sample.read import Wanted, read_pairs, read_shown
            from pairing.sample.show import MIN_WIDTH, show_pair

            if kind is not None and kind not in KINDS:
                raise ConfigError(f"--kind {kind}: allowed are {', '.join(KINDS)}")
            if statements and as_json:
                raise ConfigError("--statements changes what is drawn, --json draws nothing; leave one of them out")
            wanted = Wanted(_names(languages), kind or "", min_score, max_score)
            place = finished(config, locate)
            check_output(review, config if config.is_file() else None, option="--review")
            drawn = draw(read_pairs(place.pairs / "pairs", wanted), pairs, seed)
            if review is not None:
                write_review(review, drawn.select("pair_id", "id_a", "id_b").iter_rows())
            if as_json:
                show([Summary("Sample", drawn.to_dicts())], as_json=True)
                return
            columns = max(MIN_WIDTH, width or out.width)
            for number, shown in enumerate(read_shown(drawn, place.parallel, place.corpus, statements), 1):
                show_pair(shown, number, drawn.height, out, columns, lines)
            if review is not None:
                say(f"Write right, partial, wrong or unsure into {review}. Then: {NEXT} {config} --review {review}")


def _names(text: str | None) -> tuple[str, ...]:
    """Language pairs in the order of the languages.

    Raises:
        ConfigError: a name is no pair of two languages.
    """
    found = []
    for name in (text or "").split(",") if text is not None else ():
        parts = name.strip().split("-")
        if len(parts) != 2 or parts[0] == parts[1] or not set(parts) <= set(LANGUAGE_NAMES):
            raise ConfigError(f"--languages {name.strip()!r}: give A-B, two of {', '.join(LANGUAGE_NAMES)}")
        found.append("-".join(sorted(parts, key=LANGUAGE_NAMES.index)))
    return tuple(found)
