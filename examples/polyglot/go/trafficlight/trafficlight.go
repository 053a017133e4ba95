// Package main models a traffic light with timed phases and a pedestrian
// button. Each state is a function that returns its successor.
package main

import "fmt"

const (
	minGreen     = 5
	maxGreen     = 12
	amber        = 3
	allRed       = 2
	crossTraffic = 6
	walk         = 5
	clearance    = 3
	redAmber     = 1
)

// A stateFn lights the lamps, lets its time pass and names the next state.
type stateFn func(*light) stateFn

type light struct {
	second  int
	end     int
	waiting bool // a pedestrian has pressed the button
	walking bool
	presses map[int]bool
}

func (l *light) show(lamps, meaning string) {
	fmt.Printf("%3ds [%-3s] %s\n", l.second, lamps, meaning)
}

// pass lets one second go by and looks at the button.
func (l *light) pass() {
	l.second++
	if !l.presses[l.second] {
		return
	}
	if l.walking {
		fmt.Printf("%3ds       button ignored\n", l.second)
		return
	}
	l.waiting = true
	fmt.Printf("%3ds       pedestrian request\n", l.second)
}

func (l *light) hold(seconds int) {
	for ; seconds > 0; seconds-- {
		l.pass()
	}
}

func green(l *light) stateFn {
	l.show("..G", "green")
	for elapsed := 0; elapsed < maxGreen; elapsed++ {
		if l.waiting && elapsed >= minGreen {
			break
		}
		l.pass()
	}
	return stop
}

// stop covers amber and the short all-red safety interval.
func stop(l *light) stateFn {
	l.show(".A.", "amber")
	l.hold(amber)
	l.show("R..", "all red")
	l.hold(allRed)
	if l.waiting {
		return crossing
	}
	return sideStreet
}

func crossing(l *light) stateFn {
	l.show("R..", "pedestrians walk")
	l.waiting, l.walking = false, true
	l.hold(walk)
	l.walking = false
	l.show("R..", "pedestrian signal flashes")
	l.hold(clearance)
	return prepare
}

func sideStreet(l *light) stateFn {
	l.show("R..", "cross traffic")
	l.hold(crossTraffic)
	return prepare
}

func prepare(l *light) stateFn {
	l.show("RA.", "red and amber")
	l.hold(redAmber)
	if l.second >= l.end {
		return nil
	}
	return green
}

func main() {
	presses := map[int]bool{7: true, 9: true, 14: true, 31: true, 58: true}
	l := &light{end: 75, presses: presses}
	for state := stateFn(green); state != nil; {
		state = state(l)
	}
}
