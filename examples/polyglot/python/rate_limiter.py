"""Two rate limiters, a token bucket and a sliding window log, driven by an injectable clock."""
from collections import deque
from typing import Callable, Protocol

Clock = Callable[[], float]  # seconds, never going backwards


class RateLimiter(Protocol):
    def allow(self) -> bool: ...


class FakeClock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("time does not run backwards")
        self.now += seconds


class TokenBucket:
    """Lets bursts of up to capacity through, then refill_rate requests a second."""

    def __init__(self, capacity: int, refill_rate: float, clock: Clock) -> None:
        self.capacity = capacity
        self.refill_rate = refill_rate
        self._clock = clock
        self._tokens = float(capacity)
        self._refilled_at = clock()

    def _refill(self) -> None:
        now = self._clock()
        earned = (now - self._refilled_at) * self.refill_rate
        self._tokens = min(self.capacity, self._tokens + earned)
        self._refilled_at = now

    def allow(self) -> bool:
        self._refill()
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def retry_after(self) -> float:
        """Seconds until a whole token will be there."""
        self._refill()
        return max(0.0, 1 - self._tokens) / self.refill_rate


class SlidingWindow:
    """Allows at most limit requests in any stretch of window seconds."""

    def __init__(self, limit: int, window: float, clock: Clock) -> None:
        self.limit = limit
        self.window = window
        self._clock = clock
        self._log: deque[float] = deque()

    def allow(self) -> bool:
        now = self._clock()
        while self._log and self._log[0] <= now - self.window:
            self._log.popleft()
        if len(self._log) >= self.limit:
            return False
        self._log.append(now)
        return True


ARRIVALS_MS = (0, 100, 200, 300, 400, 1200, 1300, 2600, 5100)


def replay(make_limiter: Callable[[Clock], RateLimiter]) -> str:
    """One character per arrival: A for allowed, - for denied."""
    clock = FakeClock()
    limiter = make_limiter(clock)
    outcome = ""
    for arrival in ARRIVALS_MS:
        clock.advance(arrival / 1000 - clock.now)
        outcome += "A" if limiter.allow() else "-"
    return outcome


if __name__ == "__main__":
    print("token bucket  ", replay(lambda clock: TokenBucket(3, 1.0, clock)))
    print("sliding window", replay(lambda clock: SlidingWindow(3, 2.0, clock)))
