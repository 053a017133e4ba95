import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixer.checks.pool_index import BUCKET_ROWS, UNKNOWN, build_index
from mixer.streams.shuffle import draws

FACTS = np.dtype([("size", "<i4"), ("known", "?")])


def made(folder, number: int, buckets: int):
    """An index of random ids in so many buckets, with the number of each id as its size."""
    ids = np.array([f"{a:016x}{b:016x}" for a, b in draws(np.arange(2 * number), 7).reshape(-1, 2).tolist()], "S32")
    facts = np.zeros(number, FACTS)
    facts["size"] = np.arange(number)
    parts = [(ids[i::3], facts[i::3]) for i in range(3)]
    return ids, build_index(folder, parts, buckets * BUCKET_ROWS, FACTS)


@pytest.mark.parametrize("buckets", [1, 2, 16, 700])
def test_every_id_is_found_with_its_facts_however_many_buckets_sort_them(tmp_path, buckets):
    ids, index = made(tmp_path, 3000, buckets)
    assert len(index) == 3000
    assert (index.ids[1:] > index.ids[:-1]).all()
    assert index.facts["size"][index.rows(ids)].tolist() == list(range(3000))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts.bin", "ids.bin"]


@pytest.mark.parametrize("name", [b"", b"0", b"f" * 32, b"g" * 40])
def test_an_id_that_is_not_there_is_unknown(tmp_path, name):
    ids, index = made(tmp_path, 50, 1)
    assert index.rows(np.array([name, ids[3], ids[4] + b"0"])).tolist()[::2] == [UNKNOWN, UNKNOWN]


def test_nothing_is_found_in_an_empty_index(tmp_path):
    index = build_index(tmp_path, [], 0, FACTS)
    assert index.rows(np.array([b"a", b"b"])).tolist() == [UNKNOWN, UNKNOWN]
    assert index.repeated() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.sampled_from("abcdefgh"), max_size=20))
def test_ids_that_stand_twice_are_named(tmp_path, names):
    index = build_index(tmp_path, [(np.array(names, "S32"), np.zeros(len(names), FACTS))], len(names), FACTS)
    assert index.repeated() == sorted({name for name in names if names.count(name) > 1})[:3]
