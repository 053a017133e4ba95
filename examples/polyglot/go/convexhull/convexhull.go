// Command convexhull wraps a set of buoys in their convex hull and checks
// which boats are inside.
package main

import (
	"fmt"
	"math"
	"sort"
)

type point struct{ x, y float64 }

func (p point) String() string { return fmt.Sprintf("(%g,%g)", p.x, p.y) }

// polygon lists its vertices counter-clockwise.
type polygon []point

// cross is positive when a, b, c make a left turn.
func cross(a, b, c point) float64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// convexHull is Andrew's monotone chain. Collinear border points are dropped.
func convexHull(points []point) polygon {
	pts := append([]point(nil), points...)
	sort.Slice(pts, func(i, j int) bool {
		if pts[i].x != pts[j].x {
			return pts[i].x < pts[j].x
		}
		return pts[i].y < pts[j].y
	})

	var hull polygon
	push := func(p point, keep int) {
		for len(hull) > keep && cross(hull[len(hull)-2], hull[len(hull)-1], p) <= 0 {
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, p)
	}
	for _, p := range pts {
		push(p, 1)
	}
	lower := len(hull)
	for i := len(pts) - 2; i >= 0; i-- {
		push(pts[i], lower)
	}
	return hull[:len(hull)-1]
}

// each visits the sides of the polygon until f returns false.
func (pg polygon) each(f func(from, to point) bool) bool {
	for i, p := range pg {
		if !f(p, pg[(i+1)%len(pg)]) {
			return false
		}
	}
	return true
}

func (pg polygon) area() (sum float64) {
	pg.each(func(a, b point) bool {
		sum += (a.x*b.y - b.x*a.y) / 2
		return true
	})
	return sum
}

func (pg polygon) perimeter() (sum float64) {
	pg.each(func(a, b point) bool {
		sum += math.Hypot(b.x-a.x, b.y-a.y)
		return true
	})
	return sum
}

func (pg polygon) contains(p point) bool {
	return pg.each(func(a, b point) bool { return cross(a, b, p) >= 0 })
}

func main() {
	buoys := []point{
		{1, 1}, {4, 0}, {9, 2}, {11, 6}, {8, 10}, {3, 9}, {0, 5},
		{5, 5}, {6, 3}, {2, 4}, {7, 7}, {4, 8}, {11, 6}, {6.5, 1},
	}
	hull := convexHull(buoys)
	fmt.Println("hull:", hull)
	fmt.Printf("area: %.2f\nperimeter: %.3f\n", hull.area(), hull.perimeter())
	for _, boat := range []point{{5, 6}, {10, 9}, {0, 5}, {10, 4}} {
		fmt.Printf("boat %v inside: %t\n", boat, hull.contains(boat))
	}
}
