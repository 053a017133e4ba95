//! Levenshtein distance, printed alignments, and suggestions for misspelled words.

use std::fmt;

const DICTIONARY: [&str; 7] =
    ["receive", "separate", "definitely", "necessary", "rhythm", "library", "calendar"];

/// One column of an alignment; `None` is a gap.
type Column = (Option<char>, Option<char>);

struct Alignment(Vec<Column>);

impl Alignment {
    fn of(source: &str, target: &str) -> Self {
        let (a, b): (Vec<char>, Vec<char>) = (source.chars().collect(), target.chars().collect());
        let costs = cost_table(&a, &b);
        let (mut i, mut j) = (a.len(), b.len());
        let mut columns = Vec::with_capacity(i.max(j));
        while i > 0 || j > 0 {
            let here = costs[i][j];
            if i > 0 && j > 0 && here == costs[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]) {
                i -= 1;
                j -= 1;
                columns.push((Some(a[i]), Some(b[j])));
            } else if i > 0 && here == costs[i - 1][j] + 1 {
                i -= 1;
                columns.push((Some(a[i]), None));
            } else {
                j -= 1;
                columns.push((None, Some(b[j])));
            }
        }
        columns.reverse();
        Alignment(columns)
    }

    fn edits(&self) -> usize {
        self.0.iter().filter(|(a, b)| a != b).count()
    }
}

impl fmt::Display for Alignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |letter: fn(&Column) -> char| self.0.iter().map(letter).collect::<String>();
        writeln!(f, "{}", line(|(a, _)| a.unwrap_or('-')))?;
        let marks = line(|column| match column {
            (Some(a), Some(b)) if a == b => '|',
            (Some(_), Some(_)) => '*',
            _ => ' ',
        });
        writeln!(f, "{}", marks.trim_end())?;
        write!(f, "{}", line(|(_, b)| b.unwrap_or('-')))
    }
}

fn cost_table(a: &[char], b: &[char]) -> Vec<Vec<usize>> {
    let mut costs = vec![(0..=b.len()).collect::<Vec<_>>()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let substitute = costs[i][j] + usize::from(x != y);
            row.push(substitute.min(costs[i][j + 1] + 1).min(row[j] + 1));
        }
        costs.push(row);
    }
    costs
}

fn suggest(typo: &str, tolerance: usize) -> Option<&'static str> {
    DICTIONARY
        .iter()
        .map(|&word| (Alignment::of(typo, word).edits(), word))
        .filter(|&(edits, _)| edits <= tolerance)
        .min()
        .map(|(_, word)| word)
}

fn main() {
    for (source, target) in [("kitten", "sitting"), ("saturday", "sunday"), ("flaw", "lawn")] {
        let alignment = Alignment::of(source, target);
        println!("{alignment}\n{} edits\n", alignment.edits());
    }
    for typo in ["recieve", "seperate", "definately", "libary", "xylophone"] {
        println!("{typo}: {}", suggest(typo, 2).unwrap_or("no suggestion"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_kitten_over_sitting() {
        assert_eq!(Alignment::of("kitten", "sitting").to_string(), "kitten-\n*|||*|\nsitting");
    }

    #[test]
    fn suggests_only_nearby_words() {
        assert_eq!(suggest("libary", 2), Some("library"));
        assert_eq!(suggest("xylophone", 2), None);
    }
}
