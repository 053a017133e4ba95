/**
 * LRU cache with hit statistics.
 *
 * A JavaScript Map remembers insertion order, so deleting and re-inserting a key
 * is all it takes to mark it as freshly used: the first key is always the stalest.
 */
import { fileURLToPath } from "node:url";

export class LruCache {
  #entries = new Map();
  #counts = { hits: 0, misses: 0, evictions: 0 };

  constructor(capacity) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity must be a positive integer, got ${capacity}`);
    }
    this.capacity = capacity;
  }

  get size() {
    return this.#entries.size;
  }

  get stats() {
    const { hits, misses } = this.#counts;
    const hitRatio = hits + misses === 0 ? 0 : hits / (hits + misses);
    return { ...this.#counts, hitRatio };
  }

  has(key) {
    return this.#entries.has(key);
  }

  get(key) {
    if (!this.#entries.has(key)) {
      this.#counts.misses += 1;
      return undefined;
    }
    this.#counts.hits += 1;
    const value = this.#entries.get(key);
    this.#touch(key, value);
    return value;
  }

  set(key, value) {
    this.#touch(key, value);
    if (this.#entries.size > this.capacity) {
      const [stalest] = this.#entries.keys();
      this.#entries.delete(stalest);
      this.#counts.evictions += 1;
    }
    return this;
  }

  #touch(key, value) {
    this.#entries.delete(key);
    this.#entries.set(key, value);
  }

  newestFirst() {
    return [...this.#entries.keys()].reverse();
  }
}

/** Serves each requested page through the cache and returns one log line per request. */
export function serve(cache, requests) {
  return requests.map((path) => {
    const cached = cache.get(path);
    if (cached !== undefined) return `${path}: from cache`;
    cache.set(path, `<h1>${path.slice(1)}</h1>`);
    return `${path}: rendered`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pages = new LruCache(3);
  const log = serve(pages, ["/home", "/cart", "/help", "/home", "/blog", "/cart", "/home"]);
  console.log(log.join("\n"));
  console.table(pages.stats);
  console.log("newest first:", pages.newestFirst().join(" "));
}
