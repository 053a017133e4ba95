"""Each format, read back by the reader that trainers use."""

import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from mixer.dataset import IGNORE, MixtureDataset
from mixer.export import export

REPOSITORY = Path(__file__).resolve().parents[2]

SHIFT = 70_000
"""Added to the ids of the wide mixture, so that none fits two bytes."""


@pytest.fixture(scope="module")
def wide(demo, tmp_path_factory):
    """The default mixture with ids of four bytes."""
    folder = tmp_path_factory.mktemp("wide") / "m"
    shutil.copytree(demo.mix("default"), folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        if entry["path"].endswith(".ds"):
            tokens = np.fromfile(folder / entry["path"], "<u2").astype("<u4") + SHIFT
            tokens.tofile(folder / entry["path"])
            entry["bytes"] *= 2
    manifest["counts"] |= {"bytes_per_token": 4, "vocab_size": SHIFT + manifest["counts"]["vocab_size"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="module")
def view(mixture_of):
    """A view with documents seen again, and padded sequences."""
    shares = {"go": 0.5, "python": 0.2, "parallel": 0.3}
    return mixture_of(proportions=shares, max_epochs=3, sequence_length=1_100, output="view").folder


@pytest.fixture(params=["shards", "wide", "view"])
def folder(request, demo):
    return demo.mix("default") if request.param == "shards" else request.getfixturevalue(request.param)


def tokens_of(folder):
    mixture = MixtureDataset(folder)
    return [mixture[k].tolist() for k in range(len(mixture))]


def test_parquet_holds_tokens_ends_padding_and_component(folder, tmp_path):
    export(folder, tmp_path / "x", "parquet")
    mixture, table = MixtureDataset(folder), pq.read_table(tmp_path / "x")
    assert table["input_ids"].to_pylist() == tokens_of(folder)
    assert table.schema.field("input_ids").type.list_size == mixture.sequence_length
    assert table.schema.field("input_ids").type.value_type == f"uint{8 * mixture.dtype.itemsize}"
    assert table["ends"].to_pylist() == [mixture.span_ends(k).tolist() for k in range(len(mixture))]
    assert table["component"].to_pylist() == [mixture.component(k) for k in range(len(mixture))]
    padding = [int(np.count_nonzero(mixture.example(k).labels == IGNORE)) for k in range(len(mixture))]
    assert table["padding"].to_pylist() == padding
    assert max(padding) > 0


def test_a_parquet_file_is_a_shard(demo, tmp_path):
    export(demo.mix("default"), tmp_path / "x", "parquet")
    mixture = MixtureDataset(demo.mix("default"))
    rows = [pq.read_metadata(p).num_rows for p in sorted((tmp_path / "x").glob("*.parquet"))]
    assert len(rows) == -(-len(mixture) // mixture.sequences_per_shard) > 1
    assert set(rows[:-1]) == {mixture.sequences_per_shard}


def test_row_groups_bound_the_memory(demo, tmp_path, monkeypatch):
    mixture = MixtureDataset(demo.mix("default"))
    monkeypatch.setattr("mixer.exports.parquet.ROW_GROUP_BYTES", 3 * 2 * mixture.sequence_length)
    export(demo.mix("default"), tmp_path / "x", "parquet")
    file = pq.ParquetFile(tmp_path / "x" / "00000.parquet").metadata
    groups = [file.row_group(k).num_rows for k in range(file.num_row_groups)]
    assert sum(groups) == mixture.sequences_per_shard
    assert max(groups) == 3


def test_datasets_reads_the_parquet_folder(demo, tmp_path):
    datasets = pytest.importorskip("datasets")
    export(demo.mix("default"), tmp_path / "x", "parquet")
    read = datasets.load_dataset(str(tmp_path / "x"), split="train", cache_dir=str(tmp_path / "cache"))
    assert list(read["input_ids"]) == tokens_of(demo.mix("default"))
    assert read.features["input_ids"].length == 1024


def test_megatron_files_are_laid_out_as_its_reader_expects(folder, tmp_path):
    export(folder, tmp_path / "x", "megatron")
    mixture, wanted = MixtureDataset(folder), np.array(tokens_of(folder))
    index = (tmp_path / "x" / "tokens.idx").read_bytes()
    magic, version, code, sequences, documents = struct.unpack_from("<9sQBQQ", index)
    assert (magic, version, sequences, documents) == (b"MMIDIDX\x00\x00", 1, len(mixture), len(mixture) + 1)
    # the reader's codes of types: 8 is uint16, 4 is int32
    dtype, known = np.dtype({8: "<u2", 4: "<i4"}[code]), 34
    assert dtype.itemsize == mixture.dtype.itemsize
    lengths = np.frombuffer(index, "<i4", sequences, known)
    pointers = np.frombuffer(index, "<i8", sequences, known + lengths.nbytes)
    ends = np.frombuffer(index, "<i8", documents, known + lengths.nbytes + pointers.nbytes)
    assert len(index) == known + lengths.nbytes + pointers.nbytes + ends.nbytes
    assert set(lengths.tolist()) == {mixture.sequence_length}
    assert pointers.tolist() == [k * mixture.sequence_length * dtype.itemsize for k in range(sequences)]
    assert ends.tolist() == list(range(documents))
    assert (np.fromfile(tmp_path / "x" / "tokens.bin", dtype) == wanted.ravel()).all()


@pytest.mark.parametrize(("vocabulary", "bytes_per_token"), [(65_499, 2), (65_500, 4), (65_536, 4)])
def test_megatron_tokens_grow_where_megatrons_own_would(demo, tmp_path, vocabulary, bytes_per_token):
    shutil.copytree(demo.mix("default"), tmp_path / "m")
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())
    manifest["counts"]["vocab_size"] = vocabulary
    (tmp_path / "m" / "manifest.json").write_text(json.dumps(manifest))
    done = export(tmp_path / "m", tmp_path / "x", "megatron")
    assert (tmp_path / "x" / "tokens.bin").stat().st_size == done.tokens * bytes_per_token


def test_megatron_core_reads_its_files_and_would_write_the_same_bytes(folder, tmp_path):
    indexed = pytest.importorskip("megatron.core.datasets.indexed_dataset")
    torch = pytest.importorskip("torch")
    export(folder, tmp_path / "x", "megatron")
    mixture, read = MixtureDataset(folder), indexed.IndexedDataset(str(tmp_path / "x" / "tokens"))
    assert [read[k].tolist() for k in range(len(read))] == tokens_of(folder)
    own = indexed.IndexedDatasetBuilder(
        str(tmp_path / "own.bin"), dtype=indexed.DType.optimal_dtype(mixture.vocab_size)
    )
    for k in range(len(mixture)):
        own.add_item(torch.from_numpy(mixture[k].astype(np.int64)))
        own.end_document()
    own.finalize(str(tmp_path / "own.idx"))
    for suffix in ("bin", "idx"):
        assert (tmp_path / f"own.{suffix}").read_bytes() == (tmp_path / "x" / f"tokens.{suffix}").read_bytes()


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("chunk_bytes", [64_000_000, 10_000])
def test_litdata_reads_its_chunks(folder, tmp_path, monkeypatch, chunk_bytes):
    litdata = pytest.importorskip("litdata")
    monkeypatch.setattr("mixer.exports.litdata.CHUNK_BYTES", chunk_bytes)
    export(folder, tmp_path / "x", "litdata")
    length = MixtureDataset(folder).sequence_length
    read = litdata.StreamingDataset(str(tmp_path / "x"), item_loader=litdata.TokensLoader(block_size=length))
    assert [tokens.tolist() for tokens in read] == tokens_of(folder)
    assert (len(list((tmp_path / "x").glob("*.bin"))) > 1) == (chunk_bytes < 64_000_000)


def test_litdata_exports_differ_in_nothing_but_the_time(demo, tmp_path):
    pytest.importorskip("litdata")
    found = []
    for name in ("a", "b"):
        export(demo.mix("default"), tmp_path / name, "litdata")
        index = json.loads((tmp_path / name / "index.json").read_text())
        assert float(index.pop("updated_at")) > 0
        found.append((index, {p.name: p.read_bytes() for p in (tmp_path / name).iterdir() if p.name != "index.json"}))
    assert found[0] == found[1]


READ_MDS = """
import json, sys
from streaming import LocalDataset, StreamingDataset
folder = sys.argv[1]
one, other = LocalDataset(folder), StreamingDataset(local=folder, batch_size=1, validate_hash="xxh128")
samples = [one[k]["tokens"] for k in range(len(one))]
same = [s.tolist() for s in samples] == [s["tokens"].tolist() for s in other]
print(json.dumps([str(samples[0].dtype), same, [s.tolist() for s in samples]]))
"""


def test_streaming_reads_its_shards(folder, tmp_path):
    if (python := os.environ.get("GLOTMIX_MDS_PYTHON")) is None:
        pytest.skip("GLOTMIX_MDS_PYTHON names no interpreter of an environment with mosaicml-streaming")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [python, "-m", "mixer.export", str(folder), "--format", "mds", "--to", str(tmp_path / "x")]
    subprocess.run(command, env=environment, check=True)
    read = subprocess.run([python, "-c", READ_MDS, str(tmp_path / "x")], stdout=subprocess.PIPE, check=True)
    dtype, same, tokens = json.loads(read.stdout)
    assert (dtype, same) == (str(MixtureDataset(folder).dtype), True)
    assert tokens == tokens_of(folder)


@pytest.mark.parametrize("made", ["shards", "wide"])
def test_datatrove_reads_the_shards_themselves_with_their_positions(made, demo, request):
    pytest.importorskip("torch")
    from datatrove.utils.dataset import DatatroveFolderDataset

    folder = demo.mix("default") if made == "shards" else request.getfixturevalue(made)
    mixture = MixtureDataset(folder)
    read = DatatroveFolderDataset(
        str(folder),
        seq_len=mixture.sequence_length - 1,
        token_size=mixture.dtype.itemsize,
        recursive=False,
        return_positions=True,
    )
    assert len(read) == len(mixture)
    for k in range(len(mixture)):
        assert read[k]["input_ids"].tolist() == mixture[k].tolist()
        starts = np.flatnonzero(read[k]["positions"].numpy() == 0).tolist()
        assert starts == [0, *mixture.span_ends(k)[:-1].tolist()]
