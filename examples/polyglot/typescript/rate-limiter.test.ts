import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { FakeClock, RateLimiter, SlidingWindow, TokenBucket } from "./rate-limiter.js";

const arrivals = [0, 100, 200, 300, 400, 1200, 1300, 2600, 5100];

describe("rate limiters", () => {
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
  });

  it("replays the arrivals through a token bucket", () => {
    const bucket = new TokenBucket(3, 1000, clock);
    assert.equal(RateLimiter.replay(bucket, clock, arrivals), "AAA--A-AA");
  });

  it("replays the arrivals through a sliding window", () => {
    const window = new SlidingWindow(3, 2000, clock);
    assert.equal(RateLimiter.replay(window, clock, arrivals), "AAA----AA");
  });

  it("tells a denied client when to come back", () => {
    const window = new SlidingWindow(1, 2000, clock);
    window.request();
    clock.advance(500);
    assert.deepEqual(window.request(), { allowed: false, retryAfter: 1500 });
    clock.advance(1500);
    assert.deepEqual(window.request(), { allowed: true, remaining: 0 });
  });

  it("counts down the tokens of a burst", () => {
    const bucket = new TokenBucket(2, 250, clock);
    assert.deepEqual(bucket.request(), { allowed: true, remaining: 1 });
    assert.deepEqual(bucket.request(), { allowed: true, remaining: 0 });
    assert.deepEqual(bucket.request(), { allowed: false, retryAfter: 250 });
  });
});
