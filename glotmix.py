"""glotmix: source trees in, training shards in exact language proportions out.

The front door: one command a stage. Nothing but wiring; what takes long to import is imported inside the commands.
"""

import signal
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts import manifest as manifests
from contracts.annotated import annotated_yaml
from contracts.config import override, read_yaml, validate
from contracts.errors import ConfigError, StageError
from contracts.files import atomic_path
from contracts.manifest import VERSION, Manifest
from fit.commands.app import fit_app
from mixer.layout import Layout
from mixer.stages import MIXING, PAIRING, STAGES, run_one
from pairing.commands.app import pairs_group
from report.commands import report as report_command
from report.front import EXIT_CODES, DefaultGroup, err, errors, say, show, show_findings
from report.progress import PhaseProgress
from report.table import Summary, plain
from report.terminal import cost, plan_summary, summaries
from train.commands import evaluate as evaluate_command
from train.commands import loop as loop_command
from train.commands import models as models_command
from train.commands import training as training_command
from train.commands.sweep import sweep_app
from train.loop.names import LOOP

if TYPE_CHECKING:
    from train.loop.config import LoopConfiguration

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, epilog=EXIT_CODES)
corpus_app = typer.Typer(
    cls=DefaultGroup, no_args_is_help=True, help="Sources to documents, units and rejected files."
)
mix_app = typer.Typer(cls=DefaultGroup, no_args_is_help=True, help="Documents and pairs to training shards.")


def __getattr__(name: str) -> Any:
    """`Configuration`, of a whole run: made when asked for, since many commands read none."""
    if name != "Configuration":
        raise AttributeError(name)
    from train.loop.config import LoopConfiguration

    return LoopConfiguration


Runner = Callable[[str], tuple[Manifest, bool]]
ConfigPath = Annotated[Path, typer.Argument(metavar="CONFIG", help="The YAML configuration; see glotmix init.")]
Assignments = Annotated[list[str] | None, typer.Option("--set", help="Override: section.key=value. May be repeated.")]
Force = Annotated[bool, typer.Option("--force", help="Redo finished stages that do not match the configuration.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def _load(path: Path, assignments: list[str] | None) -> "tuple[LoopConfiguration, Path, Layout]":
    """The configuration, the folder its relative paths start from, and where results go."""
    from train.loop.config import LoopConfiguration

    data = override(read_yaml(path), assignments or [])
    config = validate(LoopConfiguration, data, str(path))
    base = path.resolve().parent
    return config, base, Layout((base / Path(config.output).expanduser()).resolve())


def _runner(config: "LoopConfiguration", base: Path, layout: Layout, force: bool) -> Runner:
    """A function that runs one stage by name and gives its manifest and whether it was found finished."""

    def run(stage: str) -> tuple[Manifest, bool]:
        with PhaseProgress(stage, err) as progress:
            result = run_one(stage, config, base, layout, force=force, observe=progress.observe)
        return result.manifest, result.skipped

    return run


def _check_stages(config: "LoopConfiguration", base: Path, layout: Layout) -> None:
    """Everything up to the tokens must be finished, and as configured."""
    for stage in STAGES[:-1]:
        run_one(stage, config, base, layout, check=True)


def _run_stages(
    stages: tuple[str, ...],
    path: Path,
    assignments: list[str] | None,
    force: bool,
    as_json: bool,
    after: tuple[str, ...] = (),
) -> "tuple[LoopConfiguration, Layout]":
    with errors():
        config, base, layout = _load(path, assignments)
        after = loop_command.ready(config, path, layout, after)
        try:
            layout.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = f"output: {layout.root} cannot be used ({error.strerror})"
            raise ConfigError(f"{reason}; give another folder (--set output=...)") from error
        run = _runner(config, base, layout, force)
        for stage in STAGES[: STAGES.index(stages[0])]:  # what this command builds on must be what is configured
            run_one(stage, config, base, layout, check=True)
        done: list[tuple[Manifest, bool]] = []
        tables: list[Summary] = []
        for stage in stages:
            done.append(run(stage))
            found = summaries(done[-1][0], layout.root / stage)
            tables += found
            if not as_json:
                show(found, as_json=False)
        tables += loop_command.carry_out(after, config, path, layout, done, force=force, as_json=as_json)
        tables.append(cost(done))
        show(tables if as_json else tables[-1:], as_json)
        if force:
            from mixer.mix import again
            from report.verify import orphans

            for name in orphans(layout.root):
                note = f"note: the mixture {name} was made from stages that are gone now"
                err.print(plain(f"{note}; {again(layout.mix(name))}"), markup=False, soft_wrap=True)
    return config, layout


def _summarise(stages: tuple[str, ...], config: Path, assignments: list[str] | None, as_json: bool) -> None:
    """Show what finished stages made, all from the same state."""
    with errors():
        from pipelines.stage import require_chain

        loaded, _, layout = _load(config, assignments)
        folders = {stage: layout.root / stage for stage in stages} | {
            "tokens": layout.tokens(loaded.mix.parallel_form, loaded.mix.parallel_level),
            "mix": layout.mix(loaded.mix.name),
        }
        read: dict[str, Manifest] = {}
        for stage in stages:
            manifest = manifests.read(folders[stage])
            if manifest is None:
                raise StageError(f"{folders[stage]}: the {stage} stage is not finished. Run: glotmix run {config}")
            read[stage] = manifest
        require_chain(read, f"glotmix run {config}")
        show([table for stage, found in read.items() for table in summaries(found, folders[stage])], as_json)


pairs_app = pairs_group(
    lambda config, assignments, force, as_json: _run_stages(PAIRING, config, assignments, force, as_json),
    lambda config, assignments, as_json: _summarise(PAIRING, config, assignments, as_json),
    lambda config: _load(config, None)[2].root,
)
groups = {"corpus": corpus_app, "pairs": pairs_app, "mix": mix_app, "sweep": sweep_app, "fit": fit_app}
for name, group in groups.items():
    app.add_typer(group, name=name)
for command in (models_command, training_command, evaluate_command, report_command):
    command.register(app)


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
    with errors():
        if path.exists() and not force:
            raise ConfigError(f"{path} exists; give another name or --force")
        from pipelines.sources.starter import EXAMPLES, first_source
        from train.loop.config import LoopConfiguration as Configuration

        first = first_source(source, path, Configuration.model_fields["output"].default)
        text = annotated_yaml(Configuration, {"corpus": {"sources": [first]}}, {"corpus.sources": EXAMPLES})
        with atomic_path(path) as temporary:
            temporary.write_text(f"# A glotmix run. Start it with: glotmix run {path.name}\n{text}\n", "utf-8")
    say(f"wrote {path}. Next: glotmix run {path}")


@app.command()
def run(
    config: ConfigPath,
    until: Annotated[str | None, typer.Option(help=f"Last stage to run: {', '.join((*STAGES, *LOOP))}.")] = None,
    set_: Assignments = None,
    force: Force = False,
    check: Annotated[bool, typer.Option("--check", help="Show what would be done, and its cost; do nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run all stages, or those that are not done yet; a killed run goes on where it stopped."""
    with errors():
        stages, after = loop_command.stages_until(until)
        if check:
            loaded, _, layout = _load(config, set_)
            show(loop_command.planned(loaded, config, layout, stages, after), as_json)
            return
    loaded, layout = _run_stages(stages, config, set_, force, as_json, after)
    if loaded.sweep is not None and after:
        return
    if stages[-1] == "mix" and not as_json:
        folder = layout.mix(loaded.mix.name)
        first = folder if loaded.mix.output == "view" else folder / "00000.ds"
        say(f"{loaded.mix.output.capitalize()}: {folder}\nNext: glotmix trace {first} 0")


@corpus_app.command("run")
def corpus_run(config: ConfigPath, set_: Assignments = None, force: Force = False, as_json: AsJson = False) -> None:
    """Make the tables documents, units and rejected."""
    _run_stages(("corpus",), config, set_, force, as_json)


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
        _run_stages(MIXING, config, set_, force, as_json)
        return
    with errors():
        from mixer.planning.prepare import dry_run as plan_only

        loaded, base, layout = _load(config, set_)
        _check_stages(loaded, base, layout)
        pool = layout.tokens(loaded.mix.parallel_form, loaded.mix.parallel_level)
        show(plan_summary(plan_only(loaded.mix, base, pool).to_dict()), as_json)


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
    with errors():
        from mixer.view import read_list, views

        loaded, base, layout = _load(config, set_)
        listed = read_list(mixtures, loaded.mix)
        _check_stages(loaded, base, layout)
        pool = layout.tokens(loaded.mix.parallel_form, loaded.mix.parallel_level)
        done = list(views(listed, base, pool, layout, loaded.executor, force=force))
        written = sum(f.bytes for result in done for f in result.manifest.files)
        rows = [{"views": len(done), "unchanged": sum(r.skipped for r in done), "bytes": written}]
        show([Summary(f"Views in {layout.mix('')}", rows)], as_json)


@mix_app.command("export")
def mix_export(
    folder: Annotated[Path, typer.Argument(metavar="MIXTURE", help="Folder of a finished mixture.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write; it must not exist, or be empty.")],
    format_: Annotated[str, typer.Option("--format", help="megatron, parquet, litdata or mds.")] = "parquet",
    as_json: AsJson = False,
) -> None:
    """Write a mixture in the format of another trainer."""
    with errors():
        from mixer.export import export

        show([Summary(f"Exported to {to}", [asdict(export(folder, to, format_))])], as_json)


@mix_app.command("verify")
def mix_verify(
    folder: Annotated[Path, typer.Argument(metavar="MIXTURE", help="Folder of a finished mixture.")],
    as_json: AsJson = False,
) -> None:
    """Read a mixture again: checksums, proportions, prefixes, document ends, lineage, decodability."""
    with errors():
        from mixer.checks.verify import verify_mixture
        from mixer.mix import again

        cure = f"remove the folder that a fault names, and run the stage that makes it; the mixture: {again(folder)}"
        show_findings(f"Verify {folder}", *verify_mixture(folder), as_json, cure)


@corpus_app.command("summary")
def corpus_summary(config: ConfigPath, set_: Assignments = None, as_json: AsJson = False) -> None:
    """Show what the finished stage made, without running anything."""
    _summarise(("corpus",), config, set_, as_json)


@mix_app.command("summary")
def mix_summary(config: ConfigPath, set_: Assignments = None, as_json: AsJson = False) -> None:
    """Show what the finished stages made, without running anything."""
    _summarise(MIXING, config, set_, as_json)


@app.command()
def stats(
    path: Annotated[
        Path, typer.Argument(metavar="CONFIG|MIXTURE", help="A configuration (its pool), or a mixture's folder.")
    ],
    set_: Assignments = None,
    as_json: AsJson = False,
) -> None:
    """Tokens, bytes, documents and licences of each component: of the pool, or of one mixture."""
    with errors():
        from mixer.stats.tables import mixture_stats, pool_stats

        if path.is_dir():
            if set_:
                raise ConfigError(f"--set goes with a configuration; {path} is a mixture's folder")
            show(mixture_stats(path), as_json)
            return
        loaded, base, layout = _load(path, set_)
        _check_stages(loaded, base, layout)
        show(pool_stats(layout, loaded.mix.parallel_form, loaded.mix.parallel_level), as_json)


@app.command()
def inspect(
    path: Annotated[
        Path, typer.Argument(help="A Parquet or .jsonl file, a folder of Parquet, a shard (.ds), or a stage's folder.")
    ],
    rows: Annotated[int, typer.Option("-n", "--rows", min=1, help="Rows or sequences to show.")] = 5,
    columns: Annotated[str | None, typer.Option(help="Columns, separated by commas.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="Only rows with column=PATTERN, such as path=*.go.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show any table or shard in readable form."""
    with errors():
        from mixer.inspect import inspect_path

        show(inspect_path(path, rows, columns.split(",") if columns else None, where or []), as_json)


@app.command()
def trace(
    shard: Annotated[Path, typer.Argument(help="A shard (.ds), or a mixture's folder.")],
    sequence: Annotated[int, typer.Argument(min=0, help="Number of the sequence in the shard, from 0.")],
    as_json: AsJson = False,
) -> None:
    """Show which files a training sequence is made of: source, path, licence, commit, bytes."""
    with errors():
        from mixer.inspect import trace_rows

        show([trace_rows(shard, sequence)], as_json)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A run's output folder, or the folder of one stage.")],
    as_json: AsJson = False,
) -> None:
    """Read every result again and compare it with the checksums in its manifest."""
    with errors():
        from report.verify import verify as verify_folder

        cure = "results differ from their manifests; remove those folders, then: glotmix run CONFIG"
        show_findings("Verify: every file read again", *verify_folder(folder), as_json, cure)


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
    show([Summary("Languages", rows)], as_json)


if __name__ == "__main__":
    app()
