// Command elevatorsimulation moves elevator cabins between floors, tick by tick.
package main

import (
	"fmt"
	"math"
	"sort"
)

const floors, doorTicks = 10, 2

// A request is waiting until aboard is set, and riding until done is set.
type request struct {
	passenger          string
	tick, from, to     int
	aboard, done       bool
	boarded, delivered int
}

type cabin struct {
	floor, direction, doors int
	assigned                []*request
}

// stops marks every floor the cabin still has to visit.
func (c *cabin) stops() (marks [floors]bool, count int) {
	for _, r := range c.assigned {
		f := r.from
		if r.aboard {
			f = r.to
		}
		if !r.done && !marks[f] {
			marks[f] = true
			count++
		}
	}
	return marks, count
}

// step advances the cabin and reports how many passengers got out.
func (c *cabin) step(now int) (out int) {
	marks, count := c.stops()
	switch {
	case c.doors > 0:
		c.doors--
	case count == 0: // idle
	case !marks[c.floor]:
		c.direction = heading(marks, c.floor, c.direction)
		c.floor += c.direction
	default:
		c.doors = doorTicks
		for _, r := range c.assigned {
			if !r.aboard && r.from == c.floor {
				r.aboard, r.boarded = true, now
			} else if r.aboard && !r.done && r.to == c.floor {
				r.done, r.delivered = true, now
				out++
			}
		}
	}
	return out
}

// heading keeps the direction while a stop lies ahead, else turns to the nearest.
func heading(marks [floors]bool, floor, direction int) int {
	for f := floor; direction != 0 && f >= 0 && f < floors; f += direction {
		if marks[f] {
			return direction
		}
	}
	for gap := 1; gap <= floor; gap++ {
		if marks[floor-gap] {
			return -1
		} else if floor+gap < floors && marks[floor+gap] {
			break
		}
	}
	return 1
}

func dispatch(cabins []*cabin, r *request) {
	cost := func(c *cabin) float64 {
		_, n := c.stops()
		return math.Abs(float64(c.floor-r.from)) + 3*float64(n)
	}
	sort.Slice(cabins, func(i, j int) bool { return cost(cabins[i]) < cost(cabins[j]) })
	cabins[0].assigned = append(cabins[0].assigned, r)
}

func main() {
	cabins := []*cabin{{floor: 0}, {floor: 5}}
	requests := []*request{
		{passenger: "Ada", tick: 0, from: 0, to: 7}, {passenger: "Boris", tick: 1, from: 4, to: 0},
		{passenger: "Chen", tick: 3, from: 8, to: 2}, {passenger: "Dora", tick: 5, from: 1, to: 9},
		{passenger: "Emil", tick: 9, from: 6, to: 3},
	}
	upcoming, pending := requests, len(requests) // in order of their ticks
	for now := 0; pending > 0; now++ {
		for len(upcoming) > 0 && upcoming[0].tick == now {
			dispatch(cabins, upcoming[0])
			upcoming = upcoming[1:]
		}
		for _, c := range cabins {
			pending -= c.step(now)
		}
	}
	for _, r := range requests {
		fmt.Printf("%-6s wait %2d, out at tick %2d\n", r.passenger, r.boarded-r.tick, r.delivered)
	}
}
