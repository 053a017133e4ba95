//! Deterministic k-means on the plane; initial centroids by farthest-first traversal.

#[derive(Debug, Clone, Copy, PartialEq)]
struct Point(f64, f64);

/// Orders of a delivery kitchen, in kilometres from the town hall.
const ORDERS: [Point; 15] = [
    Point(1.0, 1.2),
    Point(1.5, 1.8),
    Point(1.2, 0.8),
    Point(0.7, 1.5),
    Point(1.9, 1.1),
    Point(8.0, 8.1),
    Point(8.4, 7.6),
    Point(7.7, 8.8),
    Point(9.1, 8.3),
    Point(1.1, 8.0),
    Point(0.8, 7.4),
    Point(1.6, 8.5),
    Point(2.1, 7.7),
    Point(1.3, 9.0),
    Point(5.0, 4.6),
];

impl Point {
    fn squared_distance(self, other: Point) -> f64 {
        (self.0 - other.0).powi(2) + (self.1 - other.1).powi(2)
    }

    fn nearest(self, centroids: &[Point]) -> Option<(usize, f64)> {
        centroids
            .iter()
            .map(|&c| self.squared_distance(c))
            .enumerate()
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
    }
}

struct KMeans {
    centroids: Vec<Point>,
    labels: Vec<usize>,
    iterations: usize,
}

impl KMeans {
    fn fit(points: &[Point], k: usize) -> Result<Self, String> {
        if !(1..=points.len()).contains(&k) {
            return Err(format!("cannot split {} points into {k} clusters", points.len()));
        }
        let mut model = KMeans { centroids: seeds(points, k), labels: Vec::new(), iterations: 0 };
        loop {
            model.iterations += 1;
            let labels: Vec<usize> =
                points.iter().filter_map(|p| p.nearest(&model.centroids)).map(|(c, _)| c).collect();
            if labels == model.labels {
                return Ok(model);
            }
            model.labels = labels;
            model.recentre(points);
        }
    }

    fn recentre(&mut self, points: &[Point]) {
        for (index, centroid) in self.centroids.iter_mut().enumerate() {
            let members = points.iter().zip(&self.labels).filter(|(_, &label)| label == index);
            let (x, y, n) = members.fold((0.0, 0.0, 0.0), |(x, y, n), (p, _)| (x + p.0, y + p.1, n + 1.0));
            if n > 0.0 {
                *centroid = Point(x / n, y / n);
            }
        }
    }

    fn inertia(&self, points: &[Point]) -> f64 {
        points.iter().zip(&self.labels).map(|(p, &c)| p.squared_distance(self.centroids[c])).sum()
    }
}

fn seeds(points: &[Point], k: usize) -> Vec<Point> {
    let mut chosen: Vec<Point> = points.first().copied().into_iter().collect();
    while chosen.len() < k {
        let gap = |p: &Point| p.nearest(&chosen).map_or(0.0, |(_, d)| d);
        match points.iter().max_by(|a, b| gap(a).total_cmp(&gap(b))) {
            Some(&farthest) => chosen.push(farthest),
            None => break,
        }
    }
    chosen
}

fn main() -> Result<(), String> {
    for k in [2, 3] {
        let model = KMeans::fit(&ORDERS, k)?;
        println!("k={k}: inertia {:.3} in {} iterations", model.inertia(&ORDERS), model.iterations);
        for (i, Point(x, y)) in model.centroids.iter().enumerate() {
            let size = model.labels.iter().filter(|&&label| label == i).count();
            println!("  depot at {x:.2} {y:.2} with {size} orders");
        }
    }
    Ok(())
}
