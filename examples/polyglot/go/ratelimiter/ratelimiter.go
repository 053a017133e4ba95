// Package ratelimiter offers a token bucket and a sliding window limiter. Both
// read the time from a Clock, so that tests need not sleep.
package ratelimiter

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// SystemClock is the Clock of the operating system.
type SystemClock struct{}

// Now returns time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// FakeClock is a Clock that is moved by hand. Its zero value is usable.
type FakeClock struct {
	elapsed time.Duration
}

// Now returns the current fake time.
func (c *FakeClock) Now() time.Time { return time.Unix(0, 0).Add(c.elapsed) }

// Advance moves the clock forward by d.
func (c *FakeClock) Advance(d time.Duration) { c.elapsed += d }

// Limiter decides about single requests.
type Limiter interface {
	Allow() bool
}

// TokenBucket permits bursts up to its capacity and a steady rate beyond.
type TokenBucket struct {
	mu       sync.Mutex
	clock    Clock
	capacity float64
	every    time.Duration
	tokens   float64
	last     time.Time
}

// NewTokenBucket returns a full bucket that earns a token every interval.
func NewTokenBucket(clock Clock, capacity int, every time.Duration) *TokenBucket {
	full := float64(capacity)
	return &TokenBucket{clock: clock, capacity: full, every: every, tokens: full, last: clock.Now()}
}

// Allow takes a token if there is one.
func (b *TokenBucket) Allow() bool {
	b.mu.Lock()
	defer b.mu.Unlock()

	now := b.clock.Now()
	b.tokens += float64(now.Sub(b.last)) / float64(b.every)
	if b.tokens > b.capacity {
		b.tokens = b.capacity
	}
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// SlidingWindow permits a fixed number of requests in any window of time. It
// keeps the times of the latest requests in a ring.
type SlidingWindow struct {
	mu     sync.Mutex
	clock  Clock
	window time.Duration
	ring   []time.Time
	next   int
}

// NewSlidingWindow returns a limiter for limit requests per window.
func NewSlidingWindow(clock Clock, limit int, window time.Duration) *SlidingWindow {
	return &SlidingWindow{clock: clock, window: window, ring: make([]time.Time, limit)}
}

// Allow records the request and reports whether it fits in the window.
func (w *SlidingWindow) Allow() bool {
	w.mu.Lock()
	defer w.mu.Unlock()

	now := w.clock.Now()
	oldest := w.ring[w.next]
	if !oldest.IsZero() && now.Sub(oldest) < w.window {
		return false
	}
	w.ring[w.next] = now
	w.next = (w.next + 1) % len(w.ring)
	return true
}
