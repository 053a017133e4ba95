import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_array

from pairing.candidates.arrays import save
from pairing.features import classes as c
from pairing.features.hashing import CLASS_MASK
from pairing.score import compare as module
from pairing.score.aspects import ASPECTS, SIMILARITIES, sums
from pairing.score.compare import CompareCandidates, similarities
from pairing.score.vectors import Vectors, load_vectors, vectors_folder

WIDTH = 40


def block(seed, documents=12):
    """Some rows, the last of them empty."""
    random = np.random.default_rng(seed)
    rows = random.random((documents, WIDTH)) * (random.random((documents, WIDTH)) < 0.4)
    rows[-1] = 0
    return rows.astype(np.float32)


def keys_of(classes):
    """The columns that hold features of some classes."""
    return np.flatnonzero(np.isin(np.arange(WIDTH) & CLASS_MASK, [c.NUMBER[name] for name in classes]))


def write(folder, language, number, rows):
    found = csr_array(rows)
    save(vectors_folder(folder, language, number), indices=found.indices, data=found.data, indptr=found.indptr)


def naive(x, y):
    squares = (x @ x) * (y @ y)
    return x @ y / np.sqrt(np.sqrt(squares) * (x @ x + y @ y) / 2) if squares else 0.0


@pytest.mark.parametrize("chunk", [5, 4096])
def test_similarity_of_rows_is_that_of_dense_vectors(monkeypatch, chunk):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    a, b = block(1), block(2)
    rows_a, rows_b = np.divmod(np.arange(144), 12)
    sides = (Vectors(csr_array(x), sums(csr_array(x.astype(float) ** 2))) for x in (a, b))
    found = similarities(*sides, rows_a, rows_b)
    assert found.shape == (144, len(SIMILARITIES))
    for column, within in enumerate([np.arange(WIDTH), *map(keys_of, ASPECTS.values())]):
        expected = [naive(a[i, within], b[j, within]) for i, j in zip(rows_a, rows_b, strict=True)]
        assert found[:, column] == pytest.approx(expected, rel=1e-5)
        assert any(expected)


def test_vectors_come_back_with_their_squared_lengths(tmp_path):
    rows = block(3)
    write(tmp_path, "go", 2, rows)
    found = load_vectors(tmp_path, "go", 2)
    assert (found.rows[:, :WIDTH].toarray() == rows).all()
    assert found.squares[:, 0] == pytest.approx((rows.astype(float) ** 2).sum(axis=1))
    shape = SIMILARITIES.index("shape")
    assert found.squares[:, shape] == pytest.approx(
        (rows[:, keys_of(ASPECTS["shape"])].astype(float) ** 2).sum(axis=1)
    )


def test_candidates_of_several_blocks_keep_their_numbers(tmp_path):
    blocks = {("python", 1): block(1), ("go", 0): block(2), ("go", 1): block(3)}
    for (language, number), rows in blocks.items():
        write(tmp_path / "vectors", language, number, rows)
    pairs = pl.DataFrame({"a": [12, 12, 15, 23], "b": [0, 13, 14, 5]})
    (tmp_path / "candidates").mkdir()
    pairs.write_parquet(tmp_path / "candidates" / "python-go-00001.parquet")
    pairs.clear().write_parquet(tmp_path / "candidates" / "python-go-00000.parquet")
    write(tmp_path / "vectors", "python", 0, block(4))
    work = [("python", "go", 0), ("python", "go", 1)]
    step = CompareCandidates(tmp_path / "vectors", tmp_path / "candidates", tmp_path / "compared", work, 12)
    for rank in range(2):
        list(step.run(rank=rank, world_size=2))
    found = pl.read_parquet(tmp_path / "compared" / "python-go-00001.parquet").sort("a", "b")
    assert found.select("a", "b").equals(pairs)
    expected = [
        naive(blocks["python", 1][a - 12], blocks["go", b // 12][b % 12])
        for a, b in pairs.select("a", "b").iter_rows()
    ]
    assert found["similarity"].to_list() == pytest.approx(expected, rel=1e-5)
    assert expected[3] == 0.0  # without any feature
    assert found["calls"].to_list() == pytest.approx(
        [
            naive(
                *(x[keys_of(ASPECTS["calls"])] for x in (blocks["python", 1][a - 12], blocks["go", b // 12][b % 12]))
            )
            for a, b in pairs.select("a", "b").iter_rows()
        ],
        rel=1e-5,
    )
    empty = pl.read_parquet(tmp_path / "compared" / "python-go-00000.parquet")
    assert (empty.height, empty.schema["similarity"]) == (0, pl.Float64)
