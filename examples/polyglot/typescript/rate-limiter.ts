/** Token bucket and sliding window rate limiting with an explicit clock. */

export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
}

export class FakeClock implements Clock {
  constructor(private time = 0) {}

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

export type Verdict = { allowed: true; remaining: number } | { allowed: false; retryAfter: number };

export abstract class RateLimiter {
  protected constructor(protected readonly clock: Clock) {}

  abstract request(): Verdict;

  /** Replays arrival times and writes A for an allowed and - for a denied request. */
  static replay(limiter: RateLimiter, clock: FakeClock, arrivals: readonly number[]): string {
    return arrivals
      .map((arrival) => {
        clock.advance(arrival - clock.now());
        return limiter.request().allowed ? "A" : "-";
      })
      .join("");
  }
}

export class TokenBucket extends RateLimiter {
  private tokens: number;
  private lastRefill: number;

  constructor(
    private readonly capacity: number,
    private readonly refillEvery: number,
    clock: Clock,
  ) {
    super(clock);
    this.tokens = capacity;
    this.lastRefill = clock.now();
  }

  request(): Verdict {
    this.refill();
    if (this.tokens < 1) {
      return { allowed: false, retryAfter: (1 - this.tokens) * this.refillEvery };
    }
    this.tokens -= 1;
    return { allowed: true, remaining: Math.floor(this.tokens) };
  }

  private refill(): void {
    const now = this.clock.now();
    this.tokens = Math.min(this.capacity, this.tokens + (now - this.lastRefill) / this.refillEvery);
    this.lastRefill = now;
  }
}

export class SlidingWindow extends RateLimiter {
  private readonly log: number[] = [];

  constructor(
    private readonly limit: number,
    private readonly windowLength: number,
    clock: Clock,
  ) {
    super(clock);
  }

  request(): Verdict {
    const now = this.clock.now();
    const firstLive = this.log.findIndex((time) => time > now - this.windowLength);
    this.log.splice(0, firstLive === -1 ? this.log.length : firstLive);
    if (this.log.length >= this.limit) {
      return { allowed: false, retryAfter: this.log[0] + this.windowLength - now };
    }
    this.log.push(now);
    return { allowed: true, remaining: this.limit - this.log.length };
  }
}
