package biginteger

import (
	"errors"
	"fmt"
	"testing"
)

func TestAddCarries(t *testing.T) {
	got := MustParse("99999999999999999999").Add(MustParse("1"))
	if want := "100000000000000000000"; got.String() != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestMul(t *testing.T) {
	tests := []struct{ x, y, want string }{
		{"123456789123456789", "987654321987654321", "121932631356500531347203169112635269"},
		{"0", "777", "0"},
		{"0012", "0012", "144"},
	}
	for _, tt := range tests {
		t.Run(tt.x+"*"+tt.y, func(t *testing.T) {
			if got := MustParse(tt.x).Mul(MustParse(tt.y)).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for _, s := range []string{"", "-5", "12a", "1 000"} {
		if _, err := Parse(s); !errors.Is(err, ErrSyntax) {
			t.Errorf("Parse(%q) = %v", s, err)
		}
	}
}

func ExampleFactorial() {
	fmt.Println(Factorial(30))
	// Output: 265252859812191058636308480000000
}
