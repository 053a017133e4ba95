// Command binaryheap schedules print jobs with container/heap, including the
// decrease-key operation that lets an urgent job overtake the others.
package main

import (
	"container/heap"
	"fmt"
	"log"
)

type printJob struct {
	name     string
	priority int // the smaller, the sooner
	index    int // kept up to date by Swap
}

// jobHeap implements heap.Interface.
type jobHeap []*printJob

func (h jobHeap) Len() int           { return len(h) }
func (h jobHeap) Less(i, j int) bool { return h[i].priority < h[j].priority }

func (h jobHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *jobHeap) Push(x any) {
	job := x.(*printJob)
	job.index = len(*h)
	*h = append(*h, job)
}

func (h *jobHeap) Pop() any {
	old := *h
	last := len(old) - 1
	job := old[last]
	old[last] = nil
	job.index = -1
	*h = old[:last]
	return job
}

// scheduler hides the heap behind job names.
type scheduler struct {
	queue  jobHeap
	byName map[string]*printJob
}

func newScheduler() *scheduler {
	return &scheduler{byName: make(map[string]*printJob)}
}

func (s *scheduler) submit(name string, priority int) error {
	if _, dup := s.byName[name]; dup {
		return fmt.Errorf("job %q is already queued", name)
	}
	job := &printJob{name: name, priority: priority}
	s.byName[name] = job
	heap.Push(&s.queue, job)
	return nil
}

func (s *scheduler) decreaseKey(name string, priority int) error {
	job, ok := s.byName[name]
	switch {
	case !ok:
		return fmt.Errorf("job %q is not queued", name)
	case priority > job.priority:
		return fmt.Errorf("job %q: priority %d would be less urgent than %d", name, priority, job.priority)
	}
	job.priority = priority
	heap.Fix(&s.queue, job.index)
	return nil
}

func (s *scheduler) next() (*printJob, bool) {
	if s.queue.Len() == 0 {
		return nil, false
	}
	job := heap.Pop(&s.queue).(*printJob)
	delete(s.byName, job.name)
	return job, true
}

func main() {
	s := newScheduler()
	for name, priority := range map[string]int{
		"payroll": 40, "poster": 75, "thesis": 60, "boarding-pass": 20, "recipe": 90, "invoice": 35,
	} {
		if err := s.submit(name, priority); err != nil {
			log.Fatal(err)
		}
	}
	for name, priority := range map[string]int{"thesis": 10, "recipe": 30} {
		if err := s.decreaseKey(name, priority); err != nil {
			log.Fatal(err)
		}
	}
	for job, ok := s.next(); ok; job, ok = s.next() {
		fmt.Printf("%-14s %d\n", job.name, job.priority)
	}
}
