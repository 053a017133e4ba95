package jsonreader

import (
	"errors"
	"reflect"
	"testing"
)

const station = `{
  "station": "Kestrel Point",
  "elevation": 412.5,
  "active": true,
  "sensors": [{"id": 7, "unit": "\u00b0C"}, {"id": 9, "unit": null}]
}`

func TestReadStation(t *testing.T) {
	got, err := Read(station)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"station":   "Kestrel Point",
		"elevation": 412.5,
		"active":    true,
		"sensors": []any{
			map[string]any{"id": 7.0, "unit": "\u00b0C"},
			map[string]any{"id": 9.0, "unit": nil},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Read(station) = %v, want %v", got, want)
	}
}

func TestErrorPositions(t *testing.T) {
	for _, tc := range []struct {
		broken       string
		line, column int
	}{
		{`{"id": 7,, }`, 1, 10},
		{"[1,\n 2", 2, 3},
		{`{"a": tru}`, 1, 7},
		{"01", 1, 2},
	} {
		_, err := Read(tc.broken)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Read(%q): got %v, want a SyntaxError", tc.broken, err)
		} else if syntax.Line != tc.line || syntax.Column != tc.column {
			t.Errorf("Read(%q): error at %d:%d, want %d:%d", tc.broken, syntax.Line, syntax.Column, tc.line, tc.column)
		}
	}
}
