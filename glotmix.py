"""glotmix: source trees in, training shards in exact language proportions out.

The front door: one command a stage. Nothing but wiring; what takes long to import is imported inside the commands.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from contracts import manifest as manifests
from contracts.annotated import annotated_yaml
from contracts.config import StrictModel, override, read_yaml, validate
from contracts.errors import ConfigError, GlotmixError, SourceError, StageError
from contracts.files import atomic_path
from contracts.manifest import VERSION, Manifest
from mixer.config import MixConfig, SplitConfig, TokenizerConfig
from mixer.layout import Layout
from pairing.config import PairsConfig
from pipelines.config import CorpusConfig
from pipelines.executor_config import ExecutorConfig
from report.progress import PhaseProgress
from report.table import Summary, as_data, console, plain
from report.terminal import cost, plan_summary, summaries

STAGES = ("corpus", "pairs", "split", "tokenizer", "validation", "tokens", "mix")
FAILED, BAD_CONFIGURATION, INTERRUPTED = 1, 2, 130

EXIT_CODES = (
    "Exit codes: 0 done; 1 a stage failed, or what is asked for is not there; 2 the command line or the configuration "
    "cannot be run (unknown keys, impossible values, sources that are missing or hold nothing); 130 interrupted. "
    "A failed or interrupted run goes on where it stopped when the same command is given again."
)

out, err = console(), console(stderr=True)


class Configuration(StrictModel):
    """A whole run: what to read, how to pair and mix, where to work."""

    output: str = "glotmix-out"
    """Folder for all results, relative to this file."""
    corpus: CorpusConfig
    pairs: PairsConfig = PairsConfig()
    split: SplitConfig = SplitConfig()
    tokenizer: TokenizerConfig = TokenizerConfig()
    mix: MixConfig = MixConfig()
    executor: ExecutorConfig = ExecutorConfig()


class DefaultGroup(TyperGroup):
    """A group with a default command: a first word that is no subcommand is that command's argument."""

    default = "run"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command in front where none is named."""
        if args and args[0] not in self.commands and args[0] not in ("--help", "--version"):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, epilog=EXIT_CODES)
SHORT = "Without a command word: run CONFIG."
corpus_app = typer.Typer(
    cls=DefaultGroup,
    no_args_is_help=True,
    help="Sources to documents, units and rejected files.",
)
pairs_app = typer.Typer(cls=DefaultGroup, no_args_is_help=True, epilog=SHORT, help="Documents to translation pairs.")
mix_app = typer.Typer(
    cls=DefaultGroup,
    no_args_is_help=True,
    help="Documents and pairs to training shards.",
)
app.add_typer(corpus_app, name="corpus")
app.add_typer(pairs_app, name="pairs")
app.add_typer(mix_app, name="mix")

ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="The YAML configuration; see glotmix init.")]
Assignments = Annotated[list[str] | None, typer.Option("--set", help="Override: section.key=value. May be repeated.")]
Force = Annotated[bool, typer.Option("--force", help="Redo finished stages that do not match the configuration.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@contextmanager
def _errors() -> Iterator[None]:
    """Errors that glotmix raises on purpose become one message and an exit code."""
    try:
        yield
    except (ConfigError, SourceError) as error:
        raise _exit(f"configuration: {error}", BAD_CONFIGURATION) from error
    except BrokenPipeError:
        raise  # whoever read our output has seen enough
    except (GlotmixError, OSError) as error:
        raise _exit(f"failed: {error}", FAILED) from error
    except KeyboardInterrupt as error:
        raise _exit("interrupted; the same command goes on where it stopped", INTERRUPTED) from error


def _exit(message: str, code: int) -> typer.Exit:
    err.print(plain(message), style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code)


def _say(message: str) -> None:
    out.print(plain(message), markup=False, highlight=False, soft_wrap=True)


def _load(path: Path, assignments: list[str] | None) -> tuple[Configuration, Path, Layout]:
    """The configuration, the folder its relative paths start from, and where results go."""
    data = override(read_yaml(path), assignments or [])
    config = validate(Configuration, data, str(path))
    base = path.resolve().parent
    return config, base, Layout((base / Path(config.output).expanduser()).resolve())


def _show(tables: list[Summary], as_json: bool) -> None:
    if as_json:
        import orjson

        options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
        typer.echo(orjson.dumps(as_data(tables), default=str, option=options))
        return
    for table in tables:
        table.print(out)


def _runner(config: Configuration, base: Path, layout: Layout, force: bool) -> Callable[[str], tuple[Manifest, bool]]:
    """A function that runs one stage by name and gives its manifest and whether it was found finished."""

    def run(stage: str) -> tuple[Manifest, bool]:
        with PhaseProgress(stage, err) as progress:
            result = _stage(stage, config, base, layout, {"force": force, "observe": progress.observe})
        return result.manifest, result.skipped

    return run


def _stage(stage: str, config: Configuration, base: Path, layout: Layout, common: dict[str, Any]) -> Any:
    executor, pool = config.executor, layout.tokens(config.mix.parallel_form)
    if stage == "corpus":
        from pipelines.corpus import corpus

        return corpus(config.corpus, base, layout.corpus, executor, **common)
    if stage == "pairs":
        from pairing.mine import pairs

        return pairs(config.pairs, base, layout.corpus, layout.pairs, executor, **common)
    if stage == "split":
        from mixer.split_stage import split

        return split(config.split, layout.corpus, layout.pairs, layout.split, executor, **common)
    if stage == "tokenizer":
        from mixer.tokenizer_stage import tokenizer

        return tokenizer(config.tokenizer, base, layout.corpus, layout.split, layout.tokenizer, executor, **common)
    made = (layout.corpus, layout.pairs, layout.split, layout.tokenizer)
    if stage == "validation":
        from mixer.validation import validation

        return validation(config.tokenizer, *made, layout.validation, executor, **common)
    if stage == "tokens":
        from mixer.pool import tokens

        return tokens(config.tokenizer, config.mix.parallel_form, *made, pool, executor, **common)
    from mixer.mix import mix
    from mixer.view import views

    if config.mix.output == "view":
        force = bool(common.get("force"))
        return next(views([config.mix], base, pool, layout, executor, force=force))
    return mix(config.mix, base, pool, layout.tokenizer, layout.mix(config.mix.name), executor, **common)


def _run_stages(
    stages: tuple[str, ...], path: Path, assignments: list[str] | None, force: bool, as_json: bool
) -> tuple[Configuration, Layout]:
    with _errors():
        config, base, layout = _load(path, assignments)
        try:
            layout.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = f"output: {layout.root} cannot be used ({error.strerror})"
            raise ConfigError(f"{reason}; give another folder (--set output=...)") from error
        run = _runner(config, base, layout, force)
        for stage in STAGES[: STAGES.index(stages[0])][:2]:  # what this command builds on must be what is configured
            _stage(stage, config, base, layout, {"check": True})
        done: list[tuple[Manifest, bool]] = []
        tables: list[Summary] = []
        for stage in stages:
            done.append(run(stage))
            found = summaries(done[-1][0])
            tables += found
            if not as_json:
                _show(found, as_json=False)
        tables.append(cost(done))
        _show(tables if as_json else tables[-1:], as_json)
        if force:
            from report.verify import orphans

            for name in orphans(layout.root):
                note = f"note: the mixture {name} was made from stages that are gone now"
                err.print(plain(f"{note}; make it again (--set mix.name={name}) or remove it"), markup=False)
    return config, layout


def _version(value: bool) -> None:
    if value:
        typer.echo(f"glotmix {VERSION}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Build multilingual code corpora, mine translation pairs, mix training shards in exact proportions."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a scheduler's way to interrupt


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("glotmix.yaml"),
    source: Annotated[Path, typer.Option(help="Directory with source code to read.")] = Path("."),
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a configuration with every option, its default and what it means."""
    with _errors():
        if path.exists() and not force:
            raise ConfigError(f"{path} exists; give another name or --force")
        from pipelines.sources.starter import EXAMPLES, first_source

        first = first_source(source, path, Configuration.model_fields["output"].default)
        text = annotated_yaml(Configuration, {"corpus": {"sources": [first]}}, {"corpus.sources": EXAMPLES})
        with atomic_path(path) as temporary:
            head = f"# A glotmix run. Start it with: glotmix run {path.name}"
            temporary.write_text(f"{head}\n{text}\n", encoding="utf-8")
    _say(f"wrote {path}. Next: glotmix run {path}")


@app.command()
def run(
    config: ConfigPath,
    until: Annotated[str | None, typer.Option(help=f"Last stage to run: {', '.join(STAGES)}.")] = None,
    set_: Assignments = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Run all stages, or those that are not done yet; a killed run goes on where it stopped."""
    with _errors():
        if until is not None and until not in STAGES:
            raise ConfigError(f"--until {until}: allowed are {', '.join(STAGES)}")
    stages = STAGES[: STAGES.index(until) + 1] if until else STAGES
    loaded, layout = _run_stages(stages, config, set_, force, as_json)
    if stages[-1] == "mix" and not as_json:
        shard = layout.mix(loaded.mix.name) / "00000.ds"
        _say(f"Shards: {shard.parent}\nNext: glotmix trace {shard} 0")


@corpus_app.command("run")
def corpus_run(config: ConfigPath, set_: Assignments = None, force: Force = False, as_json: AsJson = False) -> None:
    """Make the tables documents, units and rejected."""
    _run_stages(("corpus",), config, set_, force, as_json)


@pairs_app.command("run")
def pairs_run(config: ConfigPath, set_: Assignments = None, force: Force = False, as_json: AsJson = False) -> None:
    """Make the tables pairs, unit_pairs and parallel from a finished corpus."""
    _run_stages(("pairs",), config, set_, force, as_json)


@mix_app.command("run")
def mix_run(
    config: ConfigPath,
    set_: Assignments = None,
    force: Force = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Split, tokenise and mix a finished corpus and its pairs into shards, or into a view."""
    if not dry_run:
        _run_stages(STAGES[2:], config, set_, force, as_json)
        return
    with _errors():
        from mixer.prepare import dry_run as plan_only

        loaded, base, layout = _load(config, set_)
        pool = layout.tokens(loaded.mix.parallel_form)
        _show(plan_summary(plan_only(loaded.mix, base, pool).to_dict()), as_json)


@mix_app.command("views")
def mix_views(
    config: ConfigPath,
    mixtures: Annotated[
        Path, typer.Argument(metavar="LIST", help="JSON lines: options of `mix`, such as name, proportions, seed.")
    ],
    set_: Assignments = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write many mixtures of one pool as views: for each the order only, no copy of the tokens."""
    with _errors():
        from mixer.view import read_list, views

        loaded, base, layout = _load(config, set_)
        listed = read_list(mixtures, loaded.mix)
        pool = layout.tokens(loaded.mix.parallel_form)
        done = list(views(listed, base, pool, layout, loaded.executor, force=force))
        written = sum(f.bytes for result in done for f in result.manifest.files)
        rows = [{"views": len(done), "unchanged": sum(r.skipped for r in done), "bytes": written}]
        _show([Summary(f"Views in {layout.mix('')}", rows)], as_json)


@mix_app.command("export")
def mix_export(
    folder: Annotated[Path, typer.Argument(metavar="MIXTURE", help="Folder of a finished mixture.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write; it must not exist, or be empty.")],
    format_: Annotated[str, typer.Option("--format", help="megatron, parquet, litdata or mds.")] = "parquet",
    as_json: AsJson = False,
) -> None:
    """Write a mixture in the format of another trainer."""
    with _errors():
        from mixer.export import export

        _show([Summary(f"Exported to {to}", [export(folder, to, format_)])], as_json)


@mix_app.command("verify")
def mix_verify(
    folder: Annotated[Path, typer.Argument(metavar="MIXTURE", help="Folder of a finished mixture.")],
    as_json: AsJson = False,
) -> None:
    """Read a mixture again: checksums, proportions, prefixes, document ends, lineage, decodability."""
    with _errors():
        from mixer.verify import verify_mixture

        rows, faults = verify_mixture(folder)
        tables = [Summary(f"Verify {folder}", rows)]
        if faults:
            tables.append(Summary("Faults", [{"fault": fault} for fault in faults]))
        _show(tables, as_json)
        if faults:
            raise StageError(f"{folder} is not what its manifest says; remove it, then: glotmix mix CONFIG")


def _summary_command(group: typer.Typer, stages: tuple[str, ...]) -> None:
    @group.command("summary")
    def summary(config: ConfigPath, set_: Assignments = None, as_json: AsJson = False) -> None:
        """Show what the finished stages made, without running anything."""
        with _errors():
            loaded, _, layout = _load(config, set_)
            folders = {
                "tokens": layout.tokens(loaded.mix.parallel_form),
                "mix": layout.mix(loaded.mix.name),
            }
            tables: list[Summary] = []
            for stage in stages:
                folder = folders.get(stage, layout.root / stage)
                manifest = manifests.read(folder)
                if manifest is None:
                    raise StageError(f"{folder}: the {stage} stage is not finished. Run: glotmix run {config}")
                tables += summaries(manifest)
            _show(tables, as_json)


_summary_command(corpus_app, ("corpus",))
_summary_command(pairs_app, ("pairs",))
_summary_command(mix_app, STAGES[2:])


@app.command()
def stats(
    path: Annotated[
        Path, typer.Argument(metavar="CONFIG|MIXTURE", help="A configuration (its pool), or a mixture's folder.")
    ],
    set_: Assignments = None,
    as_json: AsJson = False,
) -> None:
    """Tokens, bytes, documents and licences of each component: of the pool, or of one mixture."""
    with _errors():
        from mixer.stats import mixture_stats, pool_stats

        if path.is_dir():
            _show(mixture_stats(path), as_json)
            return
        loaded, _, layout = _load(path, set_)
        _show(pool_stats(layout, loaded.mix.parallel_form), as_json)


@app.command()
def inspect(
    path: Annotated[
        Path, typer.Argument(help="A Parquet file, a folder of them, a shard (.ds), or a stage's folder.")
    ],
    rows: Annotated[int, typer.Option("-n", "--rows", min=1, help="Rows or sequences to show.")] = 5,
    columns: Annotated[str | None, typer.Option(help="Columns, separated by commas.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="Only rows with column=PATTERN, such as path=*.go.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show any table or shard in readable form."""
    with _errors():
        from mixer.inspect import inspect_path

        _show(inspect_path(path, rows, columns.split(",") if columns else None, where or []), as_json)


@app.command()
def trace(
    shard: Annotated[Path, typer.Argument(help="A shard (.ds), or a mixture's folder.")],
    sequence: Annotated[int, typer.Argument(min=0, help="Number of the sequence in the shard, from 0.")],
    as_json: AsJson = False,
) -> None:
    """Show which files a training sequence is made of: source, path, licence, commit, bytes."""
    with _errors():
        from mixer.inspect import trace_rows

        _show([trace_rows(shard, sequence)], as_json)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A run's output folder, or the folder of one stage.")],
    as_json: AsJson = False,
) -> None:
    """Read every result again and compare it with the checksums in its manifest."""
    with _errors():
        from report.verify import verify as verify_folder

        rows, faults = verify_folder(folder)
        tables = [Summary("Verify: every file read again", rows)]
        if faults:
            tables.append(Summary("Faults", [{"fault": fault} for fault in faults]))
        _show(tables, as_json)
        if faults:
            raise StageError("results differ from their manifests; remove those folders, then: glotmix run CONFIG")


@app.command()
def languages(as_json: AsJson = False) -> None:
    """List the languages, their grammars and file names."""
    from parsers.languages import LANGUAGES

    rows = [
        {
            "name": spec.name,
            "title": spec.title,
            "grammar": spec.grammar[0].replace("_", "-"),
            "extensions": " ".join(spec.extensions),
            "also called": " ".join(spec.aliases),
        }
        for spec in LANGUAGES.values()
    ]
    _show([Summary("Languages", rows)], as_json)


if __name__ == "__main__":
    app()
