"""`glotmix pairs evaluate`: pairs against known ones; what takes long to import is imported inside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.errors import ConfigError
from contracts.files import check_output
from pairing.commands.place import Locate, around, finished, is_table
from report.front import errors, say, show
from report.table import Summary

if TYPE_CHECKING:
    import polars as pl

FIGURES = (".svg", ".png")

MIN_PRECISION = 0.98
"""Precision whose threshold is looked for where none is asked for."""

Predicted = Annotated[
    Path, typer.Argument(metavar="PAIRS", help="A configuration, an output folder, or a table of pairs.")
]
GoldFolder = Annotated[
    Path | None, typer.Option("--gold", metavar="FOLDER", help="Known pairs: gold.csv and what belongs to it.")
]
Review = Annotated[Path | None, typer.Option("--review", metavar="FILE", help="Verdicts of people on a sample.")]
Documents = Annotated[
    Path | None, typer.Option("--documents", metavar="FOLDER", help="The corpus of a table that stands alone.")
]
Functions = Annotated[bool, typer.Option("--functions", help="Score pairs of functions in place of documents.")]
MinPrecision = Annotated[
    float | None,
    typer.Option("--min-precision", min=0, max=1, help="Find the threshold that reaches this precision (0.98)."),
]
CurveFile = Annotated[Path | None, typer.Option("--curve", metavar="FILE", help="Write every threshold as CSV.")]
PlotFile = Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw the thresholds: .svg or .png.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def register(app: typer.Typer, locate: Locate) -> None:
    """Add the command to the group."""

    @app.command("evaluate")
    def evaluate(
        pairs: Predicted,
        gold: GoldFolder = None,
        review: Review = None,
        functions: Functions = False,
        documents: Documents = None,
        min_precision: MinPrecision = None,
        curve: CurveFile = None,
        plot: PlotFile = None,
        as_json: AsJson = False,
    ) -> None:
        """Precision and recall against known pairs, or the precision that people found in a sample."""
        with errors():
            if (gold is None) == (review is None):
                raise ConfigError("give either --gold FOLDER or --review FILE")
            table, corpus = _tables(pairs, "unit_pairs" if functions else "pairs", documents, locate)
            if review is not None:
                if functions or curve or plot or min_precision is not None:
                    left_out = "--functions, --min-precision, --curve and --plot"
                    raise ConfigError(f"--review gives no threshold: leave out {left_out}")
                show([_reviewed(table, review)], as_json)
                return
            assert gold is not None
            inputs = (table, *sorted(gold.glob("*")))
            for option, path in (("--curve", curve), ("--plot", plot)):
                check_output(path, *inputs, option=option)
            if plot is not None and plot.suffix not in FIGURES:
                raise ConfigError(f"--plot {plot}: allowed are names in {' and '.join(FIGURES)}")
            from pairing.commands.evaluate_tables import met

            found, points = (_functions if functions else _documents)(table, corpus, gold)
            precision = MIN_PRECISION if min_precision is None else min_precision
            tables, threshold = _thresholds(points, precision)
            show(found + tables, as_json)
            _write(points, threshold, curve, plot)
            if threshold is not None and not (functions or as_json or met(points, precision)):
                say(f"To mine with this threshold: glotmix pairs CONFIG --min-score {threshold:g}")


def _tables(path: Path, name: str, documents: Path | None, locate: Locate) -> tuple[Path, Path | None]:
    """The table to score, and the corpus its ids come from."""
    if not is_table(path):
        if documents is not None:
            raise ConfigError(f"--documents goes with a table; the corpus of {path} is known")
        functions = name == "unit_pairs"
        place = finished(path, locate, written=functions)
        return (place.parallel if functions else place.pairs) / name, place.corpus
    if not path.exists():
        raise ConfigError(f"{path}: no such file")
    if documents is None:
        return path, around(path)
    corpus = documents.parent if documents.name == "documents" else documents
    if not (corpus / "documents").is_dir():
        raise ConfigError(f"--documents {documents}: holds no table documents; give the folder of a finished corpus")
    return path, corpus


def _documents(table: Path, corpus: Path | None, folder: Path) -> "tuple[list[Summary], pl.DataFrame]":
    """Tables about pairs of documents, and the curve."""
    from pairing.commands import evaluate_tables as tables
    from pairing.evaluate import measure
    from pairing.evaluate.documents import judge_documents
    from pairing.evaluate.gold import read_gold
    from pairing.evaluate.predictions import read_names, read_table, refuse_unknown

    gold = read_gold(folder)
    predicted = read_table(table, ("id_a", "id_b"))
    names = None if corpus is None else read_names(corpus, gold.ids(), table.parent / "copies")
    if names is not None and corpus is not None:
        refuse_unknown(names, gold.ids(), corpus)
    judged = judge_documents(predicted, gold, names)
    pairs, true = judged.pairs, judged.true
    languages, sources = (measure.sliced(pairs, true, by) for by in ("languages", "source"))
    macros = {"language pairs": measure.macro(languages), "sources": measure.macro(sources)}
    found = [
        tables.overall("Pairs of documents", measure.total(pairs, true.height), macros),
        tables.sliced("By language pair", "languages", languages),
        tables.sliced("By source", "source", sources),
        tables.recalls("By kind in the gold", "kind", measure.sliced(pairs, true, "gold_kind", "kind")),
    ]
    judged_kinds = measure.sliced(pairs, true.clear(), "kind", "kind")
    if judged_kinds:
        found.append(tables.precisions("By kind as mined", "kind", judged_kinds))
    found.append(tables.truths(pairs))
    if names is not None:
        found.append(tables.matched(len(gold.ids()), names))
    if judged.corrected.height:
        found.append(tables.corrected(judged.corrected))
    if judged.lost is not None:
        found.append(tables.lost(judged.lost, true.height))
    return found, measure.curve(*judged.mined())


def _functions(table: Path, corpus: Path | None, folder: Path) -> "tuple[list[Summary], pl.DataFrame]":
    """Tables about pairs of functions, and the curve."""
    import polars as pl

    from pairing.commands import evaluate_tables as tables
    from pairing.evaluate import measure
    from pairing.evaluate.functions import LINES, judge_functions, true_functions
    from pairing.evaluate.gold import read_functions
    from pairing.evaluate.predictions import read_names, read_table, refuse_unknown, renamed

    gold = read_functions(folder)
    predicted = read_table(table, ("id_a", "id_b", *LINES))
    if corpus is not None:
        ids = pl.concat([gold["id_a"], gold["id_b"]]).unique().sort()
        names = read_names(corpus, ids)
        refuse_unknown(names, ids, corpus)
        predicted = renamed(predicted, names)
    judged, true = judge_functions(predicted, gold), true_functions(gold)
    languages, sources = (measure.sliced(judged, true, by) for by in ("languages", "source"))
    macros = {"language pairs": measure.macro(languages), "sources": measure.macro(sources)}
    found = [
        tables.overall("Pairs of functions", measure.total(judged, true.height), macros),
        tables.sliced("By language pair", "languages", languages),
        tables.sliced("By source", "source", sources),
        tables.truths(judged),
    ]
    return found, measure.curve(judged, true.height)


def _thresholds(curve: "pl.DataFrame", precision: float) -> tuple[list[Summary], float | None]:
    from pairing.commands import evaluate_tables as tables

    if not curve.height:
        return [], None
    found, threshold = tables.chosen(curve, precision)
    return [tables.thresholds(curve), found], threshold


def _write(curve: "pl.DataFrame", threshold: float | None, table: Path | None, figure: Path | None) -> None:
    from contracts.errors import StageError
    from pairing.evaluate.plot import plot_curve, write_curve

    if not curve.height and (table or figure):
        raise StageError("no pair that is right or wrong has a score, so there is no curve to write")
    if table is not None:
        write_curve(table, curve)
    if figure is not None:
        plot_curve(figure, curve, threshold, "Pairs by threshold")


def _reviewed(table: Path, review: Path) -> Summary:
    import polars as pl

    from contracts.errors import StageError
    from pairing.commands.evaluate_tables import verdicts
    from pairing.evaluate.predictions import read_table
    from pairing.evaluate.review import read_review
    from pairing.evaluate.truth import language_pair

    given = read_review(review)
    pairs = read_table(table, ("pair_id",)).unique("pair_id")
    named = pairs.select("pair_id", language_pair("language_a", "language_b").fill_null("-").alias("languages"))
    found = given.join(named, on="pair_id", how="inner", maintain_order="left")
    if not found.height:
        raise StageError(f"{review}: none of its {given.height:,} pairs is in {table}")
    assert isinstance(found, pl.DataFrame)
    return verdicts(found, given.height - found.height)
