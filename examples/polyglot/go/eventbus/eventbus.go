// Package eventbus is an in-process publish/subscribe hub with wildcard topics.
//
// Topics are dotted names. In a subscription "*" matches one segment and a final
// "#" matches any number of remaining segments, including none.
package eventbus

import (
	"strings"
	"sync"
)

// Event is one published message. Seq starts at 1.
type Event struct {
	Seq     uint64
	Topic   string
	Payload any
}

// Bus must be created with New. It is safe for concurrent use.
type Bus struct {
	mu     sync.Mutex
	seq    uint64
	ring   []Event
	subs   map[*Subscription]struct{}
	retain int
}

// Subscription delivers events on C until Cancel is called.
type Subscription struct {
	C       <-chan Event
	ch      chan Event
	pattern []string
	bus     *Bus
}

// New returns a bus which keeps the last retain events for replay.
func New(retain int) *Bus {
	return &Bus{subs: make(map[*Subscription]struct{}), retain: retain}
}

// Publish sends the event to all matching subscribers. A subscriber whose buffer
// is full misses the event; Publish returns the number of such drops.
func (b *Bus) Publish(topic string, payload any) (dropped int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	ev := Event{b.seq, topic, payload}
	if b.ring = append(b.ring, ev); len(b.ring) > b.retain {
		b.ring = b.ring[1:]
	}
	segments := strings.Split(topic, ".")
	for s := range b.subs {
		if match(s.pattern, segments) && !s.offer(ev) {
			dropped++
		}
	}
	return dropped
}

// Subscribe registers a pattern. Up to replay retained events are queued first.
func (b *Bus) Subscribe(pattern string, buffer, replay int) *Subscription {
	ch := make(chan Event, buffer+replay)
	s := &Subscription{C: ch, ch: ch, pattern: strings.Split(pattern, "."), bus: b}
	b.mu.Lock()
	defer b.mu.Unlock()
	var missed []Event
	for _, ev := range b.ring {
		if match(s.pattern, strings.Split(ev.Topic, ".")) {
			missed = append(missed, ev)
		}
	}
	for i, ev := range missed {
		if len(missed)-i <= replay {
			s.offer(ev)
		}
	}
	b.subs[s] = struct{}{}
	return s
}

// Cancel ends the subscription and closes C. It may be called more than once.
func (s *Subscription) Cancel() {
	s.bus.mu.Lock()
	defer s.bus.mu.Unlock()
	if _, active := s.bus.subs[s]; active {
		delete(s.bus.subs, s)
		close(s.ch)
	}
}

func (s *Subscription) offer(ev Event) bool {
	select {
	case s.ch <- ev:
		return true
	default:
	}
	return false
}

func match(pattern, topic []string) bool {
	for i, want := range pattern {
		if want == "#" {
			return i == len(pattern)-1
		}
		if i >= len(topic) || want != "*" && want != topic[i] {
			return false
		}
	}
	return len(pattern) == len(topic)
}
