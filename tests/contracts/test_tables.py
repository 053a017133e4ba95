import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts import tables
from contracts.columns import Column, Table
from contracts.errors import StageError
from contracts.schema import NEAR_DUPLICATES
from contracts.tables import TableWriter, files_of, read_rows, read_table, write_rows

TEXTS = Table(
    "texts",
    "for tests",
    (
        Column("id", pa.string(), "name"),
        Column("bytes", pa.int64(), "size"),
        Column("note", pa.string(), "may be null", nullable=True),
    ),
)


def row(number: int, size: int = 1) -> dict:
    return {"id": str(number), "bytes": size, "note": None}


def groups(path) -> list[int]:
    meta = pq.read_metadata(path)
    return [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]


def test_rows_come_back_with_the_schema_and_its_documentation(tmp_path):
    rows = [{"id_a": f"{i}", "id_b": "z", "jaccard": 0.5} for i in range(7)]
    assert write_rows(tmp_path / "0.parquet", NEAR_DUPLICATES, rows) == 7
    assert list(read_rows(tmp_path / "0.parquet", batch_rows=3)) == rows
    assert list(read_rows(tmp_path / "0.parquet", ["id_a"])) == [{"id_a": r["id_a"]} for r in rows]
    schema = pq.read_schema(tmp_path / "0.parquet")
    assert schema.equals(NEAR_DUPLICATES.schema, check_metadata=False)
    assert schema.metadata[b"glotmix.table"] == b"near_duplicates"
    assert schema.field("jaccard").metadata[b"doc"] == NEAR_DUPLICATES.columns[2].doc.encode()


def test_a_table_without_rows_is_a_file_with_a_schema(tmp_path):
    assert write_rows(tmp_path / "0.parquet", TEXTS, []) == 0
    assert read_table(tmp_path).num_rows == 0
    assert read_table(tmp_path).column_names == TEXTS.names


def test_row_groups_are_cut_by_bytes_and_by_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "ROW_GROUP_BYTES", 100)
    monkeypatch.setattr(tables, "ROW_GROUP_ROWS", 4)
    with TableWriter(tmp_path / "0.parquet", TEXTS, "bytes") as writer:
        for number, size in enumerate([60, 60, 100, 1, 1, 1, 1, 1]):
            writer.write(row(number, size))
    assert groups(tmp_path / "0.parquet") == [2, 1, 4, 1]
    assert writer.rows == 8
    assert [r["id"] for r in read_rows(tmp_path / "0.parquet")] == list("01234567")


def test_arrow_tables_are_cut_by_bytes_too_and_stand_in_order_with_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "ROW_GROUP_BYTES", 1000)
    data = pa.Table.from_pylist([{"note": "x" * 100, "bytes": 1, "id": str(i)} for i in range(1, 51)])
    with TableWriter(tmp_path / "0.parquet", TEXTS) as writer:
        writer.write(row(0))
        writer.write_table(data)
        writer.write(row(51))
    sizes = groups(tmp_path / "0.parquet")
    assert sum(sizes) == writer.rows == 52
    assert max(sizes) < 10
    assert [int(r["id"]) for r in read_rows(tmp_path / "0.parquet")] == list(range(52))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"id": "a", "bytes": 1}, KeyError),
        ({**row(1), "more": 2}, KeyError),
        ({**row(1), "bytes": "many"}, pa.ArrowInvalid),
        ({**row(1), "id": None}, pa.ArrowInvalid),
    ],
)
def test_a_wrong_row_is_an_error_and_leaves_no_file(tmp_path, wrong, error):
    with pytest.raises(error):
        write_rows(tmp_path / "0.parquet", TEXTS, [row(0), wrong])
    assert list(tmp_path.iterdir()) == []


def test_an_error_in_the_block_leaves_no_file_and_keeps_the_old_one(tmp_path):
    write_rows(tmp_path / "0.parquet", TEXTS, [row(7)])
    with pytest.raises(RuntimeError), TableWriter(tmp_path / "0.parquet", TEXTS) as writer:
        writer.write(row(1))
        raise RuntimeError("stop")
    assert [p.name for p in tmp_path.iterdir()] == ["0.parquet"]
    assert [r["id"] for r in read_rows(tmp_path / "0.parquet")] == ["7"]


def test_an_arrow_table_without_a_column_is_an_error_and_leaves_no_file(tmp_path):
    with pytest.raises(KeyError), TableWriter(tmp_path / "0.parquet", TEXTS) as writer:
        writer.write_table(pa.table({"id": ["a"]}))
    assert list(tmp_path.iterdir()) == []


def test_files_come_in_the_order_of_their_numbers(tmp_path):
    for name in ("00002", "100000", "00010", "99999", ".tmp-00001", "index"):
        write_rows(tmp_path / f"{name}.parquet", TEXTS, [])
    assert [f.stem for f in files_of(tmp_path)] == ["00002", "00010", "99999", "100000"]


@pytest.mark.parametrize("folder", ["absent", "."])
def test_a_folder_without_a_table_is_an_error(tmp_path, folder):
    with pytest.raises(StageError, match="no table here"):
        files_of(tmp_path / folder)
