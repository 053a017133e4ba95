package primesieve

import (
	"fmt"
	"reflect"
	"testing"
)

func TestBetweenCounts(t *testing.T) {
	for _, tc := range []struct{ low, high, want int }{
		{0, 1, 0},
		{0, 30, 10},
		{2, 200000, 17984},
		{24, 28, 0},
	} {
		if got := len(Between(tc.low, tc.high)); got != tc.want {
			t.Errorf("Between(%d, %d): %d primes, want %d", tc.low, tc.high, got, tc.want)
		}
	}
}

func TestTwins(t *testing.T) {
	twins := Twins(10000, 10500)
	if len(twins) != 10 {
		t.Fatalf("got %d twins: %v", len(twins), twins)
	}
	if want := (Twin{10007, 10009}); twins[0] != want {
		t.Errorf("first twin is %v, want %v", twins[0], want)
	}
}

func TestFactorise(t *testing.T) {
	got, err := Factorise(600851475143)
	if err != nil {
		t.Fatal(err)
	}
	want := []Factor{{71, 1}, {839, 1}, {1471, 1}, {6857, 1}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := Factorise(0); err == nil {
		t.Error("no error for zero")
	}
}

func ExampleFactorise() {
	factors, _ := Factorise(65536 * 21)
	fmt.Println(factors)
	// Output: [2^16 3 7]
}
