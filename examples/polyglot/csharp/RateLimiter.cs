using System;
using System.Collections.Generic;
using System.Linq;

namespace Polyglot;

/// <summary>Base of the rate limiters; time comes from a <see cref="TimeProvider"/>.</summary>
public abstract class RateLimiter
{
    protected RateLimiter(TimeProvider time) => Time = time;

    protected TimeProvider Time { get; }

    public abstract bool TryAcquire();

    /// <summary>Holds up to a fixed number of tokens and earns one every interval.</summary>
    public sealed class TokenBucket : RateLimiter
    {
        private readonly int _capacity;
        private readonly TimeSpan _interval;
        private double _tokens;
        private DateTimeOffset _lastRefill;

        public TokenBucket(int capacity, TimeSpan interval, TimeProvider time)
            : base(time)
        {
            _capacity = capacity;
            _interval = interval;
            _tokens = capacity;
            _lastRefill = time.GetUtcNow();
        }

        public override bool TryAcquire()
        {
            var now = Time.GetUtcNow();
            _tokens = Math.Min(_capacity, _tokens + (now - _lastRefill) / _interval);
            _lastRefill = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens -= 1;
            return true;
        }
    }

    /// <summary>Admits at most a number of requests within any window of time.</summary>
    public sealed class SlidingWindow : RateLimiter
    {
        private readonly int _limit;
        private readonly TimeSpan _window;
        private readonly Queue<DateTimeOffset> _admitted = new();

        public SlidingWindow(int limit, TimeSpan window, TimeProvider time)
            : base(time) => (_limit, _window) = (limit, window);

        public override bool TryAcquire()
        {
            var now = Time.GetUtcNow();
            while (_admitted.TryPeek(out var oldest) && now - oldest >= _window)
            {
                _admitted.Dequeue();
            }

            if (_admitted.Count == _limit)
            {
                return false;
            }

            _admitted.Enqueue(now);
            return true;
        }
    }

    /// <summary>A clock that stands still between calls of <see cref="Advance"/>.</summary>
    public sealed class FakeClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan step) => _now += step;
    }

    public static void Main()
    {
        int[] arrivals = { 0, 100, 200, 300, 400, 1200, 1300, 2600, 5100 };
        var factories = new Dictionary<string, Func<TimeProvider, RateLimiter>>
        {
            ["token bucket"] = time => new TokenBucket(3, TimeSpan.FromSeconds(1), time),
            ["sliding window"] = time => new SlidingWindow(3, TimeSpan.FromSeconds(2), time),
        };

        foreach (var (name, create) in factories)
        {
            var clock = new FakeClock();
            var limiter = create(clock);
            var outcome = arrivals.Select(arrival =>
            {
                clock.Advance(DateTimeOffset.UnixEpoch.AddMilliseconds(arrival) - clock.GetUtcNow());
                return limiter.TryAcquire() ? 'A' : '-';
            });
            Console.WriteLine($"{name,-15}{string.Concat(outcome)}");
        }
    }
}
