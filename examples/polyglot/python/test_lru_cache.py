import pytest

from lru_cache import REQUESTS, LruCache, render


def test_stalest_page_is_evicted_first():
    cache = LruCache(2)
    cache.put("/home", "h")
    cache.put("/cart", "c")
    cache.get("/home")
    cache.put("/help", "?")
    assert "/cart" not in cache
    assert list(cache) == ["/help", "/home"]


def test_replaying_the_shop_traffic_counts_two_hits():
    cache = LruCache(3)
    for page in REQUESTS:
        if cache.get(page) is None:
            cache.put(page, render(page))
    assert (cache.stats.hits, cache.stats.misses, cache.stats.evictions) == (2, 5, 2)
    assert cache.stats.hit_ratio == pytest.approx(2 / 7)


def test_overwriting_does_not_evict():
    cache = LruCache(1)
    cache.put("/blog", "draft")
    cache.put("/blog", "final")
    assert cache.get("/blog") == "final"
    assert cache.stats.evictions == 0


@pytest.mark.parametrize("capacity", [0, -4])
def test_capacity_must_be_positive(capacity):
    with pytest.raises(ValueError):
        LruCache(capacity)
