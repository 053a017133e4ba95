// Package primesieve finds primes with a segmented sieve of Eratosthenes and
// uses them to look for twin primes and to factorise integers.
package primesieve

import (
	"fmt"
	"math"
)

const segmentSize = 1 << 15

// Twin is a pair of primes two apart.
type Twin struct{ P, Q int }

// Factor is a prime raised to a power.
type Factor struct {
	Prime, Exponent int
}

func (f Factor) String() string {
	if f.Exponent == 1 {
		return fmt.Sprint(f.Prime)
	}
	return fmt.Sprintf("%d^%d", f.Prime, f.Exponent)
}

// Between returns the primes p with low <= p <= high.
func Between(low, high int) []int {
	if high < 2 {
		return nil
	}
	if low < 2 {
		low = 2
	}
	small := upTo(int(math.Sqrt(float64(high))))
	var primes []int
	for start := low; start <= high; start += segmentSize {
		seg := make([]bool, segmentSize)
		if left := high - start + 1; left < segmentSize {
			seg = seg[:left]
		}
		for _, p := range small {
			first := (start + p - 1) / p * p
			if first < p*p {
				first = p * p
			}
			for i := first - start; i < len(seg); i += p {
				seg[i] = true
			}
		}
		for i, struck := range seg {
			if !struck {
				primes = append(primes, start+i)
			}
		}
	}
	return primes
}

// upTo is the classic sieve for the small primes that strike out each segment.
func upTo(limit int) (primes []int) {
	composite := make([]bool, limit+1)
	for n := 2; n <= limit; n++ {
		if composite[n] {
			continue
		}
		primes = append(primes, n)
		for m := n * n; m <= limit; m += n {
			composite[m] = true
		}
	}
	return primes
}

// Twins lists the twin primes of the range.
func Twins(low, high int) []Twin {
	var twins []Twin
	last := 0
	for _, p := range Between(low, high) {
		if last != 0 && p-last == 2 {
			twins = append(twins, Twin{last, p})
		}
		last = p
	}
	return twins
}

// Factorise returns the prime powers of n in ascending order. It reports an
// error unless n is positive.
func Factorise(n int) ([]Factor, error) {
	if n < 1 {
		return nil, fmt.Errorf("primesieve: cannot factorise %d", n)
	}
	var factors []Factor
	for d := 2; n > 1; d++ {
		if d*d > n {
			d = n
		}
		f := Factor{Prime: d}
		for n%d == 0 {
			n /= d
			f.Exponent++
		}
		if f.Exponent > 0 {
			factors = append(factors, f)
		}
	}
	return factors, nil
}
