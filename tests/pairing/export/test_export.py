"""An export holds what the tables hold, loads as a data set, and has the same bytes every time."""

import json
import re
import shutil
from dataclasses import replace

import polars as pl
import pyarrow as pa
import pytest
import yaml

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.pair_tables import PARALLEL_DOCUMENTS
from pairing.export import parts
from pairing.export.card import feature, hub_licences, origin
from pairing.export.export import Sources, export
from pairing.export.parts import Part, PartWriter
from pairing.export.rows import BOTH, Splits


def sources(run, split=True) -> Sources:
    folders = [run.root / stage for stage in ("pairs", "parallel", "corpus")]
    made = [manifests.read(folder) for folder in folders[:2]]
    return Sources(*folders, run.root / "split" / "split" if split else None, *made)


@pytest.fixture(scope="module")
def exported(small_run, tmp_path_factory):
    target = tmp_path_factory.mktemp("export") / "data set"
    export(sources(small_run), target, "datasets")
    return target


def card(folder) -> tuple[dict, str]:
    _, front, body = (folder / "README.md").read_text().split("---\n", 2)
    return yaml.safe_load(front), body


def rows(folder, pattern: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(p) for p in sorted(folder.glob(pattern))])


def test_pairs_have_both_texts_and_where_they_come_from(exported, small_run):
    found = rows(exported, "data/pairs/*/*.parquet")
    documents = pl.read_parquet(list((small_run.root / "corpus" / "documents").glob("*.parquet")))
    texts = dict(documents.select("id", "content").rows())
    assert found.height == 13
    for row in found.to_dicts():
        assert (row["text_a"], row["text_b"]) == (texts[row["id_a"]], texts[row["id_b"]])
    assert set(found["licence_b"]) == {"Apache-2.0"}
    assert set(found["repo_a"]) == {"r"}
    assert set(found["kind"]) == {"close", "loose"}


def test_functions_are_cut_out_of_their_programs(exported):
    found = rows(exported, "data/functions/python-go/*.parquet").sort("path_a")
    assert found["text_a"][0] == "def heap(x):\n    return x\n"
    assert found["text_b"][0] == "func heap(x int) int {\n\treturn x\n}\n"


def test_each_split_has_its_own_files_and_all_of_a_program(exported):
    held = rows(exported, "data/pairs/*/validation-*.parquet")
    assert {path.rsplit("/")[-1].split(".")[0] for path in held["path_a"]} == {"queue"}
    assert set(held["split"]) == {"validation"}
    assert rows(exported, "data/concat/python-to-go/*.parquet")["direction"].unique().to_list() == ["python->go"]


def test_the_card_is_true(exported):
    front, body = card(exported)
    info = {entry["config_name"]: entry for entry in front["dataset_info"]}
    for table, entry in info.items():
        sizes = {s["name"]: s["num_examples"] for s in entry["splits"]}
        files = {split: rows(exported, f"data/{table}/*/{split}-*.parquet") for split in sizes}
        assert sizes == {split: frame.height for split, frame in files.items()}
        assert [f["name"] for f in entry["features"]] == files["train"].columns
    configs = {c["config_name"]: c["data_files"] for c in front["configs"]}
    assert {"pairs", "functions", "concat", "pairs-python-go", "pairs-java-go", "pairs-python-java"} == set(configs)
    assert all(list(exported.glob(f["path"])) for files in configs.values() for f in files)
    assert front["license"] == ["apache-2.0", "mit"]
    assert "| all | 10 | 3 | 13 |" in body
    assert "| MIT | 13 |" in body


ORIGINS = {
    "pairs": {f"{fact}_{side}" for fact in ("source", "repo", "path", "commit", "licence") for side in "ab"},
    "functions": {"path_a", "path_b", "licence_a", "licence_b"},
    "concat": {"repos", "paths", "commits", "licence_source", "licence_target"},
}
KEY = "what else is known stands in the row of `pairs` with the same `pair_id`"


def test_the_card_names_the_columns_that_are_there_and_no_others(exported):
    _, body = card(exported)
    for table in ("pairs", "functions", "concat"):
        columns = rows(exported, f"data/{table}/*/*.parquet").columns
        section = body.split(f"## Columns of {table}\n")[1].split("\n## ")[0]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == columns
        (line,) = re.findall(rf"^- `{table}`: (.*)$", body, re.MULTILINE)
        origins, _, key = line.partition("; ")
        assert set(re.findall(r"`(\w+)`", origins)) == ORIGINS[table]
        assert key == ("" if table == "pairs" else KEY)
        assert not re.findall(r"^\| `(\w+)` \| .* \| *\|$", section, re.MULTILINE)  # each has a description
    assert "source language->target language; of a group" in body
    intro = body.split("## ")[0]
    assert "repo_a" in intro
    assert "repo_source" not in intro


def test_rows_of_groups_lead_to_pairs_by_the_id_of_the_group():
    line = origin(PARALLEL_DOCUMENTS.schema, "group_function")
    assert set(re.findall(r"`(\w+)`", line.partition("; ")[0])) == ORIGINS["concat"]
    assert line.endswith("stands in the rows of `pairs` whose `group_id` is the `pair_id` here")


def test_the_data_set_loads(exported, tmp_path):
    datasets = pytest.importorskip("datasets")
    for name in ("pairs", "functions", "concat", "pairs-python-go"):
        found = datasets.load_dataset(str(exported), name, cache_dir=str(tmp_path))
        assert {split: len(part) for split, part in found.items()}.keys() == {"train", "validation"}
    pairs = datasets.load_dataset(str(exported), cache_dir=str(tmp_path))
    assert {split: len(part) for split, part in pairs.items()} == {"train": 10, "validation": 3}
    assert pairs["train"][0]["text_a"]


def test_the_same_pairs_give_the_same_bytes(exported, small_run, tmp_path):
    export(sources(small_run), tmp_path / "again", "datasets")
    files = {p.relative_to(exported): p.read_bytes() for p in exported.rglob("*") if p.is_file()}
    again = {p.relative_to(tmp_path / "again"): p.read_bytes() for p in (tmp_path / "again").rglob("*") if p.is_file()}
    assert len(files) > 10
    assert files == again


def test_plain_parquet_has_no_card_and_everything_is_train_without_a_split(small_run, tmp_path):
    done = export(sources(small_run, split=False), tmp_path / "x", "parquet", ("concat",))
    assert not (tmp_path / "x" / "README.md").exists()
    assert {part.table for part in done.rows} == {"pairs", "concat"}
    assert {part.split for part in done.rows} == {"train"}
    about = json.loads((tmp_path / "x" / "_export.json").read_text())
    assert sum(n for name, n in about["rows"].items() if name.startswith("pairs/")) == 13


def relicensed(run, root, licences: dict[str, str | None], **configuration) -> Sources:
    """The run with other licences on side a, by language; and what the stage was asked for."""
    (root / "pairs" / "pairs").mkdir(parents=True)
    new = pl.col("language_a").replace_strict(licences, default=pl.col("licence_a"), return_dtype=pl.String)
    frame = pl.read_parquet(run.root / "pairs" / "pairs" / "00000.parquet").with_columns(licence_a=new)
    frame.write_parquet(root / "pairs" / "pairs" / "00000.parquet")
    found = sources(run)
    written = found.written.model_copy(update={"configuration": configuration})
    return replace(found, pairs=root / "pairs", written=written)


@pytest.mark.parametrize(
    ("licence", "configuration", "gone"),
    [
        ("GPL-2.0-only", {}, 5),
        ("GPL-2.0-only", {"refuse_licences": False}, 0),
        (None, {}, 0),
        (None, {"require_licence": True}, 5),
        ("LicenseRef-own", {"require_licence": True, "refuse_licences": False}, 5),
        ("MIT", {"require_licence": True}, 0),
    ],
)
def test_pairs_that_were_refused_for_their_licences_are_left_out_and_counted(
    small_run, tmp_path, licence, configuration, gone
):
    given = relicensed(small_run, tmp_path, {"java": licence}, **configuration)  # of the pairs java-go
    done = export(given, tmp_path / "x", "datasets")
    lost = {"pairs": gone, "functions": gone} if gone else {}
    assert done.refused == lost
    assert json.loads((tmp_path / "x" / "_export.json").read_text())["refused_licences"] == lost
    found, functions = (rows(tmp_path / "x", f"data/{name}/*/*.parquet") for name in ("pairs", "functions"))
    assert found.height == functions.height == 13 - gone
    assert set(functions["pair_id"]) == set(found["pair_id"])
    _, body = card(tmp_path / "x")
    assert ("Left out are 5 rows of `pairs` and 5 rows of `functions`, whose licences" in body) == bool(gone)
    listed = {"MIT": 13}.get(licence, 5)
    assert (f"| {licence or 'unknown'} | {listed} |" in body) == (not gone)


def test_refused_pairs_are_kept_where_that_is_asked_for(small_run, tmp_path):
    given = relicensed(small_run, tmp_path, {"java": "GPL-2.0-only"})
    done = export(given, tmp_path / "x", "datasets", keep_refused=True)
    assert not done.refused and rows(tmp_path / "x", "data/pairs/*/*.parquet").height == 13
    _, body = card(tmp_path / "x")
    assert "The licences of 5 pairs do not go together" in body and "| GPL-2.0-only | 5 |" in body


def test_an_export_without_a_pair_that_licences_allow_says_what_keeps_them(small_run, tmp_path):
    given = relicensed(small_run, tmp_path, dict.fromkeys(("java", "python"), "GPL-2.0-only"))
    with pytest.raises(StageError, match=r"all 13 pairs are refused for their licences.*--keep-refused"):
        export(given, tmp_path / "x", "parquet")
    assert not (tmp_path / "x").exists()


def test_a_failed_export_leaves_nothing(small_run, tmp_path):
    (tmp_path / "corpus").symlink_to(small_run.root / "corpus")
    broken = tmp_path / "pairs"
    shutil.copytree(small_run.root / "pairs", broken)
    pairs = pl.read_parquet(broken / "pairs" / "00000.parquet").with_columns(pl.lit("nobody").alias("id_b"))
    pairs.write_parquet(broken / "pairs" / "00000.parquet")
    given = replace(sources(small_run, split=False), pairs=broken)
    with pytest.raises(StageError, match="lacks 1 documents that pairs name, the first is nobody"):
        export(given, tmp_path / "x", "parquet")
    assert not (tmp_path / "x").exists()
    assert not list(tmp_path.glob(".tmp-*"))


def test_a_row_whose_documents_stand_on_two_sides_has_no_split(small_run):
    heap, queue = small_run.ids["heap", "go"], small_run.ids["queue", "go"]
    splits = Splits(small_run.root / "split" / "split", pl.Series([heap, queue]))
    assert splits.of([(heap, ""), (queue, queue), (heap, queue), ("unknown",)]) == ["train", "validation", BOTH, BOTH]


def test_files_are_followed_by_others_when_they_are_full_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "FILE_BYTES", 1000)
    monkeypatch.setattr(parts, "PENDING_BYTES", 2000)
    keys = [Part("t", "x", "train"), Part("t", "y", "train")]
    with PartWriter(tmp_path) as writer:
        for start in range(0, 2000, 50):
            writer.add(keys[start // 50 % 2], pa.table({"n": list(range(start, start + 50))}))
        writer.finish("t")
    assert len(list((tmp_path / "t" / "x").glob("*.parquet"))) > 3
    assert sorted(rows(tmp_path, "t/*/*.parquet")["n"].to_list()) == list(range(2000))
    assert writer.written[keys[0]].rows == 1000
    assert rows(tmp_path, "t/x/*.parquet")["n"].is_sorted()


@pytest.mark.parametrize(
    ("licences", "named"),
    [
        (["MIT", "Apache-2.0"], ["apache-2.0", "mit"]),
        (["(MIT OR Apache-2.0)", "GPL-3.0-or-later"], ["apache-2.0", "gpl-3.0", "mit"]),
        (["Weird: |licence|\n", None, "MIT"], ["mit", "other", "unknown"]),
    ],
)
def test_licences_are_named_as_the_hub_names_them(licences, named):
    assert hub_licences(licences) == named


@pytest.mark.parametrize(
    ("kind", "described"),
    [
        (pa.float32(), {"dtype": "float32"}),
        (pa.list_(pa.int32()), {"list": "int32"}),
        (pa.struct([("x", pa.bool_())]), {"struct": [{"name": "x", "dtype": "bool"}]}),
        (pa.list_(pa.struct([("x", pa.string())])), {"list": [{"name": "x", "dtype": "string"}]}),
        (pa.list_(pa.list_(pa.int64())), {"list": {"list": "int64"}}),
    ],
)
def test_columns_are_described_as_data_sets_describe_them(kind, described):
    assert feature(pa.field("c", kind)) == {"name": "c", **described}
