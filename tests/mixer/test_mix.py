import json
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from datatrove.pipeline.tokens.merger import get_data_reader, load_doc_ends

from contracts import manifest as manifests
from contracts.errors import PlanError
from contracts.languages import PARALLEL
from mixer.config import MixConfig
from mixer.dataset import MixtureDataset
from mixer.layout import Layout
from mixer.mix import epochs_needed, mix, supply_of
from mixer.order import MAX_DEVIATION, prefix_deviation
from mixer.plan import Supply, plan

from .conftest import ONE, Made, table
from .test_pool import Pool


@pytest.fixture(scope="module", params=["demo", "repeated"])
def made(request, demo) -> Made:
    """The mixture of the demo run, and one with repeated documents."""
    if request.param == "repeated":
        return request.getfixturevalue("repeated")
    folder = demo.mix("default")
    manifest = manifests.read(folder)
    return Made(folder, MixConfig(**manifest.configuration), manifest.counts)


def test_what_was_planned_is_what_was_written_to_the_sequence(made, demo):
    supply, lost = supply_of(demo.tokens("concat"), made.config.sequence_length)
    planned = plan(made.config, supply)
    lineage = table(made.folder / "lineage")
    written = dict(lineage.group_by("component").agg(pl.col("sequence").n_unique()).iter_rows())
    assert written == {c.component: c.sequences for c in planned.components}
    index = pl.read_parquet(made.folder / "index.parquet")
    assert dict(index.group_by("component").agg(pl.len()).iter_rows()) == written
    for part in planned.components:
        counted = made.counts["components"][part.component]
        assert (counted["share"], counted["sequences"]) == (part.share, part.sequences)
    assert made.counts["pairs_longer_than_a_sequence"] == lost


def test_every_prefix_is_balanced_on_disk(made):
    index = pl.read_parquet(made.folder / "index.parquet")
    assert index["sequence"].to_list() == list(range(made.counts["sequences"]))
    names = list(made.counts["components"])
    order = np.array([names.index(c) for c in index["component"]])
    deviation = prefix_deviation(order, [made.counts["components"][n]["sequences"] for n in names])
    assert deviation.max() < MAX_DEVIATION
    for name, worst in zip(names, deviation, strict=True):
        assert made.counts["components"][name]["prefix_deviation"] == pytest.approx(worst, abs=1e-6)
        assert index.filter(pl.col("component") == name)["ordinal"].to_list() == list(
            range(sum(order == names.index(name)))
        )


def test_lineage_covers_every_token_of_every_sequence_once(made):
    lineage = table(made.folder / "lineage")
    length = made.config.sequence_length
    for _, spans in lineage.group_by("sequence", maintain_order=True):
        assert spans["start"].to_list() == [0, *spans["end"].to_list()[:-1]]
        assert spans["end"][-1] == length
        assert spans["component"].n_unique() == 1
    assert lineage["sequence"].to_list() == sorted(lineage["sequence"].to_list())
    assert lineage["sequence"].n_unique() == made.counts["sequences"]


def test_the_tokens_of_the_mixture_are_those_that_lineage_names(made, demo):
    pool = Pool(demo.tokens("concat"), demo.tokenizer)
    place = {row["id"]: row for row in pool.rows.iter_rows(named=True)}
    dataset = MixtureDataset(made.folder)
    assert len(dataset) == made.counts["sequences"]
    for row in table(made.folder / "lineage").iter_rows(named=True):
        found = dataset[row["sequence"]][row["start"] : row["end"]].tolist()
        if not row["document_id"]:
            assert found == [dataset.pad_id] * (row["end"] - row["start"])
            assert (row["component"], row["token_start"], row["ends_document"]) == (PARALLEL, -1, False)
            continue
        ids = pool.ids(place[row["document_id"]])
        last = row["token_start"] + len(found)
        assert found == ids[row["token_start"] : last]
        assert row["ends_document"] == (last == len(ids)) == (found[-1] == dataset.end_id)


def test_pairs_stand_whole_in_one_sequence(made):
    pairs = table(made.folder / "lineage").filter((pl.col("component") == PARALLEL) & (pl.col("document_id") != ""))
    assert pairs.height > 3
    assert (pairs["token_start"] == 0).all()
    assert pairs["ends_document"].all()


def test_datatrove_reads_the_shards(made):
    lineage = table(made.folder / "lineage")
    length, size = made.config.sequence_length, made.counts["sequences_per_shard"]
    dataset = MixtureDataset(made.folder)
    shards = sorted(made.folder.glob("*.ds"))
    assert len(shards) == -(-made.counts["sequences"] // size) > 1
    for number, shard in enumerate(shards):
        spans = lineage.filter(pl.col("sequence") // size == number)
        with open(f"{shard}.index", "rb") as index:
            ends = load_doc_ends(index)
        assert ends.tolist() == ((spans["sequence"] - number * size) * length + spans["end"]).to_list()
        with open(shard, "rb") as payload:
            documents = list(get_data_reader(payload, ends.tolist(), nb_bytes=2))
        tokens = np.frombuffer(b"".join(documents), "<u2")
        sequences = spans["sequence"].n_unique()
        assert tokens.tolist() == np.concatenate([dataset[number * size + k] for k in range(sequences)]).tolist()
        assert shard.stat().st_size == sequences * length * 2
        for k in range(sequences):
            expected = spans.filter(pl.col("sequence") == number * size + k)["end"].to_list()
            assert dataset.span_ends(number * size + k).tolist() == expected


def test_every_epoch_has_an_order_of_its_own_and_repeats_no_document(repeated, demo):
    lineage = table(repeated.folder / "lineage").filter(pl.col("component") == "go").sort("ordinal", "start")
    assert lineage["epoch"].to_list() == sorted(lineage["epoch"].to_list())
    orders = [
        part.filter(pl.col("ends_document"))["document_id"].to_list()
        for _, part in lineage.group_by("epoch", maintain_order=True)
    ]
    documents = set(table(demo.tokens("concat") / "tokenized").filter(pl.col("component") == "go")["id"])
    assert len(orders) == 3
    for order in orders:
        assert len(set(order)) == len(order)
    assert set(orders[0]) == set(orders[1]) == documents
    assert orders[0] != orders[1]
    assert orders[1][: len(orders[2])] != orders[2] != orders[0][: len(orders[2])]
    assert 2 < repeated.counts["components"]["go"]["epochs"] <= 3


@pytest.mark.parametrize(
    ("sequences", "supply", "component", "expected"),
    [
        (10, Supply(5, 80, 10.0), "go", 1),
        (11, Supply(5, 80, 10.0), "go", 2),
        (125_000_000, Supply(5, 10**9 - 1, (10**9 - 1) / 8), "go", 2),  # one token short of one epoch
        (3, Supply(5, 20, 3.0), PARALLEL, 1),
        (4, Supply(5, 20, 3.0), PARALLEL, 2),
    ],
)
def test_epochs_are_counted_in_whole_tokens(sequences, supply, component, expected):
    assert epochs_needed(sequences, supply, component, 8) == expected


def test_a_plan_that_cannot_be_met_writes_nothing(demo, tmp_path):
    config = MixConfig(proportions={"rust": 1.0}, tokens=10**9, sequence_length=1024)
    with pytest.raises(PlanError, match=r"rust: needs 976562 sequences .* lacks [\d,]+ tokens \(enough at max_epochs"):
        mix(config, demo.tokens("concat"), demo.tokenizer, tmp_path / "m", ONE)
    assert not list((tmp_path / "m").glob("*.ds")) and not (tmp_path / "m" / "manifest.json").exists()


def test_a_smaller_mixture_in_the_same_folder_counts_its_own_sequences_only(demo, tmp_path):
    folders = (demo.tokens("concat"), demo.tokenizer, tmp_path / "m", ONE)
    mix(MixConfig(sequence_length=256, shard_tokens=4096), *folders)
    assert len(list((tmp_path / "m" / "lineage").iterdir())) > 2
    small = mix(MixConfig(sequence_length=256, shard_tokens=4096, tokens=4096), *folders, force=True)
    assert sum(c["sequences"] for c in small.manifest.counts["components"].values()) == 16
    assert len(list((tmp_path / "m" / "lineage").iterdir())) == 1


def test_two_mixtures_share_the_tokens(demo_run, demo, tmp_path):
    stages = ("corpus", "pairs", "split", "tokenizer", "tokens/concat", "mix/default")
    before = {s: (demo.root / s / "manifest.json").read_bytes() for s in stages}
    for stage in ("corpus", "pairs", "split", "tokenizer", "tokens"):
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
