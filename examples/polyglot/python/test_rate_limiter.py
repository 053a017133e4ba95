import pytest

from rate_limiter import FakeClock, SlidingWindow, TokenBucket, replay


@pytest.fixture
def clock():
    return FakeClock()


def test_bucket_allows_a_burst_up_to_its_capacity(clock):
    bucket = TokenBucket(3, 1.0, clock)
    assert [bucket.allow() for _ in range(4)] == [True, True, True, False]


def test_bucket_never_holds_more_than_its_capacity(clock):
    bucket = TokenBucket(2, 10.0, clock)
    clock.advance(3600)
    assert [bucket.allow() for _ in range(3)] == [True, True, False]


def test_retry_after_tells_when_a_token_is_back(clock):
    bucket = TokenBucket(1, 0.5, clock)
    assert bucket.retry_after() == 0
    bucket.allow()
    clock.advance(0.5)
    assert bucket.retry_after() == pytest.approx(1.5)


def test_window_forgets_requests_that_slid_out(clock):
    window = SlidingWindow(1, 2.0, clock)
    assert window.allow()
    clock.advance(1.75)
    assert not window.allow()
    clock.advance(0.25)
    assert window.allow()


def test_replay_of_the_sample_arrivals():
    assert replay(lambda clock: TokenBucket(3, 1.0, clock)) == "AAA--A-AA"
    assert replay(lambda clock: SlidingWindow(3, 2.0, clock)) == "AAA----AA"


def test_clock_refuses_to_go_backwards(clock):
    with pytest.raises(ValueError):
        clock.advance(-1)
