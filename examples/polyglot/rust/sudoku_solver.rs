//! A sudoku solver: backtracking search with the candidates of each cell in a `u16` bitmask.

use std::fmt;
use std::str::FromStr;

const PUZZLE: &str = "\
    ....7..1.\
    .294.6...\
    6..5....4\
    ..1.....5\
    9.4.5..3.\
    ..8...4.6\
    ...82.5..\
    .3.76...8\
    8........";

#[derive(Clone, Copy)]
struct Grid {
    cells: [u8; 81],
    rows: [u16; 9],
    columns: [u16; 9],
    boxes: [u16; 9],
}

#[derive(Debug)]
enum ParseGridError {
    WrongLength(usize),
    BadClue { cell: usize, clue: char },
}

impl Grid {
    const EMPTY: Grid = Grid { cells: [0; 81], rows: [0; 9], columns: [0; 9], boxes: [0; 9] };

    fn candidates(&self, cell: usize) -> u16 {
        let (r, c) = (cell / 9, cell % 9);
        !(self.rows[r] | self.columns[c] | self.boxes[r / 3 * 3 + c / 3]) & 0x1ff
    }

    /// A copy of the grid with one more digit, unless the rules forbid it.
    fn with(mut self, cell: usize, digit: u8) -> Option<Grid> {
        let bit = 1u16.checked_shl(u32::from(digit).checked_sub(1)?)?;
        if self.candidates(cell) & bit == 0 {
            return None;
        }
        let (r, c) = (cell / 9, cell % 9);
        self.cells[cell] = digit;
        for unit in [&mut self.rows[r], &mut self.columns[c], &mut self.boxes[r / 3 * 3 + c / 3]] {
            *unit |= bit;
        }
        Some(self)
    }

    fn solve(self) -> Option<Grid> {
        let open = (0..81).filter(|&cell| self.cells[cell] == 0);
        match open.min_by_key(|&cell| self.candidates(cell).count_ones()) {
            None => Some(self),
            Some(cell) => (1..=9).find_map(|digit| self.with(cell, digit)?.solve()),
        }
    }
}

impl FromStr for Grid {
    type Err = ParseGridError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.chars().count() {
            81 => {}
            other => return Err(ParseGridError::WrongLength(other)),
        }
        text.chars().enumerate().filter(|&(_, clue)| clue != '.').try_fold(
            Grid::EMPTY,
            |grid, (cell, clue)| {
                clue.to_digit(10)
                    .and_then(|digit| grid.with(cell, digit as u8))
                    .ok_or(ParseGridError::BadClue { cell, clue })
            },
        )
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for row in self.cells.chunks(9) {
            let line: Vec<String> = row.iter().map(u8::to_string).collect();
            writeln!(f, "{}", line.join(" "))?;
        }
        Ok(())
    }
}

fn main() {
    match PUZZLE.parse::<Grid>().map(Grid::solve) {
        Ok(Some(solution)) => print!("{solution}"),
        Ok(None) => println!("no solution"),
        Err(error) => eprintln!("cannot read the puzzle: {error:?}"),
    }
}
