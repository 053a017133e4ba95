//! Outline of a Markdown text: headings with unique slugs, shown as a table of contents.

use std::collections::HashMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub level: usize,
    pub title: String,
    pub slug: String,
}

impl fmt::Display for Heading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = 2 * (self.level - 1);
        write!(f, "{:indent$}- [{}](#{})", "", self.title, self.slug)
    }
}

/// Parses `## Title ##` into its level and title.
fn atx_heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    if !(1..=6).contains(&level) || !title.starts_with([' ', '\t']) {
        return None;
    }
    Some((level, title.trim_end_matches(['#', ' ']).trim()))
}

/// The level that a line of `===` or `---` gives to the text above it.
fn setext_level(line: &str) -> Option<usize> {
    let line = line.trim_end();
    let made_of = |mark: char| !line.is_empty() && line.chars().all(|c| c == mark);
    if made_of('=') {
        Some(1)
    } else if made_of('-') {
        Some(2)
    } else {
        None
    }
}

fn slugify(title: &str) -> String {
    title
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

pub fn outline(markdown: &str) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut slug_uses: HashMap<String, u32> = HashMap::new();
    let mut fence: Option<&str> = None;
    let mut above: Option<&str> = None;

    for line in markdown.lines() {
        let marker = ["```", "~~~"].into_iter().find(|marker| line.trim_start().starts_with(marker));
        if let Some(marker) = marker {
            match fence {
                None => fence = Some(marker),
                Some(open) if open == marker => fence = None,
                Some(_) => {}
            }
            above = None;
            continue;
        }
        if fence.is_some() {
            continue;
        }
        let setext = setext_level(line).zip(above);
        if let Some((level, title)) = atx_heading(line).or(setext) {
            let base = slugify(title);
            let uses = slug_uses.entry(base.clone()).or_insert(0);
            let slug = if *uses == 0 { base } else { format!("{base}-{uses}") };
            *uses += 1;
            headings.push(Heading { level, title: title.to_string(), slug });
            above = None;
        } else {
            above = Some(line.trim()).filter(|text| !text.is_empty());
        }
    }
    headings
}

const GUIDE: &str = "\
Field Guide
===========
How to watch *birds*.

## Getting Started
### Install
```sh
# not a heading, only a comment
```
## Usage & Tips
### Install ###
## FAQ
";

fn main() {
    for heading in outline(GUIDE) {
        println!("{heading}");
    }
}
