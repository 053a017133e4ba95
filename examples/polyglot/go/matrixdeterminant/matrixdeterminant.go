// Command matrixdeterminant factors a matrix into LU form, then reports its
// determinant and the solution of a linear system.
package main

import (
	"errors"
	"fmt"
	"log"
	"math"
)

var (
	errNotSquare = errors.New("matrix is not square")
	errSingular  = errors.New("matrix is singular")
)

// luFactors stores L (below the diagonal) and U (on and above it) together.
type luFactors struct {
	rows [][]float64
	perm []int
	sign float64
}

func factor(m [][]float64) (*luFactors, error) {
	n := len(m)
	f := &luFactors{rows: make([][]float64, n), perm: make([]int, n), sign: 1}
	for i, row := range m {
		if len(row) != n {
			return nil, errNotSquare
		}
		f.rows[i] = append([]float64(nil), row...)
		f.perm[i] = i
	}

	for k := 0; k < n; k++ {
		p := k
		for i := k; i < n; i++ {
			if math.Abs(f.rows[i][k]) > math.Abs(f.rows[p][k]) {
				p = i
			}
		}
		if math.Abs(f.rows[p][k]) < 1e-12 {
			return nil, fmt.Errorf("column %d: %w", k, errSingular)
		}
		if p != k {
			f.rows[p], f.rows[k] = f.rows[k], f.rows[p]
			f.perm[p], f.perm[k] = f.perm[k], f.perm[p]
			f.sign = -f.sign
		}
		pivotRow := f.rows[k]
		for _, row := range f.rows[k+1:] {
			row[k] /= pivotRow[k]
			for j := k + 1; j < n; j++ {
				row[j] -= row[k] * pivotRow[j]
			}
		}
	}
	return f, nil
}

func (f *luFactors) det() float64 {
	d := f.sign
	for i := range f.rows {
		d *= f.rows[i][i]
	}
	return d
}

func (f *luFactors) solve(b []float64) []float64 {
	x := make([]float64, len(f.rows))
	for i, row := range f.rows {
		x[i] = b[f.perm[i]]
		for j := 0; j < i; j++ {
			x[i] -= row[j] * x[j]
		}
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := i + 1; j < len(x); j++ {
			x[i] -= f.rows[i][j] * x[j]
		}
		x[i] /= f.rows[i][i]
	}
	return x
}

func main() {
	a := [][]float64{
		{2, -1, 3, 0},
		{4, 1, -2, 5},
		{-6, 2, 1, -1},
		{3, 0, 4, 2},
	}
	lu, err := factor(a)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("det = %.4f\n", lu.det())
	fmt.Printf("x   = %.3f\n", lu.solve([]float64{13, -1.5, -7.5, 16}))

	if _, err := factor([][]float64{{1, 2}, {2, 4}}); errors.Is(err, errSingular) {
		fmt.Println("dependent rows:", err)
	}
}
