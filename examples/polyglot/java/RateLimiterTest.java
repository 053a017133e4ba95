import java.time.Duration;

/** Plain main-method checks of the limiters in {@link RateLimiter}. */
public class RateLimiterTest {
    private static final long[] ARRIVALS = {0, 100, 200, 300, 400, 1200, 1300, 2600, 5100};

    private static String replay(RateLimiter limiter, RateLimiter.FakeClock clock) {
        StringBuilder outcome = new StringBuilder();
        for (long arrival : ARRIVALS) {
            clock.advance(Duration.ofMillis(arrival - clock.millis()));
            outcome.append(limiter.tryAcquire() ? 'A' : '-');
        }
        return outcome.toString();
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    static void tokenBucketReplaysSampleArrivals() {
        var clock = new RateLimiter.FakeClock();
        var bucket = new RateLimiter.TokenBucket(3, Duration.ofSeconds(1), clock);
        require(replay(bucket, clock).equals("AAA--A-AA"), "token bucket replay");
    }

    static void slidingWindowReplaysSampleArrivals() {
        var clock = new RateLimiter.FakeClock();
        var window = new RateLimiter.SlidingWindow(3, Duration.ofSeconds(2), clock);
        require(replay(window, clock).equals("AAA----AA"), "sliding window replay");
    }

    static void bucketIsCappedAtItsCapacity() {
        var clock = new RateLimiter.FakeClock();
        var bucket = new RateLimiter.TokenBucket(1, Duration.ofMillis(100), clock);
        clock.advance(Duration.ofHours(1));
        require(bucket.tryAcquire(), "a full bucket lets a request through");
        require(!bucket.tryAcquire(), "an idle hour must not save up more than the capacity");
    }

    public static void main(String[] args) {
        tokenBucketReplaysSampleArrivals();
        slidingWindowReplaysSampleArrivals();
        bucketIsCappedAtItsCapacity();
        System.out.println("RateLimiterTest: 3 checks passed");
    }
}
