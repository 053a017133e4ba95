//! Roman numerals: a validated newtype that converts both ways, and a clock face drawn with it.

use std::fmt;
use std::str::FromStr;

const SYMBOLS: [(u16, &str); 13] = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"),
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
];

/// A number from 1 to 3999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Roman(u16);

#[derive(Debug, PartialEq, Eq)]
pub enum RomanError {
    OutOfRange(u16),
    Malformed(String),
}

impl TryFrom<u16> for Roman {
    type Error = RomanError;

    fn try_from(number: u16) -> Result<Self, RomanError> {
        match number {
            1..=3999 => Ok(Roman(number)),
            _ => Err(RomanError::OutOfRange(number)),
        }
    }
}

impl fmt::Display for Roman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut numeral = String::new();
        for (value, symbol) in SYMBOLS {
            numeral.push_str(&symbol.repeat(usize::from(rest / value)));
            rest %= value;
        }
        f.pad(&numeral)
    }
}

impl FromStr for Roman {
    type Err = RomanError;

    fn from_str(text: &str) -> Result<Self, RomanError> {
        let malformed = || RomanError::Malformed(text.to_string());
        let mut total = 0u16;
        let mut rest = text;
        while !rest.is_empty() {
            let (value, symbol) = SYMBOLS.iter().find(|(_, s)| rest.starts_with(s)).ok_or_else(malformed)?;
            total = total.checked_add(*value).ok_or_else(malformed)?;
            rest = &rest[symbol.len()..];
        }
        // Only the canonical spelling comes out the same when written again: IIX does not.
        Roman::try_from(total).ok().filter(|roman| roman.to_string() == text).ok_or_else(malformed)
    }
}

/// Twelve hours around a dial, with IIII in place of IV as clockmakers have it.
pub fn clock_face(radius: usize) -> String {
    let scale = radius as f64;
    let mut rows = vec![vec![' '; 4 * radius + 6]; 2 * radius + 1];
    for hour in 1..=12u16 {
        let label = if hour == 4 { "IIII".to_string() } else { Roman(hour).to_string() };
        let (sin, cos) = (f64::from(hour) * std::f64::consts::PI / 6.0).sin_cos();
        let y = (scale * (1.0 - cos)).round() as usize;
        let x = (2.0 * scale * (1.0 + sin)).round() as usize + 3 - label.len() / 2;
        for (cell, letter) in rows[y][x..].iter_mut().zip(label.chars()) {
            *cell = letter;
        }
    }
    rows.iter().map(|row| row.iter().collect::<String>().trim_end().to_string() + "\n").collect()
}

fn main() {
    for year in [44, 1066, 1994, 2024, 3999] {
        println!("{year:>4} {:<12}", Roman(year));
    }
    print!("{}", clock_face(6));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        for number in 1..=3999 {
            let roman = Roman::try_from(number).unwrap();
            assert_eq!(roman.to_string().parse(), Ok(roman));
        }
    }

    #[test]
    fn rejects_malformed_numerals() {
        for text in ["", "IIX", "VV", "MMMM", "ABC"] {
            assert_eq!(text.parse::<Roman>(), Err(RomanError::Malformed(text.to_string())));
        }
        assert_eq!(Roman::try_from(4000), Err(RomanError::OutOfRange(4000)));
    }
}
