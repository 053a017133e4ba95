package editdistance

import (
	"fmt"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		source, target string
		want           int
	}{
		{"kitten", "sitting", 3},
		{"saturday", "sunday", 3},
		{"flaw", "lawn", 2},
		{"", "rhythm", 6},
		{"library", "library", 0},
	} {
		if got := Distance(tc.source, tc.target); got != tc.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", tc.source, tc.target, got, tc.want)
		}
	}
}

func ExampleAlign() {
	fmt.Println(Align("saturday", "sunday"))
	// Output:
	// saturday
	// |  |*|||
	// s--unday
}

func ExampleSuggest() {
	for _, typo := range []string{"recieve", "seperate", "definately", "libary", "xylophone"} {
		fmt.Println(typo, Suggest(typo, 2))
	}
	// Output:
	// recieve [receive]
	// seperate [separate]
	// definately [definitely]
	// libary [library]
	// xylophone []
}
