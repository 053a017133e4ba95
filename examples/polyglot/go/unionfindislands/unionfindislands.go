// Package unionfindislands counts the islands of a character map, where '#' is
// land and '.' is water, by means of a disjoint set.
package unionfindislands

import (
	"fmt"
	"strings"
)

// Archipelago is a sample map with six islands.
const Archipelago = `##...#..
#....##.
...#....
..##...#
#......#
#.#####.`

// DisjointSet partitions the integers from 0 up to its length.
type DisjointSet []struct{ parent, size int }

// NewDisjointSet puts each of n elements into a set of its own.
func NewDisjointSet(n int) DisjointSet {
	d := make(DisjointSet, n)
	for i := range d {
		d[i].parent, d[i].size = i, 1
	}
	return d
}

// Find returns the representative of x.
func (d DisjointSet) Find(x int) int {
	for x != d[x].parent {
		d[x].parent = d[d[x].parent].parent
		x = d[x].parent
	}
	return x
}

// Union merges the sets of x and y and reports whether they were apart.
func (d DisjointSet) Union(x, y int) bool {
	x, y = d.Find(x), d.Find(y)
	if x == y {
		return false
	}
	if d[x].size < d[y].size {
		x, y = y, x
	}
	d[y].parent = x
	d[x].size += d[y].size
	return true
}

// Survey is the outcome of counting.
type Survey struct {
	Islands int
	Largest int
}

// Count surveys a map. All its lines must be equally long.
func Count(chart string) (Survey, error) {
	rows := strings.Split(strings.TrimSpace(chart), "\n")
	width := len(rows[0])
	sets := NewDisjointSet(len(rows) * width)

	var survey Survey
	for r, row := range rows {
		if len(row) != width {
			return Survey{}, fmt.Errorf("row %d has %d squares, want %d", r, len(row), width)
		}
		for c := range row {
			if row[c] != '#' {
				continue
			}
			// Every land square is an island until it proves to be joined to another.
			survey.Islands++
			here := r*width + c
			if c > 0 && row[c-1] == '#' && sets.Union(here, here-1) {
				survey.Islands--
			}
			if r > 0 && rows[r-1][c] == '#' && sets.Union(here, here-width) {
				survey.Islands--
			}
			if size := sets[sets.Find(here)].size; size > survey.Largest {
				survey.Largest = size
			}
		}
	}
	return survey, nil
}
