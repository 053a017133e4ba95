//! Island counting with union-find on a map of `#` (land) and `.` (water).

use std::collections::BTreeMap;

const CHART: &str = "\
##...#..
#....##.
...#....
..##...#
#......#
#.#####.";

/// Disjoint sets of the indices `0..n`.
struct DisjointSet {
    parent: Vec<usize>,
}

impl DisjointSet {
    fn new(n: usize) -> Self {
        Self { parent: (0..n).collect() }
    }

    fn find(&mut self, mut x: usize) -> usize {
        while self.parent[x] != x {
            let grandparent = self.parent[self.parent[x]];
            self.parent[x] = grandparent;
            x = grandparent;
        }
        x
    }

    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        // The earlier square stays the root, so that an island is named after its first square.
        self.parent[a.max(b)] = a.min(b);
    }
}

/// Maps the first square (row, column) of each island to the island's area.
fn islands(chart: &str) -> BTreeMap<(usize, usize), usize> {
    let grid: Vec<&[u8]> = chart.lines().map(str::as_bytes).collect();
    let width = grid.first().map_or(0, |row| row.len());
    let is_land = |r: usize, c: usize| grid.get(r).and_then(|row| row.get(c)) == Some(&b'#');

    let land: Vec<(usize, usize)> = (0..grid.len())
        .flat_map(|r| (0..width).map(move |c| (r, c)))
        .filter(|&(r, c)| is_land(r, c))
        .collect();

    let mut sets = DisjointSet::new(grid.len() * width);
    for &(r, c) in &land {
        for (down, right) in [(r + 1, c), (r, c + 1)] {
            if is_land(down, right) {
                sets.union(r * width + c, down * width + right);
            }
        }
    }

    let mut areas = BTreeMap::new();
    for (r, c) in land {
        let root = sets.find(r * width + c);
        *areas.entry((root / width, root % width)).or_insert(0) += 1;
    }
    areas
}

fn main() {
    let areas = islands(CHART);
    println!("{} islands", areas.len());
    for ((row, column), area) in &areas {
        println!("  island at ({row}, {column}) covers {area} squares");
    }
    if let Some(largest) = areas.values().max() {
        println!("the largest covers {largest}");
    }
}

#[cfg(test)]
mod tests {
    use super::islands;

    #[test]
    fn six_islands_on_the_sample_chart() {
        let sizes: Vec<usize> = islands(super::CHART).into_values().collect();
        assert_eq!(sizes, [3, 3, 3, 2, 2, 5]);
    }

    #[test]
    fn empty_sea_and_empty_chart() {
        assert!(islands("....\n....").is_empty());
        assert!(islands("").is_empty());
    }
}
