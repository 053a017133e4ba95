"""What `glotmix run` does after the mixture: nothing but wiring; what takes long to import is imported inside."""

from pathlib import Path
from typing import TYPE_CHECKING

from contracts.errors import ConfigError
from contracts.manifest import Manifest
from mixer.layout import Layout
from mixer.stages import STAGES
from report.front import err, say, show
from report.progress import PhaseProgress
from report.table import Summary, plain
from report.terminal import summaries
from train.loop.names import LOOP

if TYPE_CHECKING:
    from train.loop.config import LoopConfiguration

SECOND = "Second mixture"


def stages_until(until: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stages up to one, those of the mixture and those after it.

    Raises:
        ConfigError: there is no such stage.
    """
    every = (*STAGES, *LOOP)
    if until is not None and until not in every:
        raise ConfigError(f"--until {until}: allowed are {', '.join(every)}")
    if until in LOOP:
        return STAGES, LOOP[: LOOP.index(until) + 1]
    return (STAGES[: STAGES.index(until) + 1], ()) if until else (STAGES, LOOP)


def ready(config: "LoopConfiguration", path: Path, layout: Layout, after: tuple[str, ...]) -> tuple[str, ...]:
    """The stages after the mixture that the configuration asks for, once all that can be known before is checked.

    Raises:
        ConfigError: a stage needs a sweep that is not configured, the extra is missing, or an option cannot be.
    """
    if not after:
        return ()
    if config.sweep is None:
        if after != LOOP:
            raise ConfigError(
                f"--until {after[-1]}: {path} has no section sweep, so its last stage is mix. See docs/loop.md"
            )
        return ()
    from train.loop.check import check_loop, require_trainable

    check_loop(config, path, layout)
    require_trainable(config)
    return after


def planned(
    config: "LoopConfiguration", path: Path, layout: Layout, stages: tuple[str, ...], after: tuple[str, ...]
) -> list[Summary]:
    """What the command would do."""
    from train.loop.plan import plan_tables

    if config.sweep is not None and after:
        from train.loop.check import check_loop

        check_loop(config, path, layout)
    return plan_tables(config, path, layout, (*stages, *after))


def carry_out(
    stages: tuple[str, ...],
    config: "LoopConfiguration",
    path: Path,
    layout: Layout,
    done: list[tuple[Manifest, bool]],
    *,
    force: bool,
    as_json: bool,
) -> list[Summary]:
    """Run the stages after the mixture and write the report; the tables that say what they made.

    Args:
        stages: some of LOOP, the first ones.
        config: of the whole run.
        path: its file.
        layout: where results go.
        done: gets the manifest of each stage, and whether it was found finished.
        force: redo the second mixture if it does not match.
        as_json: tables are printed by the caller.
    """
    tables: list[Summary] = []
    for stage in stages:
        from train.loop.stages import Loop

        with PhaseProgress(stage, err) as progress:
            loop = Loop(config, path, layout, force, progress.observe, _tell)
            results = list(loop.run(stage))
        for result in results:
            done.append((result.manifest, result.skipped))
            found = summaries(result.manifest)
            if stage == "remix":
                found = [Summary(f"{SECOND}: {found[0].title.partition(': ')[2]}", found[0].rows), *found[1:]]
            tables += found
            if not as_json:
                show(found, as_json=False)
    if stages:  # the report says what is not there yet
        _end(layout, "confirm" in stages, as_json)
    return tables


def _end(layout: Layout, confirmed: bool, as_json: bool) -> None:
    from contracts.confirmation import Confirmation
    from report.html.page import write_report
    from train.loop.confirm import in_words
    from train.loop.layout import CONFIRM, LoopLayout

    places = LoopLayout(layout)
    write_report(layout.root, places.report)
    if as_json:
        return
    path = places.confirm / CONFIRM
    if confirmed:
        found = Confirmation.model_validate_json(path.read_text(encoding="utf-8"))
        for one in found.comparisons:
            say(f"The proposed mixture: {in_words(one, found.unit, found.toy is not None)}.")
        if found.toy:
            say(f"Note: {found.toy}.")
    say(f"Report: {places.report}")


def _tell(message: str) -> None:
    err.print(plain(message), markup=False, highlight=False, soft_wrap=True)
