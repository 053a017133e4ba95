"""The split stage over a small corpus of three languages and a component that is none."""

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from contracts.config import StrictModel, validate
from contracts.errors import ConfigError, StageError
from contracts.languages import directions
from contracts.pair_tables import COPIES, LINKS
from contracts.tables import write_rows
from mixer.config import SplitConfig
from mixer.split.leaks import crossing_links
from mixer.split.stage import CheckSplit, SplitDocuments, split
from pairing.config import PairsConfig, ParallelConfig
from pairing.mine import pairs
from pairing.parallel.stage import parallel
from pipelines.config import CorpusConfig
from pipelines.corpus import corpus
from pipelines.executor_config import ExecutorConfig

ONE = ExecutorConfig(workers=1)
PROGRAMS = {
    "python": "def scale_{n}(values):\n    total = sum(values) * {n}\n    return [v + total for v in values]\n",
    "go": "package main\n\nfunc Scale{n}(value int) int {{\n    total := {n}\n    return total * value\n}}\n",
    "rust": "fn scale_{n}(value: i64) -> i64 {{\n    let total = {n};\n    total * value + {n}\n}}\n",
}
"""Python and Go have a licence, Rust has none."""


@dataclass(frozen=True)
class World:
    """A corpus and its pairs: 60 python-go with a licence, 10 python-rust without."""

    corpus: Path
    pairs: Path
    parallel: Path
    names: dict[str, str]

    def split(self, folder: Path, **options) -> dict:
        return split(SplitConfig(**options), self.corpus, self.pairs, self.parallel, folder, ONE).manifest.model_dump()


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    base = tmp_path_factory.mktemp("world")
    with open(base / "code.jsonl", "w") as handle:
        for language, text in PROGRAMS.items():
            licence = {"licence": "MIT"} if language != "rust" else {}
            for n in range(60):
                row = {"content": text.format(n=n), "id": f"{language}{n}", "language": language, "repo": f"r{n % 6}"}
                handle.write(json.dumps(row | licence) + "\n")
    with open(base / "prose.jsonl", "w") as handle:
        for n in range(50):
            words = " ".join(f"word{n * k % 97} and" for k in range(40))
            handle.write(json.dumps({"content": f"Chapter {n}. {words}.\n"}) + "\n")
    with open(base / "given.csv", "w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(("id_a", "id_b"))
        rows.writerows((f"python{n}", f"go{n}") for n in range(60))
        rows.writerows((f"python{n}", f"rust{n}") for n in range(10))
    columns = {"id": "id", "language": "language", "repo": "repo", "licence": "licence"}
    config = CorpusConfig.model_validate(
        {
            "sources": [
                {"type": "jsonl", "name": "code", "path": "code.jsonl", "columns": columns},
                {"type": "jsonl", "name": "prose", "path": "prose.jsonl", "component": "english"},
            ],
            "dedup": {"near": False},
            "slice_bytes": 8_000,
        }
    )
    corpus(config, base, base / "corpus", ONE)
    folders = [base / "corpus", base / "pairs", base / "parallel"]
    pairs(PairsConfig(mine=False, given=("given.csv",), require_licence=True), base, *folders[:2], ONE)
    parallel(ParallelConfig(forms=("concat",)), base, *folders, ONE)
    rows = pl.read_parquet(base / "corpus" / "documents" / "*.parquet").select("source_id", "id").rows()
    return World(*folders, {name: i for name, i in rows if name})


def sides(folder: Path) -> dict[str, str]:
    return dict(pl.read_parquet(folder / "split" / "*.parquet").select("id", "split").iter_rows())


def test_a_component_of_its_own_is_split_like_a_language(world, tmp_path):
    counts = world.split(tmp_path / "split", validation_share=0.2)["counts"]
    assert list(counts["train"]) == ["python", "go", "rust", "english"]
    for name, train in counts["train"].items():
        held = counts["validation"][name]
        assert train["documents"] + held["documents"] == (50 if name == "english" else 60)
        assert 0.1 < held["bytes"] / (held["bytes"] + train["bytes"]) <= 0.2
    assert len(sides(tmp_path / "split")) == 230


def test_held_out_pairs_are_counted_for_each_language_pair_that_has_parallel_documents(world, tmp_path):
    counts = world.split(tmp_path / "split", validation_share=0.3)["counts"]
    side = sides(tmp_path / "split")
    held = [n for n in range(60) if side[world.names[f"python{n}"]] == "validation"]
    assert counts["validation_pairs"] == {"python-go": len(held)}
    assert counts["language_pairs_without_validation"] == []
    assert len(held) >= 9  # half of the share of 18 documents


def test_a_language_pair_without_room_is_named(world, tmp_path):
    counts = world.split(tmp_path / "split", validation_share=0.0)["counts"]
    assert counts["validation_pairs"] == {"python-go": 0}
    assert counts["language_pairs_without_validation"] == ["python-go"]
    assert counts["validation"] == {}


def test_links_without_a_licence_are_never_cut_though_they_count_as_no_pair(world, tmp_path):
    for seed in range(3):
        world.split(tmp_path / f"split{seed}", validation_share=0.4, seed=seed)
        side = sides(tmp_path / f"split{seed}")
        ends = [[side[world.names[f"{x}{n}"]] for x in PROGRAMS] for n in range(10)]
        assert all(len(set(end)) == 1 for end in ends)
        assert crossing_links(world.corpus, world.pairs, world.parallel, tmp_path / f"split{seed}").height == 0


def test_a_copy_stands_on_the_side_of_what_stood_for_it_and_of_its_translation(world, tmp_path):
    changed = tmp_path / "pairs"
    shutil.copytree(world.pairs, changed)
    copies = {f"go{n}": f"go{n + 20}" for n in range(20)}
    rows = [
        {"id": world.names[a], "representative_id": world.names[b], "language": "go", "reason": "equal_features",
         "similarity": 1.0}
        for a, b in copies.items()
    ]  # fmt: skip
    write_rows(changed / "copies" / "00099.parquet", COPIES, rows)
    work = SplitDocuments(world.corpus, changed, world.parallel, tmp_path, SplitConfig(validation_share=0.4))
    assert list(CheckSplit(world.corpus, changed, world.parallel, tmp_path).run(work.run())) == []
    side = sides(tmp_path)
    ends = [{side[world.names[name]] for name in (a, b, f"python{b[2:]}")} for a, b in copies.items()]
    assert all(len(end) == 1 for end in ends)
    assert {"train", "validation"} == set().union(*ends)


def test_a_link_that_was_cut_fails_the_task(world, tmp_path):
    changed = tmp_path / "pairs"
    shutil.copytree(world.pairs, changed)
    work = SplitDocuments(world.corpus, changed, world.parallel, tmp_path, SplitConfig(validation_share=0.3))
    check = CheckSplit(world.corpus, changed, world.parallel, tmp_path)
    assert list(check.run(work.run())) == []
    side = sides(tmp_path)
    held, kept = (next(i for i, s in side.items() if s == wanted) for wanted in ("validation", "train"))
    write_rows(changed / "links" / "00099.parquet", LINKS, [{"id_a": held, "id_b": kept}])
    with pytest.raises(StageError, match=r"1 links .*translation: 1"):
        list(check.run())


def test_unseen_directions_stand_in_the_configuration_in_one_order(world, tmp_path):
    first = world.split(tmp_path / "split", validation_share=0.2, unseen_directions=("go->python", "python->go"))
    assert first["configuration"]["unseen_directions"] == ["python->go", "go->python"]
    again = split(
        SplitConfig(validation_share=0.2, unseen_directions=("python->go", "go->python")),
        world.corpus, world.pairs, world.parallel, tmp_path / "split", ONE,
    )  # fmt: skip
    assert again.skipped


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            ["python-go"],
            r"split.unseen_directions: 'python-go' is no translation direction; allowed are SOURCE->TARGET",
        ),
        (["python->python"], "'python->python' is no translation direction"),
        (["python->cobol"], "two different languages of python, java"),
        (["go->python", "go->python"], "'go->python' is named twice"),
        ("go->python", "split.unseen_directions: "),
    ],
)
def test_what_is_no_direction_is_refused(value, message):
    class Whole(StrictModel):
        split: SplitConfig

    with pytest.raises(ConfigError, match=message):
        validate(Whole, {"split": {"unseen_directions": value}}, "run.yaml")


def test_every_direction_may_be_unseen():
    assert SplitConfig(unseen_directions=tuple(reversed(directions()))).unseen_directions == directions()
