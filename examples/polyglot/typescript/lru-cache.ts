/** Least-recently-used cache: a hash index over a doubly linked list, with hit statistics. */

export interface CacheStats {
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
}

interface ListNode<K, V> {
  readonly key: K;
  value: V;
  newer: ListNode<K, V> | null;
  older: ListNode<K, V> | null;
}

export class LruCache<K, V> implements Iterable<[K, V]> {
  private readonly index = new Map<K, ListNode<K, V>>();
  private newest: ListNode<K, V> | null = null;
  private oldest: ListNode<K, V> | null = null;
  private hits = 0;
  private misses = 0;
  private evictions = 0;

  constructor(readonly capacity: number) {
    if (capacity < 1) throw new RangeError("an LRU cache needs room for at least one entry");
  }

  /** Looks the key up; on a miss the value is computed, stored and returned. */
  getOrCompute(key: K, compute: (key: K) => V): V {
    const node = this.index.get(key);
    if (node) {
      this.hits++;
      this.unlink(node);
      this.pushNewest(node);
      return node.value;
    }
    this.misses++;
    if (this.index.size === this.capacity) this.evictOldest();
    const fresh: ListNode<K, V> = { key, value: compute(key), newer: null, older: null };
    this.index.set(key, fresh);
    this.pushNewest(fresh);
    return fresh.value;
  }

  get stats(): CacheStats {
    return { hits: this.hits, misses: this.misses, evictions: this.evictions };
  }

  *[Symbol.iterator](): Iterator<[K, V]> {
    for (let node = this.newest; node; node = node.older) yield [node.key, node.value];
  }

  private evictOldest(): void {
    const victim = this.oldest;
    if (!victim) return;
    this.unlink(victim);
    this.index.delete(victim.key);
    this.evictions++;
  }

  private pushNewest(node: ListNode<K, V>): void {
    node.newer = null;
    node.older = this.newest;
    if (this.newest) this.newest.newer = node;
    this.newest = node;
    this.oldest ??= node;
  }

  private unlink(node: ListNode<K, V>): void {
    if (node.newer) node.newer.older = node.older;
    else this.newest = node.older;
    if (node.older) node.older.newer = node.newer;
    else this.oldest = node.newer;
  }
}

export function hitRatio({ hits, misses }: CacheStats): number {
  return hits === 0 ? 0 : hits / (hits + misses);
}

export function demo(log: (line: string) => void = console.log): void {
  const requests = ["/home", "/cart", "/help", "/home", "/blog", "/cart", "/home"] as const;
  const pages = new LruCache<string, string>(3);
  for (const path of requests) {
    pages.getOrCompute(path, (missing) => {
      log(`rendering ${missing}`);
      return `<h1>${missing.slice(1)}</h1>`;
    });
  }
  const { hits, misses, evictions } = pages.stats;
  log(`hits=${hits} misses=${misses} evictions=${evictions}`);
  log(`hit ratio ${(100 * hitRatio(pages.stats)).toFixed(1)}%`);
  for (const [path, html] of pages) log(`  still cached: ${path} ${html}`);
}
