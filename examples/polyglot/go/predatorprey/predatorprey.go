// Command predatorprey integrates the Lotka-Volterra equations of hares and
// lynxes with the fourth-order Runge-Kutta method and plots them as text.
package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

// Rates per unit of time: prey births, predation, predator growth, predator deaths.
const (
	alpha = 1.1
	beta  = 0.4
	delta = 0.1
	gamma = 0.4
)

type state struct{ prey, predator float64 }

func (s state) add(h float64, d state) state {
	return state{s.prey + h*d.prey, s.predator + h*d.predator}
}

func derivative(s state) state {
	return state{
		prey:     s.prey * (alpha - beta*s.predator),
		predator: s.predator * (delta*s.prey - gamma),
	}
}

func rk4(f func(state) state, y state, h float64) state {
	k1 := f(y)
	k2 := f(y.add(h/2, k1))
	k3 := f(y.add(h/2, k2))
	k4 := f(y.add(h, k3))
	return y.add(h/6, k1).add(h/3, k2).add(h/3, k3).add(h/6, k4)
}

// invariant is conserved by exact solutions.
func invariant(s state) float64 {
	return delta*s.prey - gamma*math.Log(s.prey) + beta*s.predator - alpha*math.Log(s.predator)
}

func plot(w io.Writer, orbit []state, width, height int) {
	top := 0.0
	for _, s := range orbit {
		top = math.Max(top, math.Max(s.prey, s.predator))
	}
	canvas := make([][]byte, height)
	for i := range canvas {
		canvas[i] = bytes.Repeat([]byte{' '}, width)
	}
	put := func(x int, v float64, mark byte) {
		cell := &canvas[int(math.Round(v/top*float64(height-1)))][x]
		if *cell != ' ' {
			mark = '*'
		}
		*cell = mark
	}
	for x := 0; x < width; x++ {
		s := orbit[x*(len(orbit)-1)/(width-1)]
		put(x, s.prey, 'h')
		put(x, s.predator, 'L')
	}
	for i := height - 1; i >= 0; i-- {
		fmt.Fprintf(w, "%6.1f |%s\n", top*float64(i)/float64(height-1), bytes.TrimRight(canvas[i], " "))
	}
	fmt.Fprintln(w, "       +"+strings.Repeat("-", width))
}

func main() {
	const (
		dt    = 0.02
		steps = 2000
	)
	orbit := make([]state, 1, steps+1)
	orbit[0] = state{prey: 10, predator: 10}
	peak := 0
	for i := 1; i <= steps; i++ {
		orbit = append(orbit, rk4(derivative, orbit[i-1], dt))
		if orbit[i].prey > orbit[peak].prey {
			peak = i
		}
	}
	plot(os.Stdout, orbit, 72, 16)
	fmt.Printf("peak prey %.3f at t=%.2f\n", orbit[peak].prey, float64(peak)*dt)
	fmt.Printf("invariant drift %.2e\n", math.Abs(invariant(orbit[steps])-invariant(orbit[0])))
}
