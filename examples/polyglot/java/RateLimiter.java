import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;

/** Decides whether a request may pass right now. */
public interface RateLimiter {
    boolean tryAcquire();

    /** Starts full and earns tokens at a steady pace; each request costs one token. */
    final class TokenBucket implements RateLimiter {
        private final Clock clock;
        private final int capacity;
        private final Duration refillInterval;
        private double tokens;
        private Instant lastRefill;

        public TokenBucket(int capacity, Duration refillInterval, Clock clock) {
            this.capacity = capacity;
            this.refillInterval = refillInterval;
            this.clock = clock;
            this.tokens = capacity;
            this.lastRefill = clock.instant();
        }

        @Override
        public synchronized boolean tryAcquire() {
            Instant now = clock.instant();
            double earned = (double) Duration.between(lastRefill, now).toNanos() / refillInterval.toNanos();
            tokens = Math.min(capacity, tokens + earned);
            lastRefill = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    /** Remembers when requests passed and counts those of the last {@code window}. */
    final class SlidingWindow implements RateLimiter {
        private final Clock clock;
        private final int limit;
        private final Duration window;
        private final Deque<Instant> passed = new ArrayDeque<>();

        public SlidingWindow(int limit, Duration window, Clock clock) {
            this.limit = limit;
            this.window = window;
            this.clock = clock;
        }

        @Override
        public synchronized boolean tryAcquire() {
            Instant now = clock.instant();
            Instant horizon = now.minus(window);
            passed.removeIf(instant -> !instant.isAfter(horizon));
            return passed.size() < limit && passed.add(now);
        }
    }

    /** A clock for tests and simulations, standing still until it is advanced. */
    final class FakeClock extends Clock {
        private Instant now = Instant.EPOCH;

        public void advance(Duration step) {
            now = now.plus(step);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the fake clock always runs in UTC");
        }
    }

    static void main(String[] args) {
        FakeClock clock = new FakeClock();
        RateLimiter bucket = new TokenBucket(3, Duration.ofSeconds(1), clock);
        RateLimiter window = new SlidingWindow(3, Duration.ofSeconds(2), clock);
        int[] arrivals = {0, 100, 200, 300, 400, 1200, 1300, 2600, 5100};
        System.out.println("millis  bucket  window");
        for (int arrival : arrivals) {
            clock.advance(Duration.ofMillis(arrival - clock.millis()));
            System.out.printf("%6d  %-6s  %-6s%n", arrival,
                    bucket.tryAcquire() ? "pass" : "wait", window.tryAcquire() ? "pass" : "wait");
        }
    }
}
