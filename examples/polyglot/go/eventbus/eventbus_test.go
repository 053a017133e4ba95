package eventbus

import (
	"reflect"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, topic string
		want           bool
	}{
		{"harbor.berth.*.arrived", "harbor.berth.3.arrived", true},
		{"harbor.berth.*.arrived", "harbor.berth.3", false},
		{"harbor.*", "harbor.crane.2", false},
		{"harbor.#", "harbor", true},
		{"harbor.#", "harbor.crane.2.fault", true},
		{"harbor.#.fault", "harbor.crane.fault", false},
		{"#", "tide.level", true},
	}
	for _, tt := range tests {
		t.Run(tt.pattern+"/"+tt.topic, func(t *testing.T) {
			got := match(strings.Split(tt.pattern, "."), strings.Split(tt.topic, "."))
			if got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func drain(s *Subscription) (payloads []any) {
	s.Cancel()
	for ev := range s.C {
		payloads = append(payloads, ev.Payload)
	}
	return payloads
}

func TestReplayThenLive(t *testing.T) {
	bus := New(3)
	for _, ship := range []string{"MV Petrel", "SS Gannet", "MV Dunlin", "SS Knot"} {
		bus.Publish("harbor.berth.3.arrived", ship)
	}
	sub := bus.Subscribe("harbor.#", 1, 2)
	bus.Publish("harbor.crane.2.fault", "hoist brake")
	if dropped := bus.Publish("harbor.crane.2.cleared", nil); dropped != 1 {
		t.Errorf("dropped = %d, want 1 for a full buffer", dropped)
	}
	want := []any{"MV Dunlin", "SS Knot", "hoist brake"}
	if got := drain(sub); !reflect.DeepEqual(got, want) {
		t.Errorf("received %v, want %v", got, want)
	}
}
