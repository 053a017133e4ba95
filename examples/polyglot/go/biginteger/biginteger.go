// Package biginteger does pencil-and-paper arithmetic on natural numbers of
// unlimited length, one decimal digit per slice element.
package biginteger

import (
	"errors"
	"strconv"
	"strings"
)

// ErrSyntax is returned by Parse for anything but a run of decimal digits.
var ErrSyntax = errors.New("biginteger: invalid number")

// Int is a natural number. Digit i counts 10^i; the zero value is 0.
type Int struct {
	digits []uint8
}

// Parse reads a decimal number.
func Parse(s string) (Int, error) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return Int{}, ErrSyntax
	}
	z := Int{make([]uint8, len(s))}
	for i := range z.digits {
		z.digits[i] = s[len(s)-1-i] - '0'
	}
	return z.norm(), nil
}

// MustParse is like Parse but panics on bad input.
func MustParse(s string) Int {
	z, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return z
}

func (x Int) norm() Int {
	n := len(x.digits)
	for n > 0 && x.digits[n-1] == 0 {
		n--
	}
	return Int{x.digits[:n]}
}

// Add returns x + y.
func (x Int) Add(y Int) Int {
	if len(x.digits) < len(y.digits) {
		x, y = y, x
	}
	sum := make([]uint8, 0, len(x.digits)+1)
	var carry uint8
	for i, d := range x.digits {
		d += carry
		if i < len(y.digits) {
			d += y.digits[i]
		}
		sum = append(sum, d%10)
		carry = d / 10
	}
	return Int{append(sum, carry)}.norm()
}

// Mul returns x * y by long multiplication.
func (x Int) Mul(y Int) Int {
	product := make([]uint8, len(x.digits)+len(y.digits))
	for i, a := range x.digits {
		var carry uint8
		for j, b := range y.digits {
			t := product[i+j] + a*b + carry
			product[i+j], carry = t%10, t/10
		}
		product[i+len(y.digits)] = carry
	}
	return Int{product}.norm()
}

// Factorial returns n!.
func Factorial(n int) Int {
	z := MustParse("1")
	for k := 2; k <= n; k++ {
		z = z.Mul(MustParse(strconv.Itoa(k)))
	}
	return z
}

// String formats x in decimal.
func (x Int) String() string {
	if len(x.digits) == 0 {
		return "0"
	}
	var b strings.Builder
	for i := len(x.digits) - 1; i >= 0; i-- {
		b.WriteByte('0' + x.digits[i])
	}
	return b.String()
}
