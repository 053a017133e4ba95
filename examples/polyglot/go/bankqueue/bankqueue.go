// Package main simulates the queue of a bank branch with an agenda of events.
package main

import (
	"container/heap"
	"fmt"
	"math"
	"sort"
)

const (
	tellers          = 3
	closingTime      = 240.0 // minutes
	meanInterarrival = 2.5
	meanService      = 7.0
)

// lcg is a linear congruential generator; uint32 overflow is the modulus.
type lcg uint32

func (g *lcg) exponential(mean float64) float64 {
	*g = *g*1664525 + 1013904223
	return -mean * math.Log((float64(*g)+1)/(1<<32))
}

type event struct {
	at      float64
	arrival bool
}

type agenda []event

func (a agenda) Len() int            { return len(a) }
func (a agenda) Less(i, j int) bool  { return a[i].at < a[j].at }
func (a agenda) Swap(i, j int)       { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x interface{}) { *a = append(*a, x.(event)) }
func (a *agenda) Pop() interface{} {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

type stats struct {
	waits        []float64
	longestQueue int
	busy         float64
	closed       float64
}

func (s stats) mean() float64 {
	var sum float64
	for _, w := range s.waits {
		sum += w
	}
	return sum / float64(len(s.waits))
}

// percentile expects sorted waits.
func (s stats) percentile(q float64) float64 {
	return s.waits[int(math.Ceil(q*float64(len(s.waits))))-1]
}

func simulate(rng lcg) (s stats) {
	var (
		queue  []float64
		free   = tellers
		events = &agenda{{at: rng.exponential(meanInterarrival), arrival: true}}
	)
	for events.Len() > 0 {
		e := heap.Pop(events).(event)
		switch {
		case !e.arrival:
			free++
			s.closed = e.at
		case e.at < closingTime:
			queue = append(queue, e.at)
			heap.Push(events, event{e.at + rng.exponential(meanInterarrival), true})
		}
		if free > 0 && len(queue) > 0 {
			s.waits = append(s.waits, e.at-queue[0])
			queue = queue[1:]
			free--
			service := rng.exponential(meanService)
			s.busy += service
			heap.Push(events, event{at: e.at + service})
		}
		if len(queue) > s.longestQueue {
			s.longestQueue = len(queue)
		}
	}
	sort.Float64s(s.waits)
	return s
}

func main() {
	s := simulate(lcg(2024))
	fmt.Println("customers:", len(s.waits))
	fmt.Printf("waiting time: mean %.2f, p95 %.2f, max %.2f\n", s.mean(), s.percentile(0.95), s.percentile(1))
	fmt.Printf("longest queue: %d\n", s.longestQueue)
	fmt.Printf("utilisation: %.1f%%\n", 100*s.busy/(tellers*s.closed))
}
