import json
import tempfile
from pathlib import Path

import pytest

from contracts.errors import ConfigError, PlanError, StageError
from contracts.languages import PARALLEL
from mixer.config import CurriculumConfig, MixConfig
from mixer.planning.prepare import dry_run, resolve, stream_specs
from pipelines.stage import require

from ..conftest import make
from ..pools import Pool, write_column, write_pool

LENGTH = 64
SIZES = {"python": [40] * 60, "go": [30] * 20, "go->rust": [20] * 30, "rust->go": [21] * 30}


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Pool:
    return write_pool(tmp_path_factory.mktemp("prepare"), SIZES)


def config(**options) -> MixConfig:
    return MixConfig(**{"sequence_length": LENGTH, **options})


def allocation(tmp_path: Path, text: object) -> MixConfig:
    (tmp_path / "allocation.json").write_text(text if isinstance(text, str) else json.dumps(text))
    return config(proportions="allocation", allocation="allocation.json")


GOOD = {"weights": {"go": 0.25, "rust": 0.0, "python": 0.75}, "tokens": 1e9, "law": "power", "runs_identity": "r"}


def test_an_allocation_gives_the_proportions_and_says_what_it_was_made_for(tmp_path):
    found, facts = resolve(allocation(tmp_path, GOOD), tmp_path)
    assert found == config(proportions={"go": 0.25, "python": 0.75})  # as if they had been written here
    assert facts == {"n_parameters": None, "tokens": 1e9, "law": "power", "runs_identity": "r"}


def test_without_an_allocation_nothing_changes(tmp_path):
    assert resolve(config(), tmp_path) == (config(), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"is not an allocation for this mixture \(weights: Invalid JSON"),
        ({}, r"is not an allocation for this mixture \(weights: Field required\)"),
        ({"weights": {"go": 0.5}}, r"\(weights: .*they sum to 0.500000\)"),
        ({"weights": {"go": 1.5, "rust": -0.5}}, r"weights must lie in 0..1"),
        ({"weights": {"go": 1.0}, "budget": 3}, r"\(budget: Extra inputs are not permitted\)"),
        ({"weights": {"Go": 1.0}}, r"mix.proportions names 'Go' \(did you mean go\?\)"),
        ({"weights": {"go->rust": 1.0}}, r"names go->rust while mix.parallel is pooled"),
    ],
)
def test_a_file_that_is_no_allocation_for_the_mixture_is_refused(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message) as error:
        resolve(allocation(tmp_path, text), tmp_path)
    assert str(tmp_path / "allocation.json") in str(error.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_names_the_command_that_writes_it(tmp_path, content):
    made = allocation(tmp_path, GOOD)
    (tmp_path / "allocation.json").unlink()
    if content:
        (tmp_path / "allocation.json").write_bytes(content)
    with pytest.raises(ConfigError, match=r"mix.allocation: .*cannot be read .*docs/mixing.md"):
        resolve(made, tmp_path)


def test_an_allocation_of_a_component_that_the_pool_does_not_hold_is_refused(pool, tmp_path):
    made = allocation(tmp_path, {"weights": {"go": 0.5, "prose": 0.5}})
    with pytest.raises(
        PlanError, match=r"asks for prose, of which the pool holds no document; it holds python, go, p"
    ):
        dry_run(made, tmp_path, pool.folder)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["python", "go", PARALLEL]),
        ({"parallel": "none"}, ["python", "go"]),
        ({"parallel": "directions"}, ["python", "go", "go->rust", "rust->go"]),
        ({"proportions": {"go": 0.5, PARALLEL: 0.5}}, ["go", PARALLEL]),
        ({"proportions": {"go": 1.0, "python": 0.0}}, ["go"]),
        # a component with a lower bound may get a share
        ({"proportions": {"go": 1.0}, "components": {"python": {"min_share": 0.1}}}, ["python", "go"]),
    ],
)
def test_streams_are_those_of_the_components_that_the_mixture_may_take(pool, options, expected):
    manifest = require(pool.folder, "tokens", "")
    specs = stream_specs(config(**options), manifest)
    assert list(specs) == expected
    assert {spec.pool for spec in specs.values()} == {manifest.identity}
    assert all(spec.component == name for name, spec in specs.items())


def test_each_stream_gets_its_own_choice_and_column(pool):
    manifest = require(pool.folder, "tokens", "")
    curriculum = CurriculumConfig(pairs="score", descending=True)
    made = config(curriculum=curriculum, components={"go": {"unique_tokens": 100}}, seed=9)
    specs = stream_specs(made, manifest)
    assert {c: s.unique_tokens for c, s in specs.items()} == {"python": None, "go": 100, PARALLEL: None}
    assert {c: (s.column, s.descending) for c, s in specs.items()} == {
        "python": (None, False),  # so that it is shared with mixtures without a curriculum
        "go": (None, False),
        PARALLEL: ("score", True),
    }
    assert {(s.seed, s.length) for s in specs.values()} == {(9, LENGTH)}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"proportions": {"rust": 1.0}}, "asks for rust, of which the pool holds no document; .* glotmix stats"),
        ({"components": {"rust": {"max_share": 0.1}}}, "mix.components sets bounds for rust, which the pool does not"),
        ({"components": {"pyton": {"max_share": 0.1}}}, "mix.components sets bounds for pyton, which the pool does n"),
        ({"tokens": 10**6, "proportions": {"go": 1.0}}, r"lacks 999,424 \(enough at mix.max_epochs=1666.67\)"),
        ({"components": {"go": {"unique_tokens": 20}}}, "mix.components.go.unique_tokens=20 is less than the first"),
        ({"curriculum": {"documents": "nothing"}}, "mix.curriculum.documents=nothing: no such column"),
    ],
)
@pytest.mark.parametrize("output", ["shards", "view"])
def test_plans_that_cannot_be_met_leave_nothing_behind(pool, options, message, output):
    write_column(pool.layout.corpus / "documents", "id", {"go000": 1})
    before = sorted(pool.layout.root.rglob("*"))
    with pytest.raises(PlanError, match=message):
        dry_run(config(**options, output=output), pool.layout.root, pool.folder)
    assert sorted(pool.layout.root.rglob("*")) == before


PLANS = [
    {"proportions": {"go": 0.5, "python": 0.2, PARALLEL: 0.3}, "max_epochs": 3.0},
    {"parallel": "directions", "components": {"go": {"unique_tokens": 200, "max_epochs": 2.0}}},
    {"proportions": "unimax", "tokens": 2000, "permute": True, "seed": 3},
]


@pytest.mark.parametrize("options", PLANS)
def test_a_dry_run_is_what_is_then_written_and_leaves_nothing_behind(pool, options, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = sorted(pool.layout.root.rglob("*"))
    planned = dry_run(config(**options), pool.layout.root, pool.folder).to_dict()
    assert sorted(pool.layout.root.rglob("*")) == before
    assert not list(tmp_path.iterdir())
    name = f"dry{PLANS.index(options)}"
    made = make(pool.layout, output="view", name=name, sequence_length=LENGTH, **options)
    components = planned.pop("components")
    assert {key: made.counts[key] for key in planned} == planned
    assert list(made.counts["components"]) == list(components)
    for component, part in components.items():
        assert {key: made.counts["components"][component][key] for key in part} == part


def test_a_pool_that_is_not_finished_is_refused(tmp_path):
    with pytest.raises(StageError, match=r"the tokens stage is not finished. Run: glotmix run CONFIG --until tokens"):
        dry_run(config(), tmp_path, tmp_path / "tokens" / "concat")


def test_an_empty_pool_is_refused(tmp_path):
    pool = write_pool(tmp_path, {})
    with pytest.raises(PlanError, match="the pool holds no sequence of 64 tokens of any component; add sources"):
        dry_run(config(), tmp_path, pool.folder)


def test_pairs_that_are_all_too_long_are_an_error_that_says_so(tmp_path):
    pool = write_pool(tmp_path, {"go": [30] * 20, "go->rust": [65, 80]})
    with pytest.raises(PlanError, match=r"asks for parallel, .* longer than mix.sequence_length=64 tokens do not co"):
        dry_run(config(proportions={"go": 0.5, PARALLEL: 0.5}), tmp_path, pool.folder)
    assert list(dry_run(config(), tmp_path, pool.folder).components) == ["go"]
    longer = config(proportions={"go": 0.5, PARALLEL: 0.5}, sequence_length=80)
    assert dry_run(longer, tmp_path, pool.folder).components[PARALLEL].lost_documents == 0
