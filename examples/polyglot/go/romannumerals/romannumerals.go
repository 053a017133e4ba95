// Package romannumerals converts integers to Roman numerals and back.
package romannumerals

import (
	"fmt"
	"math"
	"strings"
)

// Max is the largest number that can be written, MMMCMXCIX.
const Max = 3999

var symbols = []struct {
	value int
	text  string
}{
	{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"},
	{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"},
	{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
}

// RangeError is a number with no Roman numeral.
type RangeError int

func (e RangeError) Error() string {
	return fmt.Sprintf("roman: %d is not between 1 and %d", int(e), Max)
}

// Format writes n as a numeral: Format(1994) is "MCMXCIV".
func Format(n int) (string, error) {
	if n < 1 || n > Max {
		return "", RangeError(n)
	}
	return format(n), nil
}

func format(n int) string {
	var b strings.Builder
	for _, s := range symbols {
		b.WriteString(strings.Repeat(s.text, n/s.value))
		n %= s.value
	}
	return b.String()
}

// Parse reads a numeral in upper case and rejects every spelling that Format would not produce.
func Parse(numeral string) (int, error) {
	n, rest := 0, numeral
	for _, s := range symbols {
		for strings.HasPrefix(rest, s.text) {
			rest = strings.TrimPrefix(rest, s.text)
			n += s.value
		}
	}
	if rest != "" || n == 0 || n > Max || format(n) != numeral {
		return 0, fmt.Errorf("roman: invalid numeral %q", numeral)
	}
	return n, nil
}

// ClockFace draws the hours around a circle. As on most dials, four is IIII.
func ClockFace(radius int) string {
	width := 4*radius + 6
	rows := make([][]byte, 2*radius+1)
	for i := range rows {
		rows[i] = []byte(strings.Repeat(" ", width))
	}
	for hour := 1; hour <= 12; hour++ {
		label := format(hour)
		if hour == 4 {
			label = "IIII"
		}
		sin, cos := math.Sincos(float64(hour) * math.Pi / 6)
		y := math.Round(float64(radius) * (1 - cos))
		x := math.Round(float64(2*radius)*(1+sin)) + 3
		copy(rows[int(y)][int(x)-len(label)/2:], label)
	}
	var face strings.Builder
	for _, row := range rows {
		face.WriteString(strings.TrimRight(string(row), " ") + "\n")
	}
	return face.String()
}
