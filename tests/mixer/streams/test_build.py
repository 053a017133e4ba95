import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from contracts.errors import PlanError
from contracts.languages import PARALLEL
from mixer.streams.build import StreamSpec, build_epoch, build_stream, read_pool, read_supply
from mixer.streams.files import FACTS, StreamRef, load

from ..conftest import table
from ..pools import Pool, write_column, write_pool

LENGTH = 64
SIZES = {
    "go": [5, 9, 200, 31, 64, 12, 7, 40, 3, 28],
    "rust": [10] * 12,
    "go->rust": [20, 30, 64, 65, 50, 11, 12, 40],
    "rust->go": [21, 31, 60, 70, 51, 10, 13, 41],
}


@pytest.fixture(scope="module")
def pool(tmp_path_factory) -> Pool:
    made = write_pool(tmp_path_factory.mktemp("streams"), SIZES, files=3)
    # a null, a number that is none, and equal values
    values = [3.0, 1.0, 2.0, None, 1.0, float("nan"), 5.0, 1.0, 4.0, 2.0]
    documents = {f"go{i:03d}": value for i, value in enumerate(values)}
    write_column(made.layout.corpus / "documents", "id", documents)
    write_column(made.layout.pairs / "pairs", "pair_id", {f"go-rust{i:03d}": i % 2 == 1 for i in range(8)})
    return made


def spec_of(component: str, **options) -> StreamSpec:
    return StreamSpec(**{"pool": "p", "component": component, "length": LENGTH, "seed": 7, **options})


def build(pool: Pool, root: Path, spec: StreamSpec, epochs: Iterable[int] = (0, 1, 2)) -> StreamRef:
    build_stream(pool.folder, pool.layout.root, root, spec)
    for epoch in epochs:
        build_epoch(root, spec, epoch)
    supply = read_supply(root, spec)
    return StreamRef(spec.component, root / spec.name, supply.tokens, supply.packed)


def seen(ref: StreamRef, sequences: int) -> list[str]:
    """Ids of the documents that end in these sequences, in order."""
    spans = ref.open(LENGTH).spans(0, sequences)
    return ref.fact("ids").astype(str)[spans.document[spans.ends_document]].tolist()


@pytest.mark.parametrize("component", ["go", "rust", "go->rust", PARALLEL])
def test_a_stream_holds_the_documents_of_its_component_that_can_stand_in_a_sequence(pool, tmp_path, component):
    spec = spec_of(component)
    ref, supply = build(pool, tmp_path, spec), read_supply(tmp_path, spec)
    rows = pool.of(component)
    usable = [row for row in rows if component in ("go", "rust") or row["tokens"] <= LENGTH]
    assert ref.fact("ids").astype(str).tolist() == [row["id"] for row in usable]
    for name in FACTS[1:]:
        assert ref.fact(name).tolist() == [row[name] for row in usable], name
    assert (supply.documents, supply.tokens) == (len(usable), sum(row["tokens"] for row in usable))
    lost = [row for row in rows if row not in usable]
    assert (supply.lost_documents, supply.lost_tokens) == (len(lost), sum(row["tokens"] for row in lost))
    programs = {
        key: tokens
        for row in usable
        for key, tokens in zip(
            row["program_keys"] or [row["id"]], row["program_tokens"] or [row["tokens"]], strict=True
        )
    }
    assert supply.unique_tokens == sum(programs.values())
    assert (supply.packed is None) == (component in ("go", "rust"))


@pytest.mark.parametrize("component", ["go", PARALLEL])
def test_every_epoch_holds_every_document_once_in_an_order_of_its_own(pool, tmp_path, component):
    spec = spec_of(component)
    ref, supply = build(pool, tmp_path, spec), read_supply(tmp_path, spec)
    spans = ref.open(LENGTH).spans(0, int(3 * supply.sequences))
    orders = [spans.document[spans.ends_document & (spans.epoch == epoch)].tolist() for epoch in range(3)]
    for order in orders[:2]:  # what the third epoch lacks is in part of a sequence
        assert sorted(order) == list(range(supply.documents))
    assert orders[0] != orders[1] != orders[2] != orders[0]
    other = build(pool, tmp_path, spec_of(component, seed=8))
    assert seen(other, 4) != seen(ref, 4)


@pytest.mark.parametrize("options", [{}, {"column": "value"}, {"column": "value", "descending": True}])
def test_the_supply_is_what_the_sequences_hold(pool, tmp_path, options):
    spec = spec_of(PARALLEL, **options)
    ref, supply = build(pool, tmp_path, spec), read_supply(tmp_path, spec)
    stream = ref.open(LENGTH)
    for sequences in range(1, 3 * supply.packed + 1):
        spans = stream.spans(0, sequences)
        held = (spans.end - spans.start)[spans.document >= 0].sum()
        assert supply.tokens_in(sequences) == held
    assert held == 3 * supply.tokens


@pytest.mark.parametrize("component", ["go", PARALLEL])
def test_streams_are_the_same_whatever_is_built_first_and_are_built_once(pool, tmp_path, component):
    spec = spec_of(component, column="value")
    one, two = tmp_path / "one", tmp_path / "two"
    build(pool, one, spec, (0, 1, 2))
    build(pool, two, spec, (2,))
    build(pool, two, spec, (1, 0))

    def files(root: Path) -> dict[str, bytes]:
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.*"))}

    assert files(one) == files(two)
    assert len(files(one)) > 10
    before = {path: path.stat().st_mtime_ns for path in one.rglob("*")}
    build(pool, one, spec, (1, 2))
    assert {path: path.stat().st_mtime_ns for path in one.rglob("*")} == before


def test_whatever_decides_a_stream_gives_it_another_folder():
    changes = [
        {},
        {"pool": "q"},
        {"component": "rust"},
        {"length": 65},
        {"seed": 8},
        {"unique_tokens": 5},
        {"column": "value"},
        {"column": "value", "descending": True},
    ]
    names = [spec_of(**{"component": "go", **change}).name for change in changes]
    assert len(set(names)) == len(names)
    assert spec_of("go->rust").name.startswith("go-rust-")


@pytest.mark.parametrize("descending", [False, True])
def test_a_curriculum_orders_documents_by_its_column_in_every_epoch(pool, tmp_path, descending):
    spec = spec_of("go", column="value", descending=descending)
    ref, supply = build(pool, tmp_path, spec), read_supply(tmp_path, spec)
    values = dict(table(pool.layout.corpus / "documents").select("id", "value").iter_rows())
    order = seen(ref, int(2 * supply.sequences) + 1)[:20]
    last = {"go003", "go005"}  # without a value, or with one that is no number
    for epoch in (order[:10], order[10:]):
        numbers = [values[name] for name in epoch[:8]]
        assert numbers == sorted(numbers, reverse=descending)
        assert set(epoch[8:]) == last
    assert order[:10] != order[10:]  # ties stand at random


def test_ties_of_a_curriculum_depend_on_the_seed(pool, tmp_path):
    orders = {
        tuple(n for n in seen(build(pool, tmp_path, spec_of("go", column="value", seed=seed)), 5) if n in TIED)
        for seed in range(12)
    }
    assert len(orders) > 2


TIED = {"go001", "go004", "go007"}


def test_a_curriculum_of_pairs_orders_sequences(tmp_path):
    count = 3000
    sizes = np.random.default_rng(1).integers(5, 30, count).tolist()
    pool = write_pool(tmp_path, {"go->rust": sizes})
    scores = {f"go-rust{i:03d}": (i * 37) % count for i in range(count)}
    write_column(pool.layout.pairs / "pairs", "pair_id", scores)
    spec = spec_of(PARALLEL, column="value")
    ref, supply = build(pool, tmp_path, spec), read_supply(tmp_path, spec)
    assert supply.tokens / (supply.packed * LENGTH) > 0.95  # nearly as full as without
    for epoch in range(2):
        order = [scores[f"go-rust{name[7:]}"] for name in seen(ref, 2 * supply.packed)[epoch * count :][:count]]
        assert sorted(order) == list(range(count))
        # 64 sequences of 64 tokens hold 240 of these documents
        assert max(abs(place - score) for place, score in enumerate(order)) < 300


@pytest.mark.parametrize(
    ("component", "column", "message"),
    [
        ("go", "valu", r"mix.curriculum.documents=valu: no such column of numbers or true/false; there are value"),
        ("go", "text", r"mix.curriculum.documents=text: no such column of numbers"),
        (PARALLEL, "id", r"mix.curriculum.pairs=id: no such column of numbers or true/false; there are value"),
    ],
)
def test_a_column_that_cannot_order_is_refused(pool, tmp_path, component, column, message):
    with pytest.raises(PlanError, match=message):
        build(pool, tmp_path, spec_of(component, column=column))
    assert not list(tmp_path.rglob("stream.json"))


def test_unique_tokens_take_whole_documents(pool, tmp_path):
    chosen: list[set[str]] = []
    for limit in (60, 61, 90, 120, 10_000):
        ref = build(pool, tmp_path, spec_of("rust", unique_tokens=limit), (0,))
        supply = read_supply(tmp_path, spec_of("rust", unique_tokens=limit))
        assert supply.unique_tokens == supply.tokens == min(limit // 10, 12) * 10
        chosen.append(set(ref.fact("ids").astype(str)))
    assert all(small <= large for small, large in pairwise(chosen))


def test_unique_tokens_of_pairs_take_both_directions_and_count_programs_once(pool, tmp_path):
    everything = read_supply_of(pool, tmp_path, spec_of(PARALLEL))
    spec = spec_of(PARALLEL, unique_tokens=everything.unique_tokens // 2)
    ref, supply = build(pool, tmp_path, spec, (0,)), read_supply(tmp_path, spec)
    assert 0 < supply.unique_tokens <= spec.unique_tokens
    names = ref.fact("ids").astype(str).tolist()
    assert 2 < len(names) < everything.documents
    assert {n[-3:] for n in names if n.startswith("go")} == {n[-3:] for n in names if n.startswith("rust")}
    # both directions of a pair hold the same two programs
    assert supply.unique_tokens == sum(2 * (5 + 7 * int(n) % 9) for n in {n[-3:] for n in names})


def read_supply_of(pool: Pool, root: Path, spec: StreamSpec):
    build(pool, root, spec, ())
    return read_supply(root, spec)


@pytest.mark.parametrize("component", ["rust", PARALLEL])
def test_fewer_unique_tokens_than_a_document_has_are_refused_and_the_cure_works(pool, tmp_path, component):
    with pytest.raises(PlanError) as error:
        build(pool, tmp_path, spec_of(component, unique_tokens=3))
    message = str(error.value)
    assert f"mix.components.{component}.unique_tokens=3 is less than the first document drawn has" in message
    unique = read_supply_of(pool, tmp_path, spec_of(component)).unique_tokens
    assert f"the pool holds {unique:,} unique tokens" in message
    assert read_supply_of(pool, tmp_path, spec_of(component, unique_tokens=unique)).unique_tokens == unique


def test_a_component_of_too_long_pairs_only_is_an_empty_stream(tmp_path):
    pool = write_pool(tmp_path, {"go->rust": [65, 70]})
    supply = read_supply_of(pool, tmp_path, spec_of(PARALLEL))
    assert (supply.documents, supply.tokens, supply.packed, supply.sequences) == (0, 0, 0, 0)
    assert (supply.lost_documents, supply.lost_tokens) == (2, 135)


def test_streams_of_the_demo_run_hold_its_pool(demo, tmp_path):
    pool = Pool(demo)
    for component in ("go", PARALLEL):
        spec = spec_of(component, length=1024)
        supply = read_supply_of(pool, tmp_path, spec)
        rows = read_pool(demo.tokens("concat"), component).collect()
        rows = rows.filter(pl.lit(component == "go") | (pl.col("tokens") <= 1024))
        assert (supply.documents, supply.tokens) == (rows.height, rows["tokens"].sum())
        facts = json.loads((tmp_path / spec.name / "stream.json").read_text())
        assert facts["spec"]["component"] == component
        assert load(tmp_path / spec.name, "start").tolist() == rows["start"].to_list()
