using System;
using System.Linq;
using Xunit;

namespace Polyglot;

public class RateLimiterTests
{
    private static readonly int[] GapsInMilliseconds = { 0, 100, 100, 100, 100, 800, 100, 1300, 2500 };

    private readonly RateLimiter.FakeClock _clock = new();

    private string Replay(RateLimiter limiter) => string.Concat(GapsInMilliseconds.Select(gap =>
    {
        _clock.Advance(TimeSpan.FromMilliseconds(gap));
        return limiter.TryAcquire() ? "A" : "-";
    }));

    [Fact]
    public void TokenBucketRefillsWhileTimePasses()
    {
        var bucket = new RateLimiter.TokenBucket(3, TimeSpan.FromSeconds(1), _clock);
        Assert.Equal("AAA--A-AA", Replay(bucket));
    }

    [Fact]
    public void SlidingWindowForgetsOldRequests()
    {
        var window = new RateLimiter.SlidingWindow(3, TimeSpan.FromSeconds(2), _clock);
        Assert.Equal("AAA----AA", Replay(window));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void TokenBucketIsCapped(int capacity)
    {
        var bucket = new RateLimiter.TokenBucket(capacity, TimeSpan.FromMilliseconds(10), _clock);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(capacity, Enumerable.Range(0, 100).Count(_ => bucket.TryAcquire()));
    }
}
