import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from datatrove.pipeline.tokens.merger import get_data_reader, load_doc_ends

from contracts import manifest as manifests
from contracts.errors import PlanError, StageError, StaleStageError
from contracts.languages import PARALLEL
from mixer.config import MixConfig
from mixer.dataset import MixtureDataset
from mixer.layout import Layout
from mixer.lineage import lineage_of
from mixer.mix import mix
from mixer.planning.order import MAX_DEVIATION, prefix_deviation
from mixer.planning.prepare import dry_run
from pipelines.executor_config import ExecutorConfig

from .conftest import ONE, Made, make, table
from .pools import PAD, Pool, write_column, write_pool

LENGTH = 64

VARIANTS = {
    "repeated": {"proportions": {"go": 0.5, "rust": 0.2, PARALLEL: 0.3}, "max_epochs": 3.0, "shard_tokens": 600},
    "directions": {"parallel": "directions", "permute": True, "seed": 5, "shard_tokens": 600},
    # a document longer than a shard, and a component too small for a sequence of its own
    "long": {"proportions": {"prose": 0.993, "rust": 0.007}, "parallel": "none", "shard_tokens": 256},
    "chosen": {
        "proportions": "uniform",
        "components": {"go": {"unique_tokens": 150, "max_epochs": 4.0}, "rust": {"max_share": 0.1}},
        "curriculum": {"documents": "value", "pairs": "value", "descending": True},
    },
}
SIZES = {
    "go": [5, 90, 31, 64, 12, 7, 40, 3, 28],
    "rust": [10] * 30,
    "prose": [1500, 20, 300],
    "go->rust": [20, 30, 64, 65, 50, 11, 12, 40],
    "rust->go": [21, 31, 60, 70, 51, 10, 13, 41],
}


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Pool:
    made = write_pool(tmp_path_factory.mktemp("mix"), SIZES, files=3)
    ids = [row["id"] for row in made.rows]
    write_column(made.layout.corpus / "documents", "id", {name: int(name[-3:]) % 4 for name in ids})
    write_column(made.layout.pairs / "pairs", "pair_id", {row["pair_id"]: row["tokens"] for row in made.of(PARALLEL)})
    return made


@pytest.fixture(scope="module", params=VARIANTS)
def both(request, pool) -> tuple[Made, Made]:
    """One configuration as shards and as a view."""
    options = {"sequence_length": LENGTH, **VARIANTS[request.param]}
    shards, view = (
        make(pool.layout, output=output, name=f"{request.param}-{output}", **options) for output in ("shards", "view")
    )
    return shards, view


def lineage(made: Made, first: int = 0, last: int | None = None) -> pl.DataFrame:
    manifest = manifests.read(made.folder)
    return lineage_of(made.folder, manifest, first, made.counts["sequences"] if last is None else last)


def test_shards_and_view_are_the_same_mixture(both):
    shards, view = (MixtureDataset(made.folder) for made in both)
    assert len(shards) == len(view) > 5
    for k in range(len(shards)):
        assert shards[k].tolist() == view[k].tolist()
        assert shards[k].dtype == view[k].dtype == np.dtype("<u2")
        assert shards.span_ends(k).tolist() == view.span_ends(k).tolist()
        assert shards.component(k) == view.component(k)
        one, two = (dataset.example(k, mask_document_ends=True) for dataset in (shards, view))
        for name in ("input", "labels", "ends"):
            assert getattr(one, name).tolist() == getattr(two, name).tolist()


def test_shards_and_view_have_the_same_lineage_and_counts(both):
    shards, view = both
    rows = lineage(shards)
    assert rows.equals(lineage(view))
    assert rows.equals(table(shards.folder / "lineage"))
    middle = shards.counts["sequences"] // 2
    for first, last in ((0, 1), (middle, middle + 3), (middle, middle + 1)):
        part = lineage(view, first, last)
        assert part.equals(rows.filter(pl.col("sequence").is_between(first, last - 1)))
        assert part.equals(lineage(shards, first, last))
    same = {key: value for key, value in view.counts.items() if key not in ("output", "pool", "streams")}
    assert {key: value for key, value in shards.counts.items() if key != "output"} == same
    assert {path.name for path in view.folder.iterdir()} == {".lock", "manifest.json", "order.npy"}


def test_the_tokens_are_those_that_lineage_names(both, pool):
    for made in both:
        dataset = MixtureDataset(made.folder)
        for row in lineage(made).iter_rows(named=True):
            found = dataset[row["sequence"]][row["start"] : row["end"]].tolist()
            if not row["document_id"]:
                assert found == [PAD] * len(found)
                continue
            ids = pool.tokens[row["document_id"]]
            last = row["token_start"] + len(found)
            assert found == ids[row["token_start"] : last]
            assert row["ends_document"] == (last == len(ids))


def test_what_is_realised_is_what_the_lineage_holds(both, pool):
    shards, _ = both
    size = (pl.col("end") - pl.col("start")).cast(pl.Int64)
    rows = lineage(shards).with_columns(size.alias("size"))
    for name, part in shards.counts["components"].items():
        own = rows.filter(pl.col("component") == name)
        real = own.filter(pl.col("document_id") != "")
        assert part["sequences"] == own["sequence"].n_unique()
        assert part["tokens"] == real["size"].sum()
        assert part["padding"] == own["size"].sum() - part["tokens"]
        assert part["documents"] == real["document_id"].n_unique()
        assert part["documents"] + part["unused_documents"] == part["pool_documents"]
        assert abs(part["bytes"] - 3 * part["tokens"]) <= 2  # three bytes a token in these pools
        assert own["ordinal"].unique().sort().to_list() == list(range(part["sequences"]))
        assert part["epochs_begun"] == (real["epoch"].max() + 1 if real.height else 0)
    assert rows["size"].sum() == shards.counts["sequences"] * LENGTH


def test_the_dry_run_is_what_was_written(both, pool):
    for made in both:
        planned = dry_run(made.config, pool.layout.root, pool.folder).to_dict()
        for name, part in planned["components"].items():
            assert {key: made.counts["components"][name][key] for key in part} == part


def test_the_longest_document_is_cut_over_several_shards(pool):
    made = make(pool.layout, name="long-shards", sequence_length=LENGTH, **VARIANTS["long"])
    counts, spans = made.counts, lineage(made)
    longest = spans.filter(pl.col("document_id") == "prose000")
    shards = (longest["sequence"] // counts["sequences_per_shard"]).unique()
    assert len(shards) > 5
    assert longest["token_start"].to_list() == sorted(longest["token_start"])
    assert counts["components"]["rust"]["sequences"] == 0  # its share is less than half a sequence, and it is named


def files(folder: Path) -> dict[str, bytes]:
    """Every file but the lock; the manifest without the facts of the run."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != ".lock":
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    manifest = json.loads(found["manifest.json"])
    del manifest["run"]
    return found | {"manifest.json": json.dumps(manifest).encode()}


def test_one_two_and_four_workers_write_the_same_bytes(pool):
    options = {"sequence_length": LENGTH, **VARIANTS["repeated"]}
    expected = files(make(pool.layout, name="repeated-shards", **options).folder)
    assert len(expected) >= 12  # three shards
    for workers in (2, 4):
        made = make(pool.layout, ExecutorConfig(workers=workers), name=f"workers{workers}", **options)
        assert files(made.folder) == expected


def run(pool: Pool, name: str, force: bool = False, **options):
    config = MixConfig(**{"name": name, "sequence_length": LENGTH, "tokens": 640, **options})
    layout = pool.layout
    return mix(config, layout.root, pool.folder, layout.tokenizer, layout.mix(name), ONE, force=force)


def test_a_second_run_is_skipped_another_configuration_refused_and_redone_by_force(pool):
    first = run(pool, "again", shard_tokens=64)
    folder = pool.layout.mix("again")
    assert len(list(folder.glob("*.ds"))) == first.manifest.counts["sequences"] == 10
    again = run(pool, "again", shard_tokens=64)
    assert again.skipped and not first.skipped
    assert again.manifest == first.manifest
    with pytest.raises(StaleStageError, match=r"seed: 0 -> 1\n  shard_tokens: 64 -> 128\nRedo it with --force"):
        run(pool, "again", shard_tokens=128, seed=1)
    redone = run(pool, "again", force=True, shard_tokens=128, seed=1, tokens=128)
    assert not redone.skipped
    assert sorted(path.name for path in folder.rglob("*.*") if path.name != ".lock") == [
        *("00000.ds", "00000.ds.index", "00000.parquet", "manifest.json", "order.npy", "padding.npy"),
    ]  # nothing is left of the larger mixture


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"proportions": {"rust": 1.0}, "tokens": 10**9}, PlanError, r"rust: needs 1,000,000,000 tokens, has 256"),
        ({"curriculum": {"documents": "stars"}}, PlanError, r"mix.curriculum.documents=stars: no such column of num"),
    ],
)
def test_a_plan_that_cannot_be_met_writes_no_shard_and_the_next_run_does(pool, options, error, message):
    name = f"failed-{len(options)}"
    with pytest.raises(error, match=message):
        run(pool, name, **options)
    folder = pool.layout.mix(name)
    assert not list(folder.glob("*.ds")) and not (folder / "manifest.json").exists()
    run(pool, name)
    assert len(list(folder.glob("*.ds"))) == 1
    assert not (folder / ".work").exists()


def test_a_pool_of_another_tokenizer_is_refused(tmp_path):
    pool, other = write_pool(tmp_path / "a", {"go": [30] * 9}), write_pool(tmp_path / "b", {"go": [30] * 9}, salt=1)
    config = MixConfig(sequence_length=LENGTH)
    with pytest.raises(StageError, match="tokens stage was made from another tokenizer stage than the one there is"):
        mix(config, tmp_path, pool.folder, other.layout.tokenizer, tmp_path / "m", ONE)


@pytest.mark.parametrize("stage", ["corpus", "pairs", "parallel", "tokenizer"])
def test_stages_that_do_not_belong_together_are_refused(demo, tmp_path, stage):
    for path in demo.root.iterdir():
        if path.name not in (stage, "mix"):
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / stage).mkdir()
    manifest = json.loads((demo.root / stage / "manifest.json").read_text())
    (tmp_path / stage / "manifest.json").write_text(json.dumps({**manifest, "identity": "other"}))
    for output in ("shards", "view"):
        with pytest.raises(
            StageError, match=f"made from another {stage} stage than the one .*glotmix run CONFIG --force"
        ):
            make(Layout(tmp_path), output=output)
    assert not (tmp_path / "mix").exists()


@pytest.fixture(scope="module", params=["demo", "repeated"])
def made(request, demo) -> Made:
    """The mixture of the demo run, and one with repeated documents."""
    if request.param == "repeated":
        return request.getfixturevalue("repeated")
    folder = demo.mix("default")
    manifest = manifests.read(folder)
    return Made(folder, MixConfig(**manifest.configuration), manifest.counts)


def test_every_prefix_is_balanced_on_disk(made):
    parts = made.counts["components"]
    order, names = np.load(made.folder / "order.npy"), list(parts)
    assert len(order) == made.counts["sequences"]
    assert np.bincount(order, minlength=len(names)).tolist() == [part["sequences"] for part in parts.values()]
    deviation = prefix_deviation(order, [part["quota"] for part in parts.values()])
    assert deviation.max() < MAX_DEVIATION
    for part, worst in zip(parts.values(), deviation, strict=True):
        assert part["prefix_deviation"] == pytest.approx(worst, abs=1e-6)
    rows = table(made.folder / "lineage").unique("sequence").sort("sequence")
    assert rows["component"].to_list() == [names[c] for c in order]


def test_lineage_covers_every_token_of_every_sequence_once(made):
    rows = table(made.folder / "lineage")
    length = made.config.sequence_length
    for _, spans in rows.group_by("sequence", maintain_order=True):
        assert spans["start"].to_list() == [0, *spans["end"].to_list()[:-1]]
        assert spans["end"][-1] == length
        assert spans["component"].n_unique() == 1
    assert rows["sequence"].to_list() == sorted(rows["sequence"].to_list())
    assert rows["sequence"].n_unique() == made.counts["sequences"]


def test_pairs_stand_whole_in_one_sequence(made):
    pairs = table(made.folder / "lineage").filter((pl.col("component") == PARALLEL) & (pl.col("document_id") != ""))
    assert pairs.height > 3
    assert (pairs["token_start"] == 0).all()
    assert pairs["ends_document"].all()


def test_datatrove_reads_the_shards(made):
    rows = table(made.folder / "lineage")
    length, size = made.config.sequence_length, made.counts["sequences_per_shard"]
    dataset = MixtureDataset(made.folder)
    shards = sorted(made.folder.glob("*.ds"))
    assert len(shards) == -(-made.counts["sequences"] // size) > 1
    for number, shard in enumerate(shards):
        spans = rows.filter(pl.col("sequence") // size == number)
        with open(f"{shard}.index", "rb") as index:
            ends = load_doc_ends(index)
        assert ends.tolist() == ((spans["sequence"] - number * size) * length + spans["end"]).to_list()
        with open(shard, "rb") as payload:
            documents = list(get_data_reader(payload, ends.tolist(), nb_bytes=2))
        tokens = np.frombuffer(b"".join(documents), "<u2")
        sequences = spans["sequence"].n_unique()
        assert tokens.tolist() == np.concatenate([dataset[number * size + k] for k in range(sequences)]).tolist()
        assert shard.stat().st_size == sequences * length * 2


def test_every_epoch_has_an_order_of_its_own_and_repeats_no_document(repeated, demo):
    rows = table(repeated.folder / "lineage").filter(pl.col("component") == "go").sort("ordinal", "start")
    assert rows["epoch"].to_list() == sorted(rows["epoch"].to_list())
    orders = [
        part.filter(pl.col("ends_document"))["document_id"].to_list()
        for _, part in rows.group_by("epoch", maintain_order=True)
    ]
    documents = set(table(demo.tokens("concat") / "tokenized").filter(pl.col("component") == "go")["id"])
    assert len(orders) == 3
    for order in orders:
        assert len(set(order)) == len(order)
    assert set(orders[0]) == set(orders[1]) == documents
    assert orders[0] != orders[1]
    assert orders[1][: len(orders[2])] != orders[2] != orders[0][: len(orders[2])]
    assert 2 < repeated.counts["components"]["go"]["epochs"] <= 3


def test_two_mixtures_share_the_tokens(demo_run, demo, tmp_path):
    stages = ("corpus", "pairs", "parallel", "split", "tokenizer", "validation", "tokens/concat", "mix/default")
    before = {s: (demo.root / s / "manifest.json").read_bytes() for s in stages}
    for stage in ("corpus", "pairs", "parallel", "split", "tokenizer", "validation", "tokens"):
        (tmp_path / stage).symlink_to(demo.root / stage)
    settings = ("mix.name=other", "mix.proportions={go: 0.5, rust: 0.5}", f"output={tmp_path}")
    command = [sys.executable, "-m", "glotmix", "run", str(demo_run.config)]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {s: (demo.root / s / "manifest.json").read_bytes() for s in stages} == before
    other = json.loads((Layout(tmp_path).mix("other") / "manifest.json").read_text())
    assert set(other["counts"]["components"]) == {"go", "rust"}
    assert other["inputs"]["tokens"] == json.loads(before["mix/default"])["inputs"]["tokens"]
