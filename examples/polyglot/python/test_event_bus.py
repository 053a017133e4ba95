"""Tests for the event bus."""

from event_bus import EventBus, compile_pattern


def matches(pattern, topic):
    return compile_pattern(pattern).fullmatch(topic) is not None


def test_star_is_exactly_one_segment():
    assert matches("harbor.berth.*.arrived", "harbor.berth.3.arrived")
    assert not matches("harbor.berth.*.arrived", "harbor.berth.arrived")
    assert not matches("harbor.*", "harbor.crane.2")


def test_hash_takes_the_rest():
    assert matches("harbor.#", "harbor")
    assert matches("harbor.#", "harbor.crane.2.fault")
    assert not matches("harbor.#", "harbormaster")
    assert matches("#", "anything.at.all")


def test_late_subscriber_gets_replay_in_order():
    bus = EventBus(retention=3)
    for number in range(5):
        bus.publish("tide.level", number)
    seen = []
    bus.subscribe("tide.*", lambda event: seen.append(event.payload), replay=2)
    bus.publish("tide.level", 5)
    assert seen == [3, 4, 5]


def test_unsubscribed_handler_is_silent():
    bus = EventBus()
    token = bus.subscribe("tide.level", print)
    assert bus.unsubscribe(token)
    assert not bus.unsubscribe(token)
    assert bus.publish("tide.level") == 0


def test_failing_handler_does_not_stop_delivery():
    bus = EventBus()
    seen = []
    bus.subscribe("#", lambda event: 1 / 0)
    bus.subscribe("#", seen.append)
    assert bus.publish("fog.horn") == 2
    assert len(seen) == len(bus.dead_letters) == 1
