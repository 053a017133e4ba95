//! Line diff by longest common subsequence, shown as unified hunks.

use std::fmt::{self, Display, Formatter};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit<'t> {
    Keep(&'t str),
    Remove(&'t str),
    Insert(&'t str),
}

impl Edit<'_> {
    fn is_change(&self) -> bool {
        !matches!(self, Edit::Keep(_))
    }

    /// How far this edit moves on in the old and in the new text.
    fn advance(&self) -> (usize, usize) {
        match self {
            Edit::Keep(_) => (1, 1),
            Edit::Remove(_) => (1, 0),
            Edit::Insert(_) => (0, 1),
        }
    }
}

impl Display for Edit<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Edit::Keep(line) => write!(f, " {line}"),
            Edit::Remove(line) => write!(f, "-{line}"),
            Edit::Insert(line) => write!(f, "+{line}"),
        }
    }
}

pub fn diff<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Edit<'t>> {
    let mut lcs = vec![vec![0usize; new.len() + 1]; old.len() + 1];
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            lcs[i][j] = if left == right { lcs[i + 1][j + 1] + 1 } else { lcs[i + 1][j].max(lcs[i][j + 1]) };
        }
    }

    let mut edits = Vec::with_capacity(old.len().max(new.len()));
    let (mut i, mut j) = (0, 0);
    loop {
        let edit = match (old.get(i), new.get(j)) {
            (None, None) => return edits,
            (Some(left), Some(right)) if left == right => Edit::Keep(left),
            (Some(left), Some(_)) if lcs[i + 1][j] >= lcs[i][j + 1] => Edit::Remove(left),
            (Some(left), None) => Edit::Remove(left),
            (_, Some(right)) => Edit::Insert(right),
        };
        let (down, right) = edit.advance();
        i += down;
        j += right;
        edits.push(edit);
    }
}

/// Half-open index ranges of the hunks, overlapping contexts merged.
fn hunk_ranges(edits: &[Edit<'_>], context: usize) -> Vec<std::ops::Range<usize>> {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, _) in edits.iter().enumerate().filter(|(_, edit)| edit.is_change()) {
        let start = index.saturating_sub(context);
        let end = (index + context + 1).min(edits.len());
        match ranges.last_mut() {
            Some(last) if start <= last.end => last.end = end,
            _ => ranges.push(start..end),
        }
    }
    ranges
}

fn lines_covered(edits: &[Edit<'_>]) -> (usize, usize) {
    edits.iter().map(Edit::advance).fold((0, 0), |(old, new), (down, right)| (old + down, new + right))
}

pub fn unified(old: &str, new: &str, context: usize) -> String {
    let old: Vec<_> = old.lines().collect();
    let new: Vec<_> = new.lines().collect();
    let edits = diff(&old, &new);
    let mut text = String::new();
    for range in hunk_ranges(&edits, context) {
        let (old_start, new_start) = lines_covered(&edits[..range.start]);
        let (removed, added) = lines_covered(&edits[range.clone()]);
        text += &format!("@@ -{},{removed} +{},{added} @@\n", old_start + 1, new_start + 1);
        text.extend(edits[range].iter().map(|edit| format!("{edit}\n")));
    }
    text
}

const RECIPE: &str = "Rye loaf\n500 g flour\n320 ml water\n9 g salt\n3 g yeast\nknead 10 min\nrest 60 min\n\
                      shape\nproof 30 min\nscore the top\nbake 35 min\ncool on a rack\n";

fn main() {
    let revised = RECIPE.replace("320 ml", "340 ml").replace("bake", "steam the oven\nbake");
    print!("--- recipe.old\n+++ recipe.new\n{}", unified(RECIPE, &revised, 2));
}
