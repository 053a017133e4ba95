package main

import "testing"

func TestShareRoundsHalfUp(t *testing.T) {
	for _, tc := range []struct{ cents, percent, want int64 }{
		{10, 5, 1},
		{13299, 5, 665},
		{13999, 5, 700},
		{999, 0, 0},
	} {
		if got := share(tc.cents, tc.percent); got != tc.want {
			t.Errorf("share(%d, %d) = %d, want %d", tc.cents, tc.percent, got, tc.want)
		}
	}
}

func TestDiscountPercent(t *testing.T) {
	tiers := map[int64]int64{0: 0, 19999: 0, 20000: 2, 50000: 5, 99999: 5, 100000: 10}
	for subtotal, want := range tiers {
		if got := discountPercent(subtotal); got != want {
			t.Errorf("discountPercent(%d) = %d, want %d", subtotal, got, want)
		}
	}
}

func TestComputeSample(t *testing.T) {
	got := Compute(sample)
	want := Totals{Subtotal: 74899, Discount: 3745, Total: 81281, Percent: 5}
	want.Tax[Standard], want.Tax[Reduced] = 9462, 665
	if got != want {
		t.Fatalf("Compute(sample) = %+v, want %+v", got, want)
	}
}
