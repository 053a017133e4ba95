"""Plans over a real pool."""

import json
import shutil

import pyarrow as pa
import pytest
from queues import TRAIN, sweep

from contracts import manifest as manifests
from contracts.errors import ConfigError, PlanError, StageError
from contracts.schema import RUN_LIST
from mixer.dataset import MixtureDataset
from mixer.layout import Layout
from train.sweep.job import open_job
from train.sweep.make import plan_sweep
from train.sweep.rows import Row, read_list

MIX = {"sequence_length": 128, "max_epochs": 4}
PYTHON, BOTH = {"python": 1.0}, {"python": 0.5, "go": 0.5}


def grid(**options):
    return {"rungs": ["0.2M"], "points": [[4096, 8192]], "mixtures": [{"proportions": BOTH}], **options}


def folder_of(corpus, row: Row):
    return Layout(corpus / "out").mix(row.mixture)


def test_a_plan_lists_runs_in_the_columns_of_the_schema(corpus):
    config = sweep(output="columns", mix=MIX, grid=grid(seeds=[0, 1]), device={"peak_flops": 1e15, "mfu": 0.5})
    planned = plan_sweep(config, corpus)
    lines = [json.loads(line) for line in planned.folder.list.read_text().splitlines()]
    assert [list(line) for line in lines] == [RUN_LIST.names] * 2
    table = pa.table(
        {
            name: pa.array(
                [list(v.items()) if isinstance(v := line[name], dict) and name != "shape" else v for line in lines],
                RUN_LIST.schema.field(name).type,
            )
            for name in RUN_LIST.names
        }
    )
    assert table.num_rows == 2
    assert list(Row.model_fields) == RUN_LIST.names
    (first, second) = planned.rows
    assert (first.index, first.seed, second.index, second.seed) == (0, 0, 1, 1)
    assert first.proportions == BOTH
    assert first.gpu_hours == pytest.approx(first.flops / 5e14 / 3600)
    # the trunk to 90 % of the second point and 10 % of both, in steps of 2,048 tokens
    assert first.flops == pytest.approx((3 + 1 + 1) * 2048 * (first.flops / 10240))


def test_the_mixtures_are_views_that_hold_the_longest_run_to_the_sequence(corpus):
    lengths = [[4096], [4096, 20480]]
    shares = [{"proportions": BOTH}, {"proportions": "natural"}, {"proportions": "unimax"}]
    config = sweep(output="views", mix={**MIX, "parallel": "none"}, grid=grid(points=lengths, mixtures=shares))
    planned = plan_sweep(config, corpus)
    assert planned.mixtures == 4, "unimax depends on the budget"
    for row in planned.rows:
        mixture = MixtureDataset(folder_of(corpus, row))
        assert len(mixture) >= row.tokens[-1] // 128
        assert mixture.manifest["counts"]["output"] == "view"
        counts = mixture.manifest["counts"]["components"]
        assert row.proportions == pytest.approx({name: part["share"] for name, part in counts.items()})
        for name, epochs in row.epochs.items():
            whole = counts[name]["epochs"]
            assert epochs == pytest.approx(whole * row.tokens[-1] / 128 / len(mixture), abs=1e-5)
    shared = [row for row in planned.rows if row.proportions == BOTH]
    assert {len(MixtureDataset(folder_of(corpus, row))) for row in shared} == {160}


def test_the_same_configuration_gives_the_same_plan_and_one_that_is_extended_keeps_its_runs(corpus):
    small = sweep(output="extended", mix=MIX, grid=grid())
    before = plan_sweep(small, corpus)
    made = folder_of(corpus, before.rows[0]) / "manifest.json"
    stamp = made.stat().st_mtime_ns
    text = before.folder.list.read_bytes()
    plan_sweep(small, corpus)
    assert before.folder.list.read_bytes() == text
    assert made.stat().st_mtime_ns == stamp
    large = sweep(output="extended", mix=MIX, grid=grid(points=[[4096, 8192, 20480], [4096, 8192]], seeds=[1, 0]))
    with pytest.raises(StageError, match="the plan was made from another configuration"):
        open_job(large, corpus)
    after = plan_sweep(large, corpus)
    assert before.rows[0].run_id in {row.run_id for row in after.rows}
    assert open_job(large, corpus)[1] == after.rows == read_list(after.folder.list)


@pytest.mark.parametrize("drop", [False, True])
def test_mixtures_that_the_corpus_does_not_allow_are_explained_before_anything_is_written(corpus, drop):
    shares = [{"proportions": BOTH}, {"name": "too-much", "proportions": PYTHON}]
    options = {"mix": {**MIX, "max_epochs": 1}, "drop_impossible": drop}
    config = sweep(output=f"drop-{drop}", grid=grid(points=[[10240]], mixtures=shares, seeds=[0, 1]), **options)
    if drop:
        planned = plan_sweep(config, corpus)
        assert [(row.index, row.proportions) for row in planned.rows] == [(0, BOTH), (1, BOTH)]
        ((reason, number),) = planned.dropped.items()
        assert number == 2
        assert "python: needs 10,240 tokens" in reason
        return
    with pytest.raises(PlanError, match=r"(?s)allow 1 of 2 mixtures.*2 run\(s\), too-much .*needs 10,240 tok"):
        plan_sweep(config, corpus)
    assert not (corpus / "drop-False").exists()


def test_a_dry_run_writes_nothing(corpus):
    files = sorted(corpus.rglob("*"))
    shares = [{"generate": "dirichlet", "over": ["python", "go", "rust"], "n": 4}]
    planned = plan_sweep(sweep(output="dry", mix=MIX, grid=grid(mixtures=shares)), corpus, dry_run=True)
    assert len(planned.rows) == 4
    assert sorted(corpus.rglob("*")) == files


def test_strategies_share_a_corpus_and_have_pools_of_their_own(corpus):
    design = {"name": "paper-strategies", "scale": 1e-3, "scale_tokens": 2e-8, "sizes": "rungs"}
    config = sweep(output="strategies", mix={"sequence_length": 1024, "max_epochs": 8}, design=design)
    planned = plan_sweep(config, corpus)
    found = {row.strategy: folder_of(corpus, row) for row in planned.rows}
    assert set(found) == {"shuffled", "concat", "prompt"}
    forms = {s: manifests.read(folder).configuration["parallel_form"] for s, folder in found.items()}
    assert forms == {name: name for name in found}
    assert sorted(p.name for p in (corpus / "out" / "tokens").iterdir()) == ["concat", "prompt", "shuffled"]


def test_a_language_alone_repeats_the_very_tokens_that_it_has_in_a_pair(corpus):
    design = {"name": "paper-synergy", "scale": 1e-3, "scale_tokens": 64e-9, "languages": ["python", "go"]}
    config = sweep(output="synergy", mix={"sequence_length": 64}, design=design, train={**TRAIN, "batch_tokens": 1024})
    rows = {tuple(row.proportions): row for row in plan_sweep(config, corpus).rows}
    assert set(rows) == {("python", "go"), ("python",), ("go",)}

    def documents(row: Row, component: str) -> set[bytes]:
        mixture = MixtureDataset(folder_of(corpus, row))
        chosen = [mixture[k] for k in range(len(mixture)) if mixture.component(k) == component]
        return {tokens.tobytes() for tokens in chosen}

    alone, pair = documents(rows["python",], "python"), documents(rows["python", "go"], "python")
    assert rows["python",].epochs["python"] == pytest.approx(2 * rows["python", "go"].epochs["python"], rel=0.05)
    assert 2.0 <= rows["python",].epochs["python"] < 3.0
    assert pair <= alone


def test_another_corpus_gives_other_runs(corpus, tmp_path):
    config = sweep(output="same", mix=MIX, grid=grid())
    before = plan_sweep(config, corpus)
    shutil.copyfile(corpus / "run.yaml", tmp_path / "run.yaml")
    shutil.copytree(corpus / "out", tmp_path / "out", ignore=lambda _, names: {"mix", "streams"} & set(names))
    assert plan_sweep(config, tmp_path).rows == before.rows, "the same corpus elsewhere"
    path = tmp_path / "out" / "tokens" / "concat" / "manifest.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "identity": "0" * 64}))
    after = plan_sweep(config, tmp_path)
    assert {row.run_id for row in after.rows}.isdisjoint(row.run_id for row in before.rows)
    assert {row.mixture for row in after.rows}.isdisjoint(row.mixture for row in before.rows)


def test_what_is_not_there_is_said_with_the_command_that_makes_it(corpus, tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: no such file"):
        plan_sweep(sweep(corpus="none.yaml"), corpus)
    shutil.copyfile(corpus / "run.yaml", tmp_path / "run.yaml")
    shutil.copytree(corpus / "polyglot", tmp_path / "polyglot")
    shutil.copytree(corpus / "out" / "corpus", tmp_path / "out" / "corpus")
    with pytest.raises(StageError, match=r"the pairs stage is not finished. Run: glotmix pairs CONFIG"):
        plan_sweep(sweep(), tmp_path)
    with pytest.raises(ConfigError, match=r"device\.name: 'Abacus' is not known; give device\.peak_flops"):
        plan_sweep(sweep(mix=MIX, device={"name": "Abacus"}), corpus)
    with pytest.raises(StageError, match="glotmix sweep plan CONFIG"):
        open_job(sweep(output="nowhere"), corpus)
