// Command robotwarehouse steers robots around racks by breadth-first search.
package main

import (
	"fmt"
	"image"
	"strings"
)

const plan = `1...#.....
.##.#.##b.
....#.#...
.##...#.#.
.#l##...#.
2...#.D...`
const script = "1 goto 9 0,2 fetch lamps,2 fetch bolts,1 goto 4 4,2 fetch lamps,1 goto 6 5,7 goto 0 0"

// headings are in the order of the letters NESW.
var headings = [...]image.Point{{Y: -1}, {X: 1}, {Y: 1}, {X: -1}}

type warehouse struct {
	blocked map[image.Point]bool // absent means outside
	robots  map[byte]image.Point
	stock   map[string]image.Point
	dock    image.Point
}

func newWarehouse(plan string) *warehouse {
	w := &warehouse{map[image.Point]bool{}, map[byte]image.Point{}, map[string]image.Point{}, image.Point{}}
	for y, row := range strings.Split(plan, "\n") {
		for x := range row {
			p := image.Pt(x, y)
			w.blocked[p] = row[x] == '#'
			switch mark := row[x]; mark {
			case '1', '2':
				w.robots[mark], w.blocked[p] = p, true
			case 'b':
				w.stock["bolts"] = p
			case 'l':
				w.stock["lamps"] = p
			case 'D':
				w.dock = p
			}
		}
	}
	return w
}

func (w *warehouse) route(from, to image.Point) (string, error) {
	paths := map[image.Point]string{from: ""}
	for queue := []image.Point{from}; len(queue) > 0; queue = queue[1:] {
		here := queue[0]
		if here == to {
			return paths[here], nil
		}
		for i, delta := range headings {
			next := here.Add(delta)
			_, seen := paths[next]
			if blocked, inside := w.blocked[next]; inside && !blocked && !seen {
				paths[next] = paths[here] + "NESW"[i:i+1]
				queue = append(queue, next)
			}
		}
	}
	return "", fmt.Errorf("no route from %v to %v", from, to)
}

func (w *warehouse) drive(robot byte, to image.Point) (string, error) {
	from, ok := w.robots[robot]
	if !ok {
		return "", fmt.Errorf("no robot %c", robot)
	}
	path, err := w.route(from, to)
	if err == nil {
		w.robots[robot], w.blocked[from], w.blocked[to] = to, false, true
	}
	return path, err
}

func (w *warehouse) execute(command string) (string, error) {
	robot, to, item := byte(0), image.Point{}, ""
	if n, _ := fmt.Sscanf(command, "%c goto %d %d", &robot, &to.X, &to.Y); n == 3 {
		return w.drive(robot, to)
	}
	if n, _ := fmt.Sscanf(command, "%c fetch %s", &robot, &item); n == 2 {
		shelf, ok := w.stock[item]
		if !ok {
			return "", fmt.Errorf("%s not in stock", item)
		}
		out, err := w.drive(robot, shelf)
		if err != nil {
			return "", err
		}
		delete(w.stock, item)
		back, err := w.drive(robot, w.dock)
		return out + "+" + back, err
	}
	return "", fmt.Errorf("cannot parse %q", command)
}

func main() {
	w := newWarehouse(plan)
	for _, command := range strings.Split(script, ",") {
		path, err := w.execute(command)
		if err != nil {
			path = "refused: " + err.Error()
		}
		fmt.Printf("%-14s %s\n", command, path)
	}
}
