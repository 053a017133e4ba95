//! Token bucket and sliding window rate limiters that never look at the real time themselves.

use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Duration;

pub trait Clock {
    fn now(&self) -> Duration;
}

#[derive(Default)]
pub struct FakeClock(Cell<Duration>);

impl FakeClock {
    pub fn set(&self, time: Duration) {
        debug_assert!(time >= self.0.get(), "time runs forward only");
        self.0.set(time);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        self.0.get()
    }
}

pub trait RateLimiter {
    fn try_acquire(&mut self) -> bool;
}

pub struct TokenBucket<'c, C> {
    clock: &'c C,
    capacity: f64,
    tokens_per_second: f64,
    tokens: f64,
    refilled: Duration,
}

impl<'c, C: Clock> TokenBucket<'c, C> {
    pub fn new(clock: &'c C, capacity: u32, tokens_per_second: f64) -> Self {
        let capacity = f64::from(capacity);
        TokenBucket { clock, capacity, tokens_per_second, tokens: capacity, refilled: clock.now() }
    }
}

impl<C: Clock> RateLimiter for TokenBucket<'_, C> {
    fn try_acquire(&mut self) -> bool {
        let now = self.clock.now();
        let elapsed = now.saturating_sub(self.refilled).as_secs_f64();
        self.tokens = (self.tokens + elapsed * self.tokens_per_second).min(self.capacity);
        self.refilled = now;
        let allowed = self.tokens >= 1.0;
        if allowed {
            self.tokens -= 1.0;
        }
        allowed
    }
}

pub struct SlidingWindow<'c, C> {
    clock: &'c C,
    limit: usize,
    window: Duration,
    accepted: VecDeque<Duration>,
}

impl<'c, C: Clock> SlidingWindow<'c, C> {
    pub fn new(clock: &'c C, limit: usize, window: Duration) -> Self {
        SlidingWindow { clock, limit, window, accepted: VecDeque::with_capacity(limit) }
    }
}

impl<C: Clock> RateLimiter for SlidingWindow<'_, C> {
    fn try_acquire(&mut self) -> bool {
        let now = self.clock.now();
        self.accepted.retain(|&at| at + self.window > now);
        if self.accepted.len() == self.limit {
            return false;
        }
        self.accepted.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVALS: [u64; 9] = [0, 100, 200, 300, 400, 1200, 1300, 2600, 5100];

    fn replay(clock: &FakeClock, mut limiter: impl RateLimiter) -> String {
        let mut outcome = |&millis: &u64| {
            clock.set(Duration::from_millis(millis));
            if limiter.try_acquire() { 'A' } else { '-' }
        };
        ARRIVALS.iter().map(|millis| outcome(millis)).collect()
    }

    #[test]
    fn sample_arrivals() {
        let clock = FakeClock::default();
        assert_eq!(replay(&clock, TokenBucket::new(&clock, 3, 1.0)), "AAA--A-AA");
        let clock = FakeClock::default();
        assert_eq!(replay(&clock, SlidingWindow::new(&clock, 3, Duration::from_secs(2))), "AAA----AA");
    }
}
