//! Publish/subscribe over dotted topics, with `*` and `#` wildcards and replay.

use std::collections::VecDeque;

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub sequence: u64,
    pub topic: String,
    pub payload: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token(usize);

type Handler<'a> = Box<dyn FnMut(&Event) + 'a>;

/// `*` stands for one segment, `#` as the last segment for the rest of the topic.
pub fn matches(pattern: &str, topic: &str) -> bool {
    let mut topic_segments = topic.split('.');
    let mut pattern_segments = pattern.split('.').peekable();
    while let Some(wanted) = pattern_segments.next() {
        match (wanted, topic_segments.next()) {
            ("#", _) => return pattern_segments.peek().is_none(),
            (_, None) => return false,
            ("*", Some(_)) => {}
            (literal, Some(segment)) if literal == segment => {}
            _ => return false,
        }
    }
    topic_segments.next().is_none()
}

pub struct EventBus<'a> {
    retention: usize,
    history: VecDeque<Event>,
    handlers: Vec<Option<(String, Handler<'a>)>>,
    published: u64,
}

impl<'a> EventBus<'a> {
    pub fn new(retention: usize) -> Self {
        Self { retention, history: VecDeque::with_capacity(retention), handlers: Vec::new(), published: 0 }
    }

    pub fn subscribe(&mut self, pattern: &str, handler: impl FnMut(&Event) + 'a) -> Token {
        self.handlers.push(Some((pattern.to_string(), Box::new(handler))));
        Token(self.handlers.len() - 1)
    }

    /// Like `subscribe`, after handing over at most `limit` retained events.
    pub fn catch_up<F: FnMut(&Event) + 'a>(&mut self, pattern: &str, limit: usize, mut feed: F) -> Token {
        let missed: Vec<_> = self.history.iter().filter(|event| matches(pattern, &event.topic)).collect();
        missed[missed.len().saturating_sub(limit)..].iter().for_each(|event| feed(event));
        self.subscribe(pattern, feed)
    }

    pub fn unsubscribe(&mut self, Token(slot): Token) {
        self.handlers[slot] = None;
    }

    pub fn publish(&mut self, topic: &str, payload: &str) {
        self.published += 1;
        let event = Event { sequence: self.published, topic: topic.into(), payload: payload.into() };
        for (pattern, handler) in self.handlers.iter_mut().flatten() {
            if matches(pattern, topic) {
                handler(&event);
            }
        }
        if self.history.len() == self.retention {
            self.history.pop_front();
        }
        self.history.push_back(event);
    }
}

fn main() {
    let mut bus = EventBus::new(5);
    let pilot = bus.subscribe("harbor.berth.*.arrived", |event| println!("pilot log: {}", event.payload));
    bus.publish("harbor.berth.3.arrived", "MV Petrel");
    bus.publish("harbor.crane.2.fault", "hoist brake");
    bus.unsubscribe(pilot);
    bus.catch_up("harbor.#", 2, |event| println!("tower #{}: {}", event.sequence, event.payload));
    bus.publish("harbor.berth.7.departed", "SS Gannet");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        assert!(matches("harbor.*.2", "harbor.crane.2") && !matches("harbor.*", "harbor.crane.2"));
        assert!(matches("harbor.#", "harbor") && !matches("harbor.#", "harbormaster"));
    }

    #[test]
    fn replays_what_is_retained() {
        let mut seen = Vec::new();
        let mut bus = EventBus::new(2);
        ["low", "mid", "high"].iter().for_each(|level| bus.publish("tide.level", level));
        bus.catch_up("tide.*", 9, |event| seen.push(event.sequence));
        drop(bus);
        assert_eq!(seen, [2, 3]);
    }
}
