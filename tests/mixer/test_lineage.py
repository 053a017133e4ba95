import numpy as np
import pyarrow.parquet as pq
import pytest

from contracts import manifest as manifests
from contracts.languages import PARALLEL
from contracts.schema import LINEAGE
from mixer.lineage import lineage_frame, lineage_of
from mixer.shards import padding_of
from mixer.streams.files import StreamRef
from mixer.streams.sequences import Spans

from .conftest import make
from .pools import write_pool


def test_rows_are_those_of_the_spans(tmp_path):
    np.save(tmp_path / "ids.npy", np.array([b"a", b"bcd"]))
    spans = Spans(
        sequence=np.array([0, 0, 1]),
        start=np.array([0, 3, 0]),
        end=np.array([3, 8, 8]),
        document=np.array([1, -1, 0]),
        token_start=np.array([4, -1, 0]),
        epoch=np.array([2, 0, 3], np.int32),
        ends_document=np.array([True, False, True]),
    )
    frame = lineage_frame(spans, StreamRef("go", tmp_path, 11, None), np.array([40, 47]), 5)
    assert frame.columns == LINEAGE.names
    assert frame.rows() == [
        (40, "go", 5, 2, 0, 3, "bcd", 4, True),
        (40, "go", 5, 0, 3, 8, "", -1, False),
        (47, "go", 6, 3, 0, 8, "a", 0, True),
    ]


@pytest.fixture(scope="module")
def mixtures(tmp_path_factory):
    pool = write_pool(
        tmp_path_factory.mktemp("lineage"), {"go": [30] * 20, "go->rust": [25] * 9, "rust->go": [38] * 9}
    )
    options = {"sequence_length": 64, "shard_tokens": 256, "proportions": {"go": 0.5, PARALLEL: 0.5}}
    return [make(pool.layout, output=output, name=output, **options) for output in ("shards", "view")]


@pytest.mark.parametrize("which", [0, 1])
def test_any_range_of_sequences_is_cut_from_the_whole(mixtures, which):
    made = mixtures[which]
    manifest, total = manifests.read(made.folder), made.counts["sequences"]
    whole = lineage_of(made.folder, manifest, 0, total)
    assert whole["sequence"].unique().sort().to_list() == list(range(total))
    for first in range(total):
        for last in {first + 1, min(first + 5, total), total}:
            part = lineage_of(made.folder, manifest, first, last)
            assert part.equals(whole.filter((whole["sequence"] >= first) & (whole["sequence"] < last)))


def test_shards_hold_the_table_of_the_schema_and_the_padding_of_each_sequence(mixtures):
    shards = mixtures[0]
    files = sorted((shards.folder / "lineage").glob("*.parquet"))
    assert len(files) > 2
    assert all(pq.read_schema(file).equals(LINEAGE.schema) for file in files)
    total = shards.counts["sequences"]
    rows = lineage_of(shards.folder, manifests.read(shards.folder), 0, total)
    padding = np.zeros(total, int)
    for sequence, start, end, document in rows.select("sequence", "start", "end", "document_id").iter_rows():
        padding[sequence] += 0 if document else end - start
    assert padding.any()
    assert np.load(shards.folder / "padding.npy").tolist() == padding.tolist() == padding_of(files, total).tolist()
