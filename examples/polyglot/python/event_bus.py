"""An in-process event bus with wildcard topics and replay for late subscribers.

Topics are dotted paths.  In a pattern ``*`` stands for exactly one segment and a
closing ``#`` for everything that is left, even nothing.
"""

import re
from collections import deque
from contextlib import contextmanager
from itertools import count
from typing import Any, Callable, NamedTuple


class Event(NamedTuple):
    sequence: int
    topic: str
    payload: Any


Handler = Callable[[Event], None]


def compile_pattern(pattern: str) -> re.Pattern:
    head, hash_sign, tail = pattern.partition("#")
    if tail or (hash_sign and head and not head.endswith(".")):
        raise ValueError(f"'#' must be the last segment: {pattern!r}")
    segments = [
        r"[^.]+" if segment == "*" else re.escape(segment)
        for segment in head.rstrip(".").split(".")
    ]
    body = r"\.".join(segments)
    if not hash_sign:
        return re.compile(body)
    return re.compile(rf"{body}(\..+)?" if head else ".*")


class EventBus:
    def __init__(self, retention: int = 100) -> None:
        self._history: deque[Event] = deque(maxlen=retention)
        self._subscriptions: dict[int, tuple[re.Pattern, Handler]] = {}
        self._sequence = count(1)
        self._tokens = count(1)
        self.dead_letters: list[tuple[Event, Exception]] = []

    def publish(self, topic: str, payload: Any = None) -> int:
        """Deliver to every matching subscriber; return how many there were."""
        event = Event(next(self._sequence), topic, payload)
        self._history.append(event)
        matching = [
            handler
            for pattern, handler in self._subscriptions.values()
            if pattern.fullmatch(topic)
        ]
        for handler in matching:
            self._deliver(handler, event)
        return len(matching)

    def subscribe(self, pattern: str, handler: Handler, *, replay: int = 0) -> int:
        """Register a handler, first feeding it the last ``replay`` retained matches."""
        compiled = compile_pattern(pattern)
        if replay:
            missed = [event for event in self._history if compiled.fullmatch(event.topic)]
            for event in missed[-replay:]:
                self._deliver(handler, event)
        token = next(self._tokens)
        self._subscriptions[token] = (compiled, handler)
        return token

    def unsubscribe(self, token: int) -> bool:
        return self._subscriptions.pop(token, None) is not None

    @contextmanager
    def listening(self, pattern: str, handler: Handler):
        token = self.subscribe(pattern, handler)
        try:
            yield self
        finally:
            self.unsubscribe(token)

    def _deliver(self, handler: Handler, event: Event) -> None:
        try:
            handler(event)
        except Exception as error:  # one bad subscriber must not starve the others
            self.dead_letters.append((event, error))


def main() -> None:
    bus = EventBus(retention=5)
    bus.subscribe("harbor.berth.*.arrived", lambda e: print("pilot log:", e.topic, e.payload))
    bus.publish("harbor.berth.3.arrived", "MV Petrel")
    bus.publish("harbor.berth.7.departed", "SS Gannet")
    bus.publish("harbor.crane.2.fault", "hoist brake")
    bus.subscribe("harbor.#", lambda e: print(f"tower #{e.sequence}:", e.payload), replay=2)
    with bus.listening("harbor.crane.#", lambda e: 1 / 0):
        bus.publish("harbor.crane.2.cleared")
    for event, error in bus.dead_letters:
        print(f"undelivered {event.topic}: {error}")


if __name__ == "__main__":
    main()
