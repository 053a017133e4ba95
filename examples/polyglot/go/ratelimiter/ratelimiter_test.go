package ratelimiter

import (
	"testing"
	"time"
)

func replay(clock *FakeClock, limiter Limiter) string {
	arrivals := []time.Duration{0, 100, 200, 300, 400, 1200, 1300, 2600, 5100}
	outcome := make([]byte, len(arrivals))
	for i, arrival := range arrivals {
		clock.Advance(arrival*time.Millisecond - clock.elapsed)
		outcome[i] = '-'
		if limiter.Allow() {
			outcome[i] = 'A'
		}
	}
	return string(outcome)
}

func TestReplay(t *testing.T) {
	tests := []struct {
		name string
		make func(Clock) Limiter
		want string
	}{
		{"token bucket", func(c Clock) Limiter { return NewTokenBucket(c, 3, time.Second) }, "AAA--A-AA"},
		{"sliding window", func(c Clock) Limiter { return NewSlidingWindow(c, 3, 2*time.Second) }, "AAA----AA"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clock := new(FakeClock)
			if got := replay(clock, tt.make(clock)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestBucketIsCapped(t *testing.T) {
	clock := new(FakeClock)
	bucket := NewTokenBucket(clock, 1, 10*time.Millisecond)
	clock.Advance(time.Hour)
	if !bucket.Allow() {
		t.Fatal("a full bucket denied a request")
	}
	if bucket.Allow() {
		t.Fatal("the bucket held more than its capacity")
	}
}
