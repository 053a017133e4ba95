import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pairing.candidates.arrays import load, save
from pairing.candidates.postings import Index, Postings, bounds, merge_postings, partition_folder
from pairing.candidates.search import proposals
from pairing.candidates.weights import WIDTH

FEATURES = np.array([0, 3, WIDTH // 2 - 1, WIDTH // 2, WIDTH - 1])


def parts_of(dense: np.ndarray, block: int, low: int, high: int) -> list[tuple[np.ndarray, ...]]:
    """What the blocks of a matrix of documents by FEATURES hold of a range of features."""
    parts = []
    for first in range(0, len(dense), block):
        rows, columns = np.nonzero(dense[first : first + block])
        order = np.lexsort((rows, columns))
        rows, columns = rows[order], columns[order]
        inside = (FEATURES[columns] >= low) & (FEATURES[columns] < high)
        rows, columns = rows[inside] + first, columns[inside]
        parts.append((FEATURES[columns].astype(np.int32), rows.astype(np.int32), dense[rows, columns]))
    return parts


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.data(), st.integers(1, 4), st.integers(1, 3), st.integers(1, 9))
def test_an_index_in_any_number_of_blocks_and_files_holds_the_transposed_matrix(
    tmp_path_factory, documents, data, block, partitions, longest
):
    size = documents * len(FEATURES)
    values = data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    dense = np.array(values, np.float32).reshape(documents, len(FEATURES))
    folder = tmp_path_factory.mktemp("index")
    left_out = 0
    for number, (low, high) in enumerate(zip(bounds(partitions)[:-1], bounds(partitions)[1:], strict=True)):
        made, more = merge_postings(parts_of(dense, block, low, high), longest)
        left_out += more
        arrays = {name: getattr(made, name) for name in Postings.__slots__}
        save(partition_folder(folder, "go", number), **arrays)
    short = (dense > 0).sum(axis=0) <= longest
    assert left_out == int((~short).sum())
    index = Index(folder, "go", partitions, documents)
    wanted = np.sort(np.r_[FEATURES, 7])  # one that no document has
    has = np.isin(wanted, FEATURES)
    found = index.matrix(wanted).toarray()
    assert found[has].tolist() == (dense * short).T.tolist()
    assert not found[~has].any()
    assert index.frequency(wanted)[has].tolist() == ((dense > 0).sum(axis=0) * short).tolist()


def test_queries_find_the_documents_that_share_most(tmp_path):
    dense = np.array([[1, 0, 1, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 0, 1]], np.float32)
    made, _ = merge_postings(parts_of(dense, 2, 0, WIDTH), 10)
    save(partition_folder(tmp_path, "go", 0), **{name: getattr(made, name) for name in Postings.__slots__})
    queries = csr_array(
        (np.ones(4, np.float32), FEATURES[[0, 1, 2, 3]].astype(np.int32), [0, 3, 3, 4]), shape=(3, WIDTH)
    )
    index = Index(tmp_path, "go", 1, 3)
    assert proposals(queries, index, 1).tolist() == [[0, 1]]
    assert proposals(queries, index, 5).tolist() == [[0, 0], [0, 1]]


def test_arrays_come_back_as_they_were(tmp_path):
    save(tmp_path / "a", numbers=np.arange(5, dtype=np.int32), nothing=np.empty((0, 3), np.float32))
    assert load(tmp_path / "a", "numbers").tolist() == [0, 1, 2, 3, 4]
    assert load(tmp_path / "a", "nothing").shape == (0, 3)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "a", "other")
