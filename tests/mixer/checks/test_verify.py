import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.files import checksum, remove_tree
from contracts.languages import directions
from contracts.manifest import digest
from contracts.schema import LINEAGE, SPLIT, TOKENIZED
from contracts.tables import TableWriter
from mixer.checks.verify import CHECKS, verify_mixture
from mixer.config import FimConfig, TokenizerConfig
from mixer.dataset import MixtureDataset
from mixer.layout import Layout
from mixer.streams.files import array_path, stream_paths
from mixer.streams.view_files import stream_refs
from mixer.tokens.pool import tokens
from mixer.tokens.tokenizer_stage import tokenizer

from ..conftest import ONE, make, table

STAGES = ("corpus", "pairs", "parallel", "split", "tokenizer", "tokens")
READ = ("corpus", "parallel", "split", "tokenizer")
"""What the tokens are made of."""
SHARES = {"go": 0.5, "python": 0.2, "parallel": 0.3}
ALL = 10**6


def refresh(folder: Path, counts=None, **others) -> None:
    """The manifest of a folder made anew over the files that are there, so that only their meaning can be wrong."""
    old = manifests.read(folder)
    files = [folder / entry.path for entry in old.files if (folder / entry.path).is_file()]
    parts = {"configuration": old.configuration, "inputs": old.inputs, **others}
    made = manifests.build(old.stage, folder, files, counts=counts or old.counts, run=old.run, **parts)
    manifests.write(folder, made)


@dataclass
class Copy:
    """A mixture that may be spoilt, with the stages of its run beside it."""

    folder: Path

    @property
    def layout(self) -> Layout:
        return Layout(self.folder.parent.parent)

    @property
    def counts(self) -> dict:
        return manifests.read(self.folder).counts

    def own(self, *stages: str) -> None:
        """Copies in place of links, so that they may be spoilt too."""
        for stage in stages:
            place = self.layout.root / stage
            origin = place.resolve()
            place.unlink()
            shutil.copytree(origin, place)

    def relink(self) -> None:
        """Every stage names the ones before as they are now."""
        names = dict.fromkeys(STAGES) | {name: getattr(self.layout, name) for name in STAGES[:-1]}
        names |= {"tokens": self.layout.tokens("concat"), "mix": self.folder}
        found: dict[str, str] = {}
        for name, folder in names.items():
            inputs = manifests.read(folder).inputs
            now = {i: found.get(i, identity) for i, identity in inputs.items()}
            if now != inputs:
                refresh(folder, inputs=now)
            found[name] = manifests.read(folder).identity

    def faulty(self, sample: int = ALL) -> tuple[set[str], str]:
        """The checks that report, and what they say."""
        rows, faults = verify_mixture(self.folder, sample)
        assert bool(faults) == any(row["faults"] for row in rows)
        return {row["check"] for row in rows if row["faults"]}, "\n".join(faults)


@pytest.fixture(scope="module")
def view(mixture_of):
    return mixture_of(proportions=SHARES, max_epochs=3, sequence_length=1_100, output="view")


def copied(made, root: Path) -> Copy:
    origin = made.folder.parent.parent
    for stage in STAGES:
        (root / stage).symlink_to((origin / stage).resolve())
    for name in ("mix", "streams"):
        if (origin / name).exists():
            shutil.copytree(origin / name, root / name)
    return Copy(root / "mix" / made.folder.name)


@pytest.fixture
def shards(repeated, tmp_path) -> Copy:
    return copied(repeated, tmp_path)


@pytest.fixture
def seen(view, tmp_path) -> Copy:
    return copied(view, tmp_path)


# nothing is wrong


def test_a_mixture_of_shards_is_read_whole_and_nothing_is_wrong(repeated):
    rows, faults = verify_mixture(repeated.folder, ALL)
    assert faults == []
    read = {row["check"]: row["read"] for row in rows}
    assert set(read) == set(CHECKS) - {"streams"}
    lineage, counts = table(repeated.folder / "lineage"), repeated.counts
    assert read["tokens"] == read["special ids"] == counts["sequences"] * counts["sequence_length"]
    assert read["lineage"] == read["index"] == lineage.height
    assert read["order"] == counts["sequences"]
    assert read["documents"] == read["text"] == lineage.filter(pl.col("document_id") != "")["document_id"].n_unique()


OPTIONS = {
    "all": {"sequence_length": 256, "shard_tokens": 1024},
    "swapped": {"permute": True, "sequence_length": 64, "seed": 3},
    "directions": {"parallel": "directions", "sequence_length": 2048, "max_epochs": 2},
    "natural": {"proportions": "natural", "sequence_length": 512},
    "temperature": {"proportions": "temperature", "temperature": 3, "components": {"go": {"max_share": 0.05}}},
    "unimax": {"proportions": "unimax", "tokens": 60_000, "max_epochs": 3, "sequence_length": 2048},
    "spread": {
        "proportions": {"go": 0.9, "rust": 0.1},
        "tokens": 12_000,
        "redistribute": True,
        "sequence_length": 300,
    },
    "few": {"components": {"go": {"unique_tokens": 2500, "max_epochs": 4}, "parallel": {"unique_tokens": 9000}}},
    "ordered": {"curriculum": {"documents": "bytes", "pairs": "score"}, "sequence_length": 1024},
    "tiny": {"proportions": {"python": 1.0}, "components": {"python": {"unique_tokens": 2000}}, "max_epochs": 70},
}


@pytest.mark.parametrize("output", ["shards", "view"])
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_every_kind_of_mixture_stands_the_checks(mixture_of, options, output):
    options = {"sequence_length": 128, **options, "output": output}
    assert verify_mixture(mixture_of(**options).folder, 20)[1] == []


@pytest.fixture(scope="module")
def rearranged(demo, tmp_path_factory) -> Layout:
    """A pool in which half of the documents were rearranged to fill in the middle."""
    root = tmp_path_factory.mktemp("fim")
    for stage in ("corpus", "pairs", "parallel", "split"):
        (root / stage).symlink_to(demo.root / stage)
    layout, config = Layout(root), TokenizerConfig(vocab_size=400, fim=FimConfig(rate=0.5))
    tokenizer(config, root, layout.corpus, layout.split, layout.tokenizer, ONE)
    tokens(config, "concat", *(getattr(layout, s) for s in READ), layout.tokens("concat"), ONE)
    return layout


def test_documents_with_the_middle_moved_are_put_together_again(rearranged):
    made = make(rearranged, proportions={"go": 0.6, "java": 0.4}, sequence_length=512)
    rows, faults = verify_mixture(made.folder, ALL)
    assert faults == []
    arrangements = set(table(rearranged.tokens("concat") / "tokenized")["arrangement"])
    assert arrangements == {"plain", "psm", "spm"}
    assert next(row["read"] for row in rows if row["check"] == "text") > 10


def test_a_tokenizer_that_does_not_keep_bytes_is_decoded_without_comparing(demo, tmp_path):
    for stage in ("corpus", "pairs", "parallel", "split"):
        (tmp_path / stage).symlink_to(demo.root / stage)
    data = json.loads((demo.tokenizer / "tokenizer.json").read_text())
    (tmp_path / "lower.json").write_text(json.dumps({**data, "normalizer": {"type": "Lowercase"}}))
    layout, config = Layout(tmp_path), TokenizerConfig(path="lower.json", fast="off")
    tokenizer(config, tmp_path, layout.corpus, layout.split, layout.tokenizer, ONE)
    tokens(config, "concat", *(getattr(layout, s) for s in READ), layout.tokens("concat"), ONE)
    made = make(layout, proportions={"java": 1.0}, sequence_length=512)
    assert verify_mixture(made.folder, ALL)[1] == []
    assert not manifests.read(layout.tokenizer).counts["byte_exact"]


# one thing at a time is wrong


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:-size])


def edit_lineage(copy: Copy, change: Callable[[pl.DataFrame], pl.DataFrame], number: int = 1) -> None:
    path = copy.folder / "lineage" / f"{number:05d}.parquet"
    rows = change(pl.read_parquet(path))
    with TableWriter(path, LINEAGE) as writer:
        writer.write_table(rows.to_arrow())
    refresh(copy.folder)


def whole_document(rows: pl.DataFrame, component: str = "go") -> int:
    """The number of a row that holds all of a document."""
    places = rows.with_row_index("row").filter(
        (pl.col("component") == component) & (pl.col("token_start") == 0) & pl.col("ends_document")
    )
    return places["row"][0]


def put(rows: pl.DataFrame, row: int, **values) -> pl.DataFrame:
    here = pl.int_range(rows.height) == row
    return rows.with_columns(
        pl.when(here).then(pl.lit(v)).otherwise(pl.col(c)).cast(rows.schema[c]).alias(c) for c, v in values.items()
    )


def rewrite_array(copy: Copy, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    path = copy.folder / name
    np.save(path, change(np.load(path)))
    refresh(copy.folder)


def flip_a_byte(copy: Copy) -> None:
    flip(copy.folder / "00001.ds", 2 * (2 * 1100 + 17))


def flip_a_byte_unseen(copy: Copy) -> None:
    flip_a_byte(copy)
    refresh(copy.folder)


def shorten_a_shard(copy: Copy) -> None:
    cut(copy.folder / "00001.ds", 100)


def shorten_a_shard_unseen(copy: Copy) -> None:
    shorten_a_shard(copy)
    refresh(copy.folder)


def lose_a_shard(copy: Copy) -> None:
    (copy.folder / "00001.ds").unlink()


def add_a_shard(copy: Copy) -> None:
    shutil.copy(copy.folder / "00000.ds", copy.folder / "00099.ds")


def edit_the_manifest(copy: Copy) -> None:
    path = copy.folder / "manifest.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "code_version": data["code_version"], "configuration_hash": "0" * 64}))


def swap_in_order(copy: Copy) -> None:
    def change(order):
        a, b = np.flatnonzero(order == 0)[3], np.flatnonzero(order == 1)[3]
        order[a], order[b] = order[b], order[a]
        return order

    rewrite_array(copy, "order.npy", change)


def swap_neighbours(copy: Copy) -> None:
    """Two sequences that stand side by side: no prefix leaves the bound."""

    def change(order):
        k = np.flatnonzero(order[1:] != order[:-1])[5]
        order[[k, k + 1]] = order[[k + 1, k]]
        return order

    rewrite_array(copy, "order.npy", change)


def shorten_order(copy: Copy) -> None:
    rewrite_array(copy, "order.npy", lambda order: order[:-1])


def order_of_strangers(copy: Copy) -> None:
    rewrite_array(copy, "order.npy", lambda order: order + np.uint8(7))


def order_of_floats(copy: Copy) -> None:
    rewrite_array(copy, "order.npy", lambda order: order.astype(float))


def no_order(copy: Copy) -> None:
    (copy.folder / "order.npy").write_bytes(b"no array")
    refresh(copy.folder)


def edit_index(copy: Copy, change: Callable[[np.ndarray], np.ndarray]) -> None:
    path = copy.folder / "00001.ds.index"
    change(np.fromfile(path, "<u8")).tofile(path)
    refresh(copy.folder)


def move_an_end(copy: Copy) -> None:
    edit_index(copy, lambda ends: np.r_[ends[:4], ends[4] + 1, ends[5:]])


def lose_an_end(copy: Copy) -> None:
    edit_index(copy, lambda ends: ends[:-1])


def add_an_end(copy: Copy) -> None:
    edit_index(copy, lambda ends: np.r_[ends, ends[-1] + 1])


def pad_more(copy: Copy) -> None:
    rewrite_array(copy, "padding.npy", lambda padding: padding + (np.arange(len(padding)) == 4))


def pad_fewer_sequences(copy: Copy) -> None:
    rewrite_array(copy, "padding.npy", lambda padding: padding[:-1])


def strange_document(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: put(rows, whole_document(rows), document_id="f" * 32))


def overlong_id(copy: Copy) -> None:
    def change(rows):
        row = whole_document(rows)
        return put(rows, row, document_id=rows["document_id"][row] + "0")

    edit_lineage(copy, change)


def held_out_document(copy: Copy) -> None:
    held = table(copy.layout.split / "split").filter(split="validation", language="go")["id"][0]
    edit_lineage(copy, lambda rows: put(rows, whole_document(rows), document_id=held))


def held_out_pair(copy: Copy) -> None:
    held = table(copy.layout.split / "split").filter(split="validation")["id"]
    pair = table(copy.layout.parallel / "parallel").filter(pl.col("id_target").is_in(held.implode()))["id"][0]
    edit_lineage(copy, lambda rows: put(rows, whole_document(rows, "parallel"), document_id=pair))


def wrong_flag(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: put(rows, whole_document(rows), ends_document=False))


def wrong_ordinal(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: rows.with_columns(pl.col("ordinal") + 1))


def gap_between_spans(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: put(rows, 1, start=rows["start"][1] + 1))


def span_too_long(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: put(rows, rows.height - 1, end=1101))


def sequence_without_spans(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: rows.filter(pl.col("sequence") != rows["sequence"][0]))


def rows_of_no_sequence(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: pl.concat([rows, rows.tail(1).with_columns(sequence=pl.lit(10**6, pl.Int64))]))


def other_component(copy: Copy) -> None:
    edit_lineage(copy, lambda rows: rows.with_columns(component=pl.lit("rust")), 0)


def broken_lineage(copy: Copy) -> None:
    (copy.folder / "lineage" / "00001.parquet").write_bytes(b"no table")
    refresh(copy.folder)


SHARDS = {
    flip_a_byte: ({"files", "tokens"}, r"00001.ds: checksum differs"),
    flip_a_byte_unseen: ({"tokens"}, r"tokens: sequence 11, token 17: \d+, expected \d+ \(\w+.*; 1 tokens of"),
    shorten_a_shard: ({"files"}, r"00001.ds: [\d,]+ bytes, expected [\d,]+ bytes"),
    shorten_a_shard_unseen: ({"files"}, r"00001.ds: [\d,]+ bytes, expected [\d,]+ for its sequences"),
    lose_a_shard: ({"files"}, r"00001.ds: missing, expected [\d,]+ bytes"),
    add_a_shard: ({"files"}, r"00099.ds: no file of this mixture"),
    edit_the_manifest: ({"files"}, r"manifest.json: changed after it was written"),
    swap_in_order: ({"order"}, r"sequence \d+: the lineage says \w+, order.npy says \w+"),
    swap_neighbours: ({"order"}, r"sequence \d+ is \w+, expected \w+ by quotas and seed; 2 sequences differ"),
    shorten_order: ({"order"}, r"order.npy: \d+ sequences, expected \d+"),
    order_of_strangers: ({"order"}, r"order.npy: component number 9, expected less than 3"),
    order_of_floats: ({"order"}, r"order.npy: float64 \(\d+,\), expected unsigned numbers"),
    no_order: ({"order"}, r"order.npy: cannot be read"),
    move_an_end: ({"index"}, r"00001.ds.index: end number 4 is \d+, expected \d+, where the span at sequence \d+"),
    lose_an_end: ({"index"}, r"00001.ds.index: \d+ ends, expected more: sequence \d+"),
    add_an_end: ({"index"}, r"00001.ds.index: \d+ ends, expected \d+"),
    pad_more: ({"index"}, r"padding.npy: sequence 4 has \d+ tokens of padding, expected \d+"),
    pad_fewer_sequences: ({"index"}, r"padding.npy: \d+ sequences, expected more"),
    strange_document: ({"lineage"}, r"document f{32}, expected one that the pool holds"),
    overlong_id: ({"lineage"}, r"document \w{33}, expected one that the pool holds"),
    held_out_document: ({"split"}, r"document \w{32} is held out for validation"),
    held_out_pair: ({"split"}, r"document \w{32} is held out for validation"),
    wrong_flag: ({"lineage"}, r"ends_document is False, expected True: token (\d+) of \1 of document"),
    wrong_ordinal: ({"lineage"}, r"ordinal \d+, expected \d+"),
    gap_between_spans: ({"lineage"}, r"the span begins at \d+, expected \d+"),
    span_too_long: ({"lineage"}, r"the span ends at 1101, expected 1100"),
    sequence_without_spans: ({"lineage"}, r"sequence 9: has no span"),
    rows_of_no_sequence: ({"lineage"}, r"00001.parquet: \d+ rows, expected \d+ of the shard's sequences"),
    other_component: ({"order"}, r"sequence 0: the lineage says another component, order.npy says go"),
    broken_lineage: ({"lineage"}, r"sequences 9 to 17: cannot be read"),
}


@pytest.mark.parametrize("spoil", SHARDS, ids=lambda f: f.__name__)
def test_one_fault_in_shards_is_told_by_the_check_it_belongs_to(shards, spoil):
    checks, words = SHARDS[spoil]
    spoil(shards)
    found, said = shards.faulty()
    assert found == checks, said
    assert re.search(words, said), said


NUMBERS = [
    ("tokens", 1),
    ("padding", -1),
    ("documents", 1),
    ("bytes", -3),
    ("epochs", 0.01),
    ("epochs_begun", 1),
    ("max_epochs", 1),
    ("available", 1),
    ("sequences", 1),
    ("pool_documents", 1),
    ("pool_tokens", 1),
    ("unique_tokens", -1),
    ("lost_documents", 1),
    ("lost_tokens", 1),
    ("unused_documents", 1),
    ("unused_tokens", 1),
    ("realised_share", 1e-6),
    ("realised_share_padded", -1e-6),
    ("wanted", 0.001),
    ("share", 0.001),
]


@pytest.mark.parametrize(("number", "by"), NUMBERS)
def test_an_edited_number_of_a_component_is_told(shards, number, by):
    counts = shards.counts
    name = "parallel" if number.startswith("pool") else "python"  # of which no epoch is complete
    counts["components"][name][number] += by
    refresh(shards.folder, counts)
    found, said = shards.faulty(0)
    assert found == {"counts"}, said
    assert f"{name}: {number} is {counts['components'][name][number]} in the manifest, expected" in said


@pytest.mark.parametrize("number", ["tokens", "padding", "budget", "vocab_size", "tokenizer_hash", "pad_id"])
def test_an_edited_number_of_the_whole_is_told(shards, number):
    counts = shards.counts
    counts[number] = "0" * 64 if number == "tokenizer_hash" else counts[number] + 2048
    refresh(shards.folder, counts)
    found, said = shards.faulty(0)
    assert found == {"counts"}, said


def test_other_deviations_than_those_of_the_order_are_told(shards):
    counts = shards.counts
    counts["components"]["go"]["prefix_deviation"] += 0.001
    refresh(shards.folder, counts)
    found, said = shards.faulty(0)
    assert found == {"order"}
    assert "go: deviates by" in said


def test_an_order_that_strays_from_the_shares_is_told(shards):
    rewrite_array(shards, "order.npy", np.sort)
    found, said = shards.faulty(0)
    assert found == {"order"}
    assert "in a prefix, expected less than 2.0" in said


def test_more_epochs_than_the_configuration_allows_are_told(shards):
    old = manifests.read(shards.folder)
    refresh(shards.folder, configuration={**old.configuration, "max_epochs": 2.0})
    found, said = shards.faulty(0)
    assert found == {"counts"}
    assert "go: max_epochs is 3.0 in the manifest, expected 2.0" in said


def test_many_faults_are_counted_and_a_few_are_told(shards):
    path = shards.folder / "00001.ds"
    path.write_bytes(bytes(len(path.read_bytes())))
    refresh(shards.folder)
    rows, faults = verify_mixture(shards.folder, 0)
    count = next(row["faults"] for row in rows if row["check"] == "tokens")
    assert len(faults) == 11 < count
    assert faults[-1] == f"tokens: and {count - 10} more"


def test_every_flipped_token_is_found_where_it_is(shards):
    random = np.random.default_rng(0)
    dataset = MixtureDataset(shards.folder)
    places = [(int(random.integers(len(dataset))), int(random.integers(1100))) for _ in range(5)]
    for sequence, token in places:
        shard, row = divmod(sequence, dataset.sequences_per_shard)
        flip(shards.folder / f"{shard:05d}.ds", 2 * (row * 1100 + token))
    refresh(shards.folder)
    _, said = shards.faulty(0)
    assert all(f"sequence {sequence}, token {token}: " in said for sequence, token in places), said


# views, and the pool under them


def stale_pool(copy: Copy) -> None:
    copy.own("tokens")
    pool = copy.layout.tokens("concat")
    refresh(pool, {**manifests.read(pool).counts, "made": "anew"})


def edit_streams(copy: Copy, change: Callable[[Path], None], checksums: bool = True) -> None:
    counts = copy.counts
    for ref, entry in zip(stream_refs(copy.folder, counts), counts["streams"], strict=True):
        if ref.component == "go":
            change(ref.folder)
            if checksums:
                files = stream_paths(ref, entry["epochs"])
                entry["checksum"] = digest([[path.name, checksum(path)] for path in files])[:32]
    refresh(copy.folder, counts)


def shift_starts(folder: Path) -> None:
    path = array_path(folder, "start")
    np.save(path, np.load(path) + (np.arange(len(np.load(path))) == 0))


def other_streams(copy: Copy) -> None:
    edit_streams(copy, shift_starts, checksums=False)


def streams_of_another_pool(copy: Copy) -> None:
    edit_streams(copy, shift_starts)


def edit_a_fact(copy: Copy, name: str, change: Callable[[np.ndarray], np.ndarray]) -> None:
    def edit(folder: Path) -> None:
        path = array_path(folder, name)
        np.save(path, change(np.load(path)))

    edit_streams(copy, edit)


def other_bytes(copy: Copy) -> None:
    edit_a_fact(copy, "bytes", lambda sizes: sizes + (np.arange(len(sizes)) == 2))


def fewer_bytes(copy: Copy) -> None:
    edit_a_fact(copy, "bytes", lambda sizes: sizes[:-1])


def strange_id(copy: Copy) -> None:
    edit_a_fact(copy, "ids", lambda ids: np.where(np.arange(len(ids)) == 1, np.bytes_("e" * 32), ids))


def no_array(copy: Copy) -> None:
    edit_streams(copy, lambda folder: array_path(folder, "ids").write_bytes(b"no array"))


def no_table(copy: Copy) -> None:
    """A damaged table whose checksum says nothing about it."""
    copy.own("tokens")
    path = largest(copy.layout.tokens("concat") / "tokenized")
    path.write_bytes(b"no table")
    refresh(path.parent.parent)
    copy.relink()


def no_tokenizer(copy: Copy) -> None:
    copy.own("tokenizer", "tokens")
    (copy.layout.tokenizer / "tokenizer.json").write_text("{}")
    refresh(copy.layout.tokenizer)
    copy.relink()


def no_streams(copy: Copy) -> None:
    remove_tree(copy.layout.streams)


def edit_stream_facts(copy: Copy) -> None:
    counts = copy.counts
    counts["streams"][0]["tokens"] += 1
    refresh(copy.folder, counts)


def pool_elsewhere(copy: Copy) -> None:
    refresh(copy.folder, {**copy.counts, "pool": "../../elsewhere"})


def largest(folder: Path) -> Path:
    return max(folder.iterdir(), key=lambda path: path.stat().st_size)


def flip_in_pool(copy: Copy) -> None:
    copy.own("tokens")
    pool = copy.layout.tokens("concat")
    flip(largest(pool / "tokens"), 101)


def shorten_pool(copy: Copy) -> None:
    copy.own("tokens")
    cut(largest(copy.layout.tokens("concat") / "tokens"), 10)


def other_tokenizer(copy: Copy) -> None:
    copy.own("tokenizer")
    with open(copy.layout.tokenizer / "tokenizer.json", "a") as file:
        file.write(" ")


def two_of_a_document(copy: Copy) -> None:
    copy.own("tokens")
    path = largest(copy.layout.tokens("concat") / "tokenized")
    rows = pl.read_parquet(path)
    with TableWriter(path, TOKENIZED) as writer:
        writer.write_table(pl.concat([rows, rows.tail(1)]).to_arrow())
    refresh(path.parent.parent)
    copy.relink()


def unseen_direction(copy: Copy) -> None:
    copy.own("split", "tokenizer", "tokens")
    split = manifests.read(copy.layout.split)
    refresh(copy.layout.split, configuration={**split.configuration, "unseen_directions": list(directions())})
    copy.relink()


def held_out_after_all(copy: Copy) -> None:
    copy.own("split", "tokenizer", "tokens")
    wanted = pl.col("id") == table(copy.layout.tokens("concat") / "tokenized").filter(component="go")["id"][0]
    for path in sorted((copy.layout.split / "split").glob("*.parquet")):
        side = pl.when(wanted).then(pl.lit("validation")).otherwise(pl.col("split")).alias("split")
        with TableWriter(path, SPLIT) as writer:
            writer.write_table(pl.read_parquet(path).with_columns(side).to_arrow())
    refresh(copy.layout.split)
    copy.relink()


def set_token(copy: Copy, place: int, token: int | None = None) -> None:
    """Another token in the pool, at a place of the first document of go; None: the next one."""
    copy.own("tokens")
    pool = copy.layout.tokens("concat")
    row = table(pool / "tokenized").filter(component="go").row(0, named=True)
    path = pool / "tokens" / f"{row['file']:05d}.bin"
    ids = np.fromfile(path, "<u2")
    where = row["start"] + place % row["tokens"]
    ids[where] = ids[where] + 1 if token is None else token
    ids.tofile(path)
    refresh(pool)
    copy.relink()


def other_text(copy: Copy) -> None:
    set_token(copy, 5)


def special_id(copy: Copy) -> None:
    set_token(copy, 5, copy.counts["end_id"])


def no_id(copy: Copy) -> None:
    set_token(copy, 5, 65_000)


def no_end(copy: Copy) -> None:
    set_token(copy, -1, 300)


VIEWS = {
    swap_neighbours: ({"order"}, r"2 sequences differ"),
    shorten_order: ({"order"}, r"order.npy: \d+ sequences, expected \d+"),
    stale_pool: ({"chain"}, r"the mix stage was made from another tokens stage"),
    other_streams: ({"streams", "tokens"}, r"streams/go-\w+: checksum \w{32}, expected \w{32}"),
    streams_of_another_pool: (
        {"streams", "tokens"},
        r"(?s)start of document \w{32} is \d+, expected \d+.*sequence \d+, token \d+: \d+, expected \d+ \(document",
    ),
    other_bytes: ({"streams"}, r"bytes of document \w{32} is \d+, expected \d+"),
    fewer_bytes: ({"streams"}, r"facts of different lengths \(.*'bytes': 7.*\), expected one a document"),
    strange_id: ({"streams", "lineage"}, r"document e{32}, expected one that the pool holds"),
    no_array: ({"streams"}, r"facts of documents: cannot be read"),
    no_table: ({"inputs"}, r"the tables of split, parallel and tokens: cannot be read"),
    no_tokenizer: ({"inputs"}, r"tokenizer: cannot be read \(tokenizer.path: .*not a tokenizer.json"),
    no_streams: ({"streams"}, r"cannot be read"),
    edit_stream_facts: ({"streams"}, r"python: tokens is \d+, expected \d+"),
    pool_elsewhere: ({"inputs"}, r"the view reads \S+elsewhere, expected \S+tokens/concat"),
    flip_in_pool: ({"inputs"}, r"tokens/\d+.bin: checksum differs"),
    shorten_pool: ({"inputs"}, r"\d+.bin: [\d,]+ bytes, expected [\d,]+ bytes"),
    other_tokenizer: ({"inputs"}, r"tokenizer.json: [\d,]+ bytes, expected"),
    two_of_a_document: ({"inputs", "counts"}, r"document \w{32} stands there more than once"),
    unseen_direction: ({"split"}, r"document \w{32} of the unseen direction \w+->\w+"),
    held_out_after_all: (
        {"split"},
        r"(?s)document \w{32} is held out.*translation: \w{32} \(\w+\) and \w{32} \(\w+\)",
    ),
    special_id: ({"special ids"}, r"token \d+: special id \d+ inside document \w{32}, expected text"),
    no_id: ({"special ids"}, r"token \d+: no id 65000 inside document \w{32}, expected text"),
    no_end: ({"special ids"}, r"the last token of document \w{32} is 300, expected the end id \d+"),
}


@pytest.mark.parametrize("spoil", VIEWS, ids=lambda f: f.__name__)
def test_one_fault_in_a_view_is_told_by_the_check_it_belongs_to(seen, spoil):
    checks, words = VIEWS[spoil]
    spoil(seen)
    found, said = seen.faulty(0)
    assert found == checks, said
    assert re.search(words, said), said


def test_tokens_that_decode_to_another_text_are_told(seen):
    other_text(seen)
    found, said = seen.faulty()
    assert found == {"text"}, said
    assert "from byte" in said and "expected b" in said


@pytest.mark.parametrize("arrangement", ["psm", "spm"])
def test_a_document_whose_sentinels_are_wrong_is_told(rearranged, tmp_path, arrangement):
    copy = copied(make(rearranged, name="sentinels", proportions={"go": 1.0}, sequence_length=64), tmp_path)
    copy.own("tokens")
    pool = copy.layout.tokens("concat")
    row = table(pool / "tokenized").filter(component="go", arrangement=arrangement).row(0, named=True)
    path = pool / "tokens" / f"{row['file']:05d}.bin"
    ids = np.fromfile(path, "<u2")
    ids[row["start"]] = 300  # was the one before the prefix
    ids.tofile(path)
    refresh(pool)
    copy.relink()
    found, said = copy.faulty()
    assert found == {"text", "tokens"}
    words = r"document \w{32} \(.*\): cannot be decoded \(sentinels: suffix, middle; expected prefix, suffix, middle\)"
    assert re.search(words, said), said


def test_checks_that_were_left_out_show_no_number(seen):
    stale_pool(seen)
    rows, _ = verify_mixture(seen.folder)
    assert {row["check"] for row in rows if row["read"] is None} == {
        *("order", "counts", "lineage", "documents", "tokens", "special ids", "split", "text")
    }


# what cannot be verified


@pytest.mark.parametrize("stage", STAGES)
def test_without_an_earlier_stage_the_next_command_is_named(shards, stage):
    shards.own(stage)
    remove_tree(shards.layout.root / stage)
    with pytest.raises(StageError, match=f"the {stage} stage is not finished. Run: glotmix run CONFIG"):
        verify_mixture(shards.folder)


def test_an_unfinished_mixture_is_refused(shards):
    (shards.folder / "manifest.json").unlink()
    with pytest.raises(StageError, match=r"the mix stage is not finished. Run: glotmix mix CONFIG"):
        verify_mixture(shards.folder)


def test_a_stage_that_is_no_mixture_is_refused(demo):
    with pytest.raises(StageError, match=r"the folder of a corpus stage, not of mix"):
        verify_mixture(demo.corpus)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("code_version", "0", "made by code version 0, this is"),
        ("configuration", {"parallel_form": "none"}, "its configuration cannot be run"),
        ("counts", {"components": {"go": {}}}, "the manifest lacks wanted"),
    ],
)
def test_a_mixture_of_another_version_is_refused(shards, key, value, words):
    path = shards.folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(StageError, match=words):
        verify_mixture(shards.folder)


def test_verifying_leaves_the_mixture_and_the_disk_as_they_were(shards, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    before = {path: path.stat().st_mtime_ns for path in shards.layout.root.rglob("*") if path.is_file()}
    verify_mixture(shards.folder)
    assert {path: path.stat().st_mtime_ns for path in shards.layout.root.rglob("*") if path.is_file()} == before
    assert list(temporary.iterdir()) == []
