// Command sudokusolver fills in a sudoku by backtracking, with the digits
// already used in every row, column and box kept as bits.
package main

import (
	"fmt"
	"math/bits"
	"os"
)

const allDigits uint16 = 1<<9 - 1

var puzzle = [9]string{
	"....7..1.",
	".294.6...",
	"6..5....4",
	"..1.....5",
	"9.4.5..3.",
	"..8...4.6",
	"...82.5..",
	".3.76...8",
	"8........",
}

type board struct {
	digit             [9][9]int
	rows, cols, boxes [9]uint16
	guesses           int
}

func parse(lines [9]string) (*board, error) {
	b := new(board)
	for r, line := range lines {
		if len(line) != 9 {
			return nil, fmt.Errorf("line %d: want 9 cells, have %d", r+1, len(line))
		}
		for c, ch := range line {
			if ch == '.' {
				continue
			}
			d := int(ch - '0')
			if d < 1 || d > 9 || b.candidates(r, c)&(1<<(d-1)) == 0 {
				return nil, fmt.Errorf("line %d column %d: bad clue %q", r+1, c+1, ch)
			}
			b.set(r, c, d)
		}
	}
	return b, nil
}

func (b *board) candidates(r, c int) uint16 {
	return allDigits &^ (b.rows[r] | b.cols[c] | b.boxes[r/3*3+c/3])
}

// set writes digit d, or clears the cell if it holds d already.
func (b *board) set(r, c, d int) {
	mask := uint16(1) << (d - 1)
	b.rows[r] ^= mask
	b.cols[c] ^= mask
	b.boxes[r/3*3+c/3] ^= mask
	b.digit[r][c] ^= d
}

// tightest finds the empty cell with the fewest candidates.
func (b *board) tightest() (row, col int, found bool) {
	best := 10
	for r := range b.digit {
		for c, d := range b.digit[r] {
			if d != 0 {
				continue
			}
			if n := bits.OnesCount16(b.candidates(r, c)); n < best {
				best, row, col, found = n, r, c, true
			}
		}
	}
	return
}

func (b *board) solve() bool {
	r, c, open := b.tightest()
	if !open {
		return true
	}
	for mask := b.candidates(r, c); mask != 0; mask &= mask - 1 {
		d := bits.TrailingZeros16(mask) + 1
		b.guesses++
		b.set(r, c, d)
		if b.solve() {
			return true
		}
		b.set(r, c, d)
	}
	return false
}

func main() {
	b, err := parse(puzzle)
	if err != nil || !b.solve() {
		fmt.Fprintln(os.Stderr, "no solution:", err)
		os.Exit(1)
	}
	for _, row := range b.digit {
		fmt.Println(row)
	}
	fmt.Println("guesses:", b.guesses)
}
