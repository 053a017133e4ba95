//! Conway's Game of Life over a sparse, unbounded set of cells.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

const GLIDER: &str = ".O.\n..O\nOOO";
const R_PENTOMINO: &str = ".OO\nOO.\n.O.";

type Cell = (i32, i32);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Life {
    living: HashSet<Cell>,
}

#[derive(Debug, PartialEq)]
struct UnknownMark(char);

impl fmt::Display for UnknownMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a pattern holds only 'O' and '.', not {:?}", self.0)
    }
}

impl std::error::Error for UnknownMark {}

impl FromStr for Life {
    type Err = UnknownMark;

    fn from_str(drawing: &str) -> Result<Self, Self::Err> {
        let mut living = HashSet::new();
        for (y, row) in (0..).zip(drawing.lines()) {
            for (x, mark) in (0..).zip(row.chars()) {
                match mark {
                    'O' => living.insert((x, y)),
                    '.' => false,
                    other => return Err(UnknownMark(other)),
                };
            }
        }
        Ok(Life { living })
    }
}

fn neighbours((x, y): Cell) -> impl Iterator<Item = Cell> {
    (-1..=1)
        .flat_map(move |dx| (-1..=1).map(move |dy| (x + dx, y + dy)))
        .filter(move |&cell| cell != (x, y))
}

impl Life {
    fn next(&self) -> Life {
        let mut crowd: HashMap<Cell, u8> = HashMap::new();
        for cell in self.living.iter().copied().flat_map(neighbours) {
            *crowd.entry(cell).or_default() += 1;
        }
        let lives = |cell: &Cell, count| count == 3 || (count == 2 && self.living.contains(cell));
        Life { living: crowd.into_iter().filter(|(cell, n)| lives(cell, *n)).map(|(cell, _)| cell).collect() }
    }

    fn generations(self) -> impl Iterator<Item = Life> {
        std::iter::successors(Some(self), |life| Some(life.next()))
    }

    fn render(&self, width: i32, height: i32) -> String {
        let mark = |cell| if self.living.contains(&cell) { 'O' } else { '.' };
        (0..height).flat_map(|y| (0..width).map(move |x| (x, y)).map(mark).chain(['\n'])).collect()
    }
}

fn main() -> Result<(), UnknownMark> {
    for (age, life) in GLIDER.parse::<Life>()?.generations().enumerate().take(5) {
        println!("generation {age}\n{}", life.render(8, 6));
    }
    for (age, life) in R_PENTOMINO.parse::<Life>()?.generations().enumerate().step_by(50).take(5) {
        println!("R-pentomino at {age:>3}: {} cells", life.living.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glider_moves_diagonally() {
        let glider: Life = GLIDER.parse().unwrap();
        let moved = glider.living.iter().map(|(x, y)| (x + 1, y + 1)).collect();
        assert_eq!(glider.generations().nth(4), Some(Life { living: moved }));
    }

    #[test]
    fn lonely_cell_dies_and_block_stays() {
        assert_eq!("O".parse::<Life>().unwrap().next(), Life::default());
        let block: Life = "OO\nOO".parse().unwrap();
        assert_eq!(block.next(), block);
    }

    #[test]
    fn unknown_marks_are_errors() {
        assert_eq!(".x.".parse::<Life>(), Err(UnknownMark('x')));
    }
}
