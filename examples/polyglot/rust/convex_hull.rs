//! Convex hull by monotone chain, plus the area, perimeter and containment of the polygon.

use std::ops::Sub;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    x: f64,
    y: f64,
}

impl Sub for Point {
    type Output = Point;

    fn sub(self, other: Point) -> Point {
        Point { x: self.x - other.x, y: self.y - other.y }
    }
}

impl From<(f64, f64)> for Point {
    fn from((x, y): (f64, f64)) -> Self {
        Point { x, y }
    }
}

impl Point {
    fn cross(self, other: Point) -> f64 {
        self.x * other.y - self.y * other.x
    }
}

pub struct ConvexHull {
    vertices: Vec<Point>,
}

impl ConvexHull {
    /// `None` if fewer than three distinct points are given.
    pub fn of(points: &[Point]) -> Option<Self> {
        let mut sorted = points.to_vec();
        sorted.sort_by(|p, q| p.x.total_cmp(&q.x).then(p.y.total_cmp(&q.y)));
        sorted.dedup();
        if sorted.len() < 3 {
            return None;
        }
        let mut vertices = half(sorted.iter());
        vertices.extend(half(sorted.iter().rev()));
        Some(ConvexHull { vertices })
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        let ends = self.vertices.iter().cycle().skip(1);
        self.vertices.iter().copied().zip(ends.copied())
    }

    pub fn area(&self) -> f64 {
        self.edges().map(|(a, b)| a.cross(b)).sum::<f64>() / 2.0
    }

    pub fn perimeter(&self) -> f64 {
        self.edges().map(|(a, b)| (b.x - a.x).hypot(b.y - a.y)).sum()
    }

    pub fn contains(&self, p: Point) -> bool {
        self.edges().all(|(a, b)| (b - a).cross(p - a) >= 0.0)
    }
}

/// One chain of left turns, without its last point.
fn half<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for &p in points {
        while let [.., a, b] = chain[..] {
            if (b - a).cross(p - a) > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(p);
    }
    chain.pop();
    chain
}

fn main() {
    let buoys = [
        (1.0, 1.0), (4.0, 0.0), (9.0, 2.0), (11.0, 6.0), (8.0, 10.0), (3.0, 9.0), (0.0, 5.0),
        (5.0, 5.0), (6.0, 3.0), (2.0, 4.0), (7.0, 7.0), (4.0, 8.0), (11.0, 6.0), (6.5, 1.0),
    ];
    let points = buoys.map(Point::from);
    let Some(hull) = ConvexHull::of(&points) else {
        eprintln!("not enough buoys");
        return;
    };
    for v in &hull.vertices {
        println!("vertex {:>4} {:>4}", v.x, v.y);
    }
    println!("area {:.2}  perimeter {:.3}", hull.area(), hull.perimeter());
    for boat in [(5.0, 6.0), (10.0, 9.0), (0.0, 5.0), (10.0, 4.0)] {
        let place = if hull.contains(boat.into()) { "inside" } else { "outside" };
        println!("boat {boat:?} {place}");
    }
}
