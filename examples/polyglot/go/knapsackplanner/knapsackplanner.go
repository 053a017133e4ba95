// Command knapsackplanner picks the gear for a hiking trip so that the
// rucksack stays under its weight limit and is as useful as possible.
package main

import (
	"flag"
	"fmt"
	"os"
	"text/tabwriter"
)

// gear is something to pack; its weight is in hectograms.
type gear struct {
	name   string
	weight int
	value  int
}

var closet = []gear{
	{"tent", 18, 60},
	{"stove", 6, 34},
	{"sleeping bag", 12, 55},
	{"rain jacket", 5, 38},
	{"camera", 9, 22},
	{"water filter", 3, 30},
	{"paperback", 4, 8},
	{"head torch", 2, 19},
	{"first aid kit", 3, 28},
	{"trekking poles", 5, 17},
	{"bear canister", 11, 25},
	{"binoculars", 7, 12},
}

// plan solves the 0/1 knapsack and returns the packed items in their
// original order together with their total value.
func plan(items []gear, capacity int) (packed []gear, value int) {
	best := make([][]int, len(items)+1)
	best[0] = make([]int, capacity+1)
	for i, it := range items {
		row := append([]int(nil), best[i]...)
		for room := it.weight; room <= capacity; room++ {
			if v := best[i][room-it.weight] + it.value; v > row[room] {
				row[room] = v
			}
		}
		best[i+1] = row
	}
	return retrace(items, best, capacity), best[len(items)][capacity]
}

func retrace(items []gear, best [][]int, room int) []gear {
	n := len(items)
	if n == 0 {
		return nil
	}
	last := items[n-1]
	if best[n][room] == best[n-1][room] {
		return retrace(items[:n-1], best, room)
	}
	return append(retrace(items[:n-1], best, room-last.weight), last)
}

func main() {
	limit := flag.Int("limit", 0, "weight limit in hectograms (default: try 55 and 30)")
	flag.Parse()
	limits := []int{55, 30}
	if *limit > 0 {
		limits = []int{*limit}
	}

	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
	defer w.Flush()
	for _, capacity := range limits {
		packed, value := plan(closet, capacity)
		total := 0
		for _, g := range packed {
			fmt.Fprintf(w, "%s\t%.1f kg\t%d\n", g.name, float64(g.weight)/10, g.value)
			total += g.weight
		}
		fmt.Fprintf(w, "TOTAL of %d items\t%.1f kg\t%d\n\n", len(packed), float64(total)/10, value)
	}
}
