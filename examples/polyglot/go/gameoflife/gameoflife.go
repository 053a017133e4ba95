// Command gameoflife runs Conway's Game of Life on an unbounded board and
// draws a few generations of a glider.
package main

import (
	"fmt"
	"log"
	"strings"
)

const (
	glider     = ".O.\n..O\nOOO"
	rPentomino = ".OO\nOO.\n.O."
)

type cell struct{ x, y int }

// life is the set of living cells.
type life map[cell]struct{}

func parse(drawing string) (life, error) {
	alive := make(life)
	for y, row := range strings.Split(drawing, "\n") {
		for x, mark := range row {
			switch mark {
			case 'O':
				alive[cell{x, y}] = struct{}{}
			case '.':
			default:
				return nil, fmt.Errorf("row %d, column %d: unexpected %q", y, x, mark)
			}
		}
	}
	return alive, nil
}

// crowding counts, for every cell next to a living one, its living neighbours.
func (l life) crowding() map[cell]int {
	counts := make(map[cell]int, 4*len(l))
	for c := range l {
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				if dx != 0 || dy != 0 {
					counts[cell{c.x + dx, c.y + dy}]++
				}
			}
		}
	}
	return counts
}

func (l life) next() life {
	born := make(life, len(l))
	for c, n := range l.crowding() {
		_, alive := l[c]
		if n == 3 || alive && n == 2 {
			born[c] = struct{}{}
		}
	}
	return born
}

func (l life) advance(generations int) life {
	for ; generations > 0; generations-- {
		l = l.next()
	}
	return l
}

func (l life) render(width, height int) string {
	var b strings.Builder
	for y := 0; y < height; y++ {
		row := []byte(strings.Repeat(".", width))
		for x := range row {
			if _, alive := l[cell{x, y}]; alive {
				row[x] = 'O'
			}
		}
		b.Write(row)
		b.WriteByte('\n')
	}
	return b.String()
}

func main() {
	l, err := parse(glider)
	if err != nil {
		log.Fatal(err)
	}
	for generation := 0; generation <= 4; generation++ {
		fmt.Printf("generation %d\n%s\n", generation, l.render(8, 6))
		l = l.next()
	}

	if l, err = parse(rPentomino); err != nil {
		log.Fatal(err)
	}
	for generation := 0; generation <= 200; generation += 50 {
		fmt.Printf("R-pentomino %3d: %d alive\n", generation, len(l))
		l = l.advance(50)
	}
}
