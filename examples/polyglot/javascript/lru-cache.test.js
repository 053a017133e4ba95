import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { LruCache, serve } from "./lru-cache.js";

describe("LruCache", () => {
  it("drops the page nobody asked for lately", () => {
    const cache = new LruCache(2).set("/home", 1).set("/cart", 2);
    cache.get("/home");
    cache.set("/help", 3);
    assert.equal(cache.has("/cart"), false);
    assert.deepEqual(cache.newestFirst(), ["/help", "/home"]);
  });

  it("counts what the shop traffic did", () => {
    const cache = new LruCache(3);
    serve(cache, ["/home", "/cart", "/help", "/home", "/blog", "/cart", "/home"]);
    const { hits, misses, evictions } = cache.stats;
    assert.deepEqual({ hits, misses, evictions }, { hits: 2, misses: 5, evictions: 2 });
  });

  it("keeps its size when a page is overwritten", () => {
    const cache = new LruCache(2).set("/blog", "draft").set("/blog", "final");
    assert.equal(cache.size, 1);
    assert.equal(cache.get("/blog"), "final");
  });

  it("refuses silly capacities", () => {
    for (const capacity of [0, -1, 2.5, "3"]) {
      assert.throws(() => new LruCache(capacity), RangeError);
    }
  });
});
