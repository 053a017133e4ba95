//! Run-length coding of a monochrome bitmap. Rows are sequences of `(Pixel, length)` runs
//! protected by a Fletcher-16 checksum.

use std::fmt;

const INVADER: &str = "\
..#.....#..
...#...#...
..#######..
.##.###.##.
###########
#.#######.#
#.#.....#.#
...##.##...";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pixel {
    Paper,
    Ink,
}

#[derive(Debug, PartialEq, Eq)]
enum ImageError {
    UnknownPixel(char),
    Checksum { row: usize, stored: u16, computed: u16 },
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageError::UnknownPixel(c) => write!(f, "{c:?} is not a pixel"),
            ImageError::Checksum { row, stored, computed } => {
                write!(f, "row {row}: stored checksum {stored:04x}, computed {computed:04x}")
            }
        }
    }
}

impl TryFrom<char> for Pixel {
    type Error = ImageError;

    fn try_from(c: char) -> Result<Self, Self::Error> {
        match c {
            '.' => Ok(Pixel::Paper),
            '#' => Ok(Pixel::Ink),
            other => Err(ImageError::UnknownPixel(other)),
        }
    }
}

#[derive(Clone)]
struct Row {
    runs: Vec<(Pixel, u8)>,
    checksum: u16,
}

fn fletcher16(runs: &[(Pixel, u8)]) -> u16 {
    let (low, high) = runs.iter().fold((0u16, 0u16), |(low, high), &(pixel, length)| {
        let low = (low + (pixel as u16) * 128 + u16::from(length)) % 255;
        (low, (high + low) % 255)
    });
    high << 8 | low
}

fn encode_row(line: &str) -> Result<Row, ImageError> {
    let mut runs: Vec<(Pixel, u8)> = Vec::new();
    for c in line.chars() {
        let pixel = Pixel::try_from(c)?;
        match runs.last_mut() {
            Some((last, length)) if *last == pixel => *length += 1,
            _ => runs.push((pixel, 1)),
        }
    }
    let checksum = fletcher16(&runs);
    Ok(Row { runs, checksum })
}

fn decode(rows: &[Row]) -> Result<String, ImageError> {
    let mut lines = Vec::with_capacity(rows.len());
    for (row, Row { runs, checksum }) in rows.iter().enumerate() {
        let computed = fletcher16(runs);
        if computed != *checksum {
            return Err(ImageError::Checksum { row, stored: *checksum, computed });
        }
        let paint = |&(pixel, n): &(Pixel, u8)| match pixel {
            Pixel::Paper => ".".repeat(n.into()),
            Pixel::Ink => "#".repeat(n.into()),
        };
        lines.push(runs.iter().map(paint).collect::<String>());
    }
    Ok(lines.join("\n"))
}

fn main() -> Result<(), ImageError> {
    let rows = INVADER.lines().map(encode_row).collect::<Result<Vec<_>, _>>()?;
    assert_eq!(decode(&rows)?, INVADER);
    let runs: usize = rows.iter().map(|row| row.runs.len()).sum();
    println!("{} rows, {runs} runs", rows.len());

    let mut scratched = rows.clone();
    scratched[4].runs[0].1 = 10;
    if let Err(error) = decode(&scratched) {
        println!("scratched image refused: {error}");
    }
    Ok(())
}
