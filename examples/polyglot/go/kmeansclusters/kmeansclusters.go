// Command kmeansclusters places delivery depots with the k-means algorithm.
// Seeding is farthest-first, so there is no randomness anywhere.
package main

import (
	"fmt"
	"math"
)

type vec struct{ x, y float64 }

func (a vec) dist2(b vec) float64 {
	dx, dy := a.x-b.x, a.y-b.y
	return dx*dx + dy*dy
}

// orders are in kilometres from the town hall.
var orders = []vec{
	{1.0, 1.2}, {1.5, 1.8}, {1.2, 0.8}, {0.7, 1.5}, {1.9, 1.1},
	{8.0, 8.1}, {8.4, 7.6}, {7.7, 8.8}, {9.1, 8.3},
	{1.1, 8.0}, {0.8, 7.4}, {1.6, 8.5}, {2.1, 7.7}, {1.3, 9.0},
	{5.0, 4.6},
}

// nearest returns the index of the closest centroid and its squared distance.
func nearest(p vec, centroids []vec) (index int, d2 float64) {
	d2 = math.Inf(1)
	for i, c := range centroids {
		if d := p.dist2(c); d < d2 {
			index, d2 = i, d
		}
	}
	return index, d2
}

func farthestFirst(points []vec, k int) []vec {
	seeds := make([]vec, 1, k)
	seeds[0] = points[0]
	for len(seeds) < k {
		var far vec
		widest := -1.0
		for _, p := range points {
			if _, d := nearest(p, seeds); d > widest {
				far, widest = p, d
			}
		}
		seeds = append(seeds, far)
	}
	return seeds
}

type clustering struct {
	centroids []vec
	label     []int
	size      []int
	inertia   float64
}

// assign labels each point with its centroid and reports whether any label changed.
func (cl *clustering) assign(points []vec) (changed bool) {
	cl.inertia = 0
	for i, p := range points {
		c, d := nearest(p, cl.centroids)
		changed = changed || c != cl.label[i]
		cl.label[i] = c
		cl.inertia += d
	}
	return changed
}

// update moves every centroid to the mean of its members.
func (cl *clustering) update(points []vec) {
	sums := make([]vec, len(cl.centroids))
	cl.size = make([]int, len(cl.centroids))
	for i, p := range points {
		c := cl.label[i]
		sums[c].x += p.x
		sums[c].y += p.y
		cl.size[c]++
	}
	for c, n := range cl.size {
		if n > 0 {
			cl.centroids[c] = vec{sums[c].x / float64(n), sums[c].y / float64(n)}
		}
	}
}

func kmeans(points []vec, k int) *clustering {
	cl := &clustering{centroids: farthestFirst(points, k), label: make([]int, len(points))}
	cl.assign(points)
	for moving := true; moving; {
		cl.update(points)
		moving = cl.assign(points)
	}
	return cl
}

func main() {
	for _, k := range []int{2, 3} {
		cl := kmeans(orders, k)
		fmt.Printf("k=%d inertia=%.3f\n", k, cl.inertia)
		for i, c := range cl.centroids {
			fmt.Printf("  depot %d (%.2f, %.2f): %d orders\n", i+1, c.x, c.y, cl.size[i])
		}
	}
}
