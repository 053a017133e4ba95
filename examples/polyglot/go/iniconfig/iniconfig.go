// Package iniconfig reads INI files whose values may refer to one another as ${section.key}.
package iniconfig

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Errors returned by the lookups, to be tested with errors.Is.
var (
	ErrNotFound = errors.New("setting not found")
	ErrCycle    = errors.New("interpolation cycle")
)

// Config maps sections to keys to values that are not yet interpolated.
type Config map[string]map[string]string

// Parse reads a configuration such as
//
//	; deployment of the weather archive
//	[paths]
//	root = /srv/archive
//	logs = ${paths.root}/logs
//	[job]
//	output = ${paths.logs}/nightly-8043.txt
func Parse(r io.Reader) (Config, error) {
	cfg := Config{}
	var section map[string]string
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "", line[0] == ';', line[0] == '#':
		case line[0] == '[' && line[len(line)-1] == ']':
			name := strings.TrimSpace(line[1 : len(line)-1])
			if cfg[name] == nil {
				cfg[name] = map[string]string{}
			}
			section = cfg[name]
		default:
			key, value, ok := strings.Cut(line, "=")
			if !ok || section == nil {
				return nil, fmt.Errorf("line %d: expected key = value in a section, got %q", n, line)
			}
			section[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return cfg, lines.Err()
}

// Get returns the interpolated value of "section.key".
func (c Config) Get(name string) (string, error) {
	return c.resolve(name, nil)
}

// Int is Get for whole numbers such as server.port.
func (c Config) Int(name string) (int, error) {
	text, err := c.Get(name)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

func (c Config) resolve(name string, active []string) (string, error) {
	for _, other := range active {
		if other == name {
			return "", fmt.Errorf("%w: %s -> %s", ErrCycle, strings.Join(active, " -> "), name)
		}
	}
	section, key, _ := strings.Cut(name, ".")
	value, ok := c[section][key]
	if !ok {
		return "", fmt.Errorf("%w: %s", ErrNotFound, name)
	}
	var failure error
	expanded := os.Expand(value, func(reference string) string {
		text, err := c.resolve(reference, append(active, name))
		if err != nil && failure == nil {
			failure = err
		}
		return text
	})
	return expanded, failure
}
