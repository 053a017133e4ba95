package main

import (
	"reflect"
	"testing"
)

func mustParse(t *testing.T, drawing string) life {
	t.Helper()
	l, err := parse(drawing)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestGliderMovesDiagonally(t *testing.T) {
	start := mustParse(t, glider)
	want := make(life)
	for c := range start {
		want[cell{c.x + 1, c.y + 1}] = struct{}{}
	}
	if got := start.advance(4); !reflect.DeepEqual(got, want) {
		t.Errorf("after 4 generations:\n%swant:\n%s", got.render(6, 6), want.render(6, 6))
	}
}

func TestPeriods(t *testing.T) {
	for _, tc := range []struct {
		name, drawing string
		period        int
	}{
		{"block", "OO\nOO", 1},
		{"blinker", "OOO", 2},
		{"toad", ".OOO\nOOO.", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := mustParse(t, tc.drawing)
			if !reflect.DeepEqual(l.advance(tc.period), l) {
				t.Errorf("does not repeat after %d generations", tc.period)
			}
		})
	}
}

func TestParseRejectsUnknownMark(t *testing.T) {
	if _, err := parse(".x."); err == nil {
		t.Error("no error for .x.")
	}
}
