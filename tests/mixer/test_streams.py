import numpy as np
import polars as pl

from contracts.languages import PARALLEL
from mixer.pack import Concatenated, Packed
from mixer.streams import BuildStreams, load_fact, load_stream, read_pool

from .conftest import table


def test_streams_on_disk_are_the_streams_in_memory(demo, tmp_path):
    pool, length = demo.tokens("concat"), 700
    work = [("go", 3), (PARALLEL, 2)]
    for rank in range(2):
        list(BuildStreams(pool, tmp_path, work, length, 7).run(rank=rank))
    for (component, epochs), kind in zip(work, (Concatenated, Packed), strict=True):
        rows = read_pool(pool, component, length if kind is Packed else None)
        whole = kind.build(rows["id"].to_list(), rows["tokens"].to_numpy(), length, 7, epochs)
        stream = load_stream(tmp_path, component, length)
        assert isinstance(stream, kind)
        for first, last in ((0, 5), (3, 4), (10, 13)):
            a, b = whole.spans(first, last), stream.spans(first, last)
            for name in ("sequence", "start", "end", "document", "token_start", "epoch", "ends_document"):
                assert np.array_equal(getattr(a, name), getattr(b, name)), name
        assert load_fact(tmp_path, component, "ids").astype(str).tolist() == rows["id"].to_list()
        assert load_fact(tmp_path, component, "start").tolist() == rows["start"].to_list()


def test_pairs_longer_than_a_sequence_are_left_out(demo):
    rows = table(demo.tokens("concat") / "tokenized").filter(pl.col("component") == PARALLEL)
    middle = int(rows["tokens"].median())
    short = read_pool(demo.tokens("concat"), PARALLEL, middle)
    assert 0 < short.height < rows.height
    assert sorted(short["id"]) == sorted(rows.filter(pl.col("tokens") <= middle)["id"])
