"""A least-recently-used cache that keeps count of its hits, misses and evictions.

The demo replays the page requests of a tiny web shop against a cache with room
for three rendered pages.
"""

from collections import OrderedDict
from dataclasses import dataclass

REQUESTS = ["/home", "/cart", "/help", "/home", "/blog", "/cart", "/home"]


@dataclass
class CacheStats:
    hits: int = 0
    misses: int = 0
    evictions: int = 0

    @property
    def hit_ratio(self):
        lookups = self.hits + self.misses
        return self.hits / lookups if lookups else 0.0


class LruCache:
    """Mapping bounded to ``capacity`` entries; the stalest entry makes way for a new one."""

    def __init__(self, capacity):
        if capacity < 1:
            raise ValueError(f"capacity must be positive, got {capacity}")
        self.capacity = capacity
        self.stats = CacheStats()
        self._entries = OrderedDict()

    def __len__(self):
        return len(self._entries)

    def __contains__(self, key):
        # A peek: neither freshens the entry nor touches the statistics.
        return key in self._entries

    def __iter__(self):
        """Keys from the most to the least recently used."""
        return reversed(self._entries)

    def get(self, key, default=None):
        try:
            self._entries.move_to_end(key)
        except KeyError:
            self.stats.misses += 1
            return default
        self.stats.hits += 1
        return self._entries[key]

    def put(self, key, value):
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self.capacity:
            self._entries.popitem(last=False)
            self.stats.evictions += 1


def render(page):
    return f"<h1>{page.lstrip('/').title()}</h1>"


def main():
    cache = LruCache(3)
    for page in REQUESTS:
        html = cache.get(page)
        if html is None:
            html = render(page)
            cache.put(page, html)
            print(f"miss {page:<6} rendered {html}")
        else:
            print(f"hit  {page}")
    stats = cache.stats
    print(f"{stats.hits} hits, {stats.misses} misses, {stats.evictions} evictions")
    print(f"hit ratio {stats.hit_ratio:.1%}, newest first: {', '.join(cache)}")


if __name__ == "__main__":
    main()
