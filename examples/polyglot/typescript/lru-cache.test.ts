import assert from "node:assert/strict";
import { test } from "node:test";

import { LruCache, hitRatio } from "./lru-cache.js";

const keysOf = <K>(cache: LruCache<K, unknown>): K[] => [...cache].map(([key]) => key);

test("the oldest page is evicted when the cache is full", () => {
  const cache = new LruCache<string, number>(2);
  for (const path of ["/home", "/cart", "/home", "/help"]) {
    cache.getOrCompute(path, (p) => p.length);
  }
  assert.deepEqual(keysOf(cache), ["/help", "/home"]);
  assert.equal(cache.stats.evictions, 1);
});

test("a hit does not compute again", () => {
  const cache = new LruCache<string, string>(1);
  let renders = 0;
  const render = (): string => `version ${++renders}`;
  cache.getOrCompute("/blog", render);
  assert.equal(cache.getOrCompute("/blog", render), "version 1");
  assert.equal(renders, 1);
});

test("hit ratio of an unused cache is zero", () => {
  assert.equal(hitRatio(new LruCache<string, string>(5).stats), 0);
  assert.equal(hitRatio({ hits: 3, misses: 1, evictions: 0 }), 0.75);
});
