/**
 * Rate limiters as closures. Each factory takes a `now` function returning milliseconds, which
 * is Date.now in production and a fake clock in a simulation.
 */

export function createFakeClock(start = 0) {
  let time = start;
  return {
    now: () => time,
    tick(milliseconds) {
      time += milliseconds;
    },
    jumpTo(moment) {
      if (moment < time) throw new RangeError(`cannot go back from ${time} to ${moment}`);
      time = moment;
    },
  };
}

/** Burst of `capacity` requests, refilled with `tokensPerSecond`. */
export function tokenBucket({ capacity, tokensPerSecond, now = Date.now }) {
  let tokens = capacity;
  let updated = now();

  return function tryTake(cost = 1) {
    const current = now();
    tokens = Math.min(capacity, tokens + ((current - updated) / 1000) * tokensPerSecond);
    updated = current;
    if (tokens < cost) {
      return { allowed: false, retryAfter: Math.ceil(((cost - tokens) / tokensPerSecond) * 1000) };
    }
    tokens -= cost;
    return { allowed: true, retryAfter: 0 };
  };
}

/** At most `limit` requests in the last `windowMs` milliseconds. */
export function slidingWindow({ limit, windowMs, now = Date.now }) {
  let timestamps = [];

  return function tryTake() {
    const current = now();
    timestamps = timestamps.filter((timestamp) => timestamp > current - windowMs);
    if (timestamps.length >= limit) {
      return { allowed: false, retryAfter: timestamps[0] + windowMs - current };
    }
    timestamps.push(current);
    return { allowed: true, retryAfter: 0 };
  };
}

export const ARRIVALS = [0, 100, 200, 300, 400, 1200, 1300, 2600, 5100];

export function simulate(createLimiter) {
  const clock = createFakeClock();
  const tryTake = createLimiter(clock.now);
  return ARRIVALS.map((arrival) => {
    clock.jumpTo(arrival);
    return { arrival, ...tryTake() };
  });
}

export function report(title, requests) {
  console.log(title);
  for (const { arrival, allowed, retryAfter } of requests) {
    const verdict = allowed ? 'allowed' : `denied, retry in ${retryAfter} ms`;
    console.log(`  ${String(arrival).padStart(5)} ms  ${verdict}`);
  }
}

report('token bucket', simulate((now) => tokenBucket({ capacity: 3, tokensPerSecond: 1, now })));
report('sliding window', simulate((now) => slidingWindow({ limit: 3, windowMs: 2000, now })));
