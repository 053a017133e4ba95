// Command dijkstraroutes finds the shortest road routes between named towns.
//
// Usage: dijkstraroutes [origin destination]
package main

import (
	"container/heap"
	"fmt"
	"os"
	"strings"
)

type road struct {
	a, b       string
	kilometres int
}

var scotland = []road{
	{"Edinburgh", "Glasgow", 76},
	{"Edinburgh", "Stirling", 59},
	{"Edinburgh", "Perth", 71},
	{"Glasgow", "Stirling", 43},
	{"Glasgow", "Oban", 155},
	{"Stirling", "Perth", 55},
	{"Perth", "Dundee", 35},
	{"Perth", "Inverness", 180},
	{"Dundee", "Aberdeen", 106},
	{"Aberdeen", "Inverness", 167},
}

// arrival is a tentative way of reaching a town.
type arrival struct {
	town     string
	total    int
	previous *arrival
}

type frontier []*arrival

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(i, j int) bool { return f[i].total < f[j].total }
func (f frontier) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)        { *f = append(*f, x.(*arrival)) }
func (f *frontier) Pop() any {
	n := len(*f) - 1
	last := (*f)[n]
	*f = (*f)[:n]
	return last
}

type network map[string]map[string]int

func newNetwork(roads []road) network {
	net := network{}
	connect := func(from, to string, km int) {
		if net[from] == nil {
			net[from] = map[string]int{}
		}
		net[from][to] = km
	}
	for _, r := range roads {
		connect(r.a, r.b, r.kilometres)
		connect(r.b, r.a, r.kilometres)
	}
	return net
}

func (net network) shortest(origin, destination string) (towns []string, total int, err error) {
	settled := map[string]bool{}
	open := frontier{{town: origin}}
	for open.Len() > 0 {
		here := heap.Pop(&open).(*arrival)
		if settled[here.town] {
			continue
		}
		settled[here.town] = true
		if here.town == destination {
			for stop := here; stop != nil; stop = stop.previous {
				towns = append([]string{stop.town}, towns...)
			}
			return towns, here.total, nil
		}
		for town, km := range net[here.town] {
			if !settled[town] {
				heap.Push(&open, &arrival{town, here.total + km, here})
			}
		}
	}
	return nil, 0, fmt.Errorf("no road from %s to %s", origin, destination)
}

func main() {
	trips := [][2]string{
		{"Glasgow", "Aberdeen"}, {"Edinburgh", "Inverness"}, {"Oban", "Dundee"}, {"Oban", "Lerwick"},
	}
	if len(os.Args) == 3 {
		trips = [][2]string{{os.Args[1], os.Args[2]}}
	}
	net := newNetwork(scotland)
	for _, trip := range trips {
		towns, total, err := net.shortest(trip[0], trip[1])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		fmt.Printf("%d km: %s\n", total, strings.Join(towns, ", "))
	}
}
