// Package jsonreader decodes JSON into map[string]any, []any, string, float64, bool and nil.
package jsonreader

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// SyntaxError says what was wrong and at which line and column, both counted from 1.
type SyntaxError struct {
	Line, Column int
	Msg          string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg) }

var scalar = regexp.MustCompile(`^(true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)`)
var quoted = regexp.MustCompile(`^"([^"\\\x00-\x1f]|\\.)*"`)
var slash = strings.NewReplacer(`\\`, `\\`, `\/`, `/`) // all that Unquote lacks

type decoder struct {
	text string
	pos  int
}

// Read decodes exactly one document.
func Read(text string) (v any, err error) {
	d := &decoder{text: text + "\x00"}
	defer func() { err, _ = recover().(error) }() // from fail
	if v = d.value(); d.peek() != 0 {
		d.fail("unexpected data after the document")
	}
	return v, nil
}

func (d *decoder) fail(format string, args ...any) {
	seen := d.text[:d.pos]
	line, column := strings.Count(seen, "\n")+1, d.pos-strings.LastIndexByte(seen, '\n')
	panic(&SyntaxError{line, column, fmt.Sprintf(format, args...)})
}

// peek skips blanks and returns the next byte, or 0 at the end.
func (d *decoder) peek() byte {
	rest := strings.TrimLeft(d.text[d.pos:], " \t\r\n")
	d.pos = len(d.text) - len(rest)
	return rest[0]
}

func (d *decoder) accept(c byte) (found bool) {
	if found = d.peek() == c; found {
		d.pos++
	}
	return found
}

func (d *decoder) value() any {
	switch c := d.peek(); {
	case c == '{':
		object := map[string]any{}
		d.list('}', func() {
			key := d.str()
			if !d.accept(':') {
				d.fail("expected ':' after %q", key)
			}
			object[key] = d.value()
		})
		return object
	case c == '[':
		array := []any{}
		d.list(']', func() { array = append(array, d.value()) })
		return array
	case c == '"':
		return d.str()
	}
	word := scalar.FindString(d.text[d.pos:])
	d.pos += len(word)
	switch word {
	case "":
		d.fail("expected a value")
	case "true", "false":
		return word == "true"
	case "null":
		return nil
	}
	f, _ := strconv.ParseFloat(word, 64)
	return f
}

func (d *decoder) list(closing byte, item func()) {
	d.pos++ // the opening bracket
	for n := 0; !d.accept(closing); n++ {
		if n > 0 && !d.accept(',') {
			d.fail("expected ',' or '%c'", closing)
		}
		item()
	}
}

func (d *decoder) str() string {
	d.peek()
	literal := quoted.FindString(d.text[d.pos:])
	s, err := strconv.Unquote(slash.Replace(literal))
	if err != nil {
		d.fail("malformed string")
	}
	d.pos += len(literal)
	return s
}
