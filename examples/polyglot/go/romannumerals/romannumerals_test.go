package romannumerals

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestKnownYears(t *testing.T) {
	years := map[int]string{44: "XLIV", 1066: "MLXVI", 1994: "MCMXCIV", 2024: "MMXXIV", 3999: "MMMCMXCIX"}
	for year, want := range years {
		if got, err := Format(year); err != nil || got != want {
			t.Errorf("Format(%d) = %q, %v; want %q", year, got, err, want)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	for n := 1; n <= Max; n++ {
		if got, err := Parse(format(n)); err != nil || got != n {
			t.Fatalf("Parse(%q) = %d, %v; want %d", format(n), got, err, n)
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, numeral := range []string{"", "IIX", "VV", "MMMM", "IC", "ABC"} {
		if n, err := Parse(numeral); err == nil {
			t.Errorf("Parse(%q) = %d, want an error", numeral, n)
		}
	}
	var outside RangeError
	if _, err := Format(4000); !errors.As(err, &outside) || int(outside) != 4000 {
		t.Errorf("Format(4000): unexpected error %v", err)
	}
}

func TestClockFace(t *testing.T) {
	hours := strings.Fields(ClockFace(6))
	if len(hours) != 12 || strings.Contains(strings.Join(hours, " "), "IV ") {
		t.Errorf("unexpected hours: %v", hours)
	}
}

func ExampleFormat() {
	numeral, _ := Format(2024)
	fmt.Println(numeral)
	// Output: MMXXIV
}
