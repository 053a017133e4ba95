//! Weighted autocomplete backed by a prefix tree.

use std::cmp::Reverse;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Trie {
    children: BTreeMap<char, Trie>,
    weight: Option<u32>,
}

impl Trie {
    pub fn insert(&mut self, word: &str, weight: u32) {
        let node = word
            .chars()
            .fold(self, |node, letter| node.children.entry(letter).or_default());
        *node.weight.get_or_insert(0) += weight;
    }

    /// The `limit` heaviest completions of `prefix`, ties broken alphabetically.
    pub fn complete(&self, prefix: &str, limit: usize) -> Vec<(String, u32)> {
        let mut completions = Vec::new();
        if let Some(node) = self.descend(prefix) {
            node.gather(&mut prefix.to_owned(), &mut completions);
        }
        // Gathering is alphabetical and the sort is stable.
        completions.sort_by_key(|&(_, weight)| Reverse(weight));
        completions.truncate(limit);
        completions
    }

    fn descend(&self, prefix: &str) -> Option<&Trie> {
        prefix.chars().try_fold(self, |node, letter| node.children.get(&letter))
    }

    fn gather(&self, spelled: &mut String, out: &mut Vec<(String, u32)>) {
        if let Some(weight) = self.weight {
            out.push((spelled.clone(), weight));
        }
        for (&letter, child) in &self.children {
            spelled.push(letter);
            child.gather(spelled, out);
            spelled.pop();
        }
    }
}

impl<'a> FromIterator<(&'a str, u32)> for Trie {
    fn from_iter<I: IntoIterator<Item = (&'a str, u32)>>(lexicon: I) -> Self {
        let mut trie = Trie::default();
        for (word, weight) in lexicon {
            trie.insert(word, weight);
        }
        trie
    }
}

fn main() {
    let mut trie: Trie = [
        ("tea", 50),
        ("team", 35),
        ("teapot", 12),
        ("teal", 8),
        ("ten", 40),
        ("tent", 22),
        ("tension", 9),
        ("inn", 30),
        ("ink", 27),
        ("inlet", 14),
    ]
    .into_iter()
    .collect();

    for prefix in ["te", "tea", "in", "x"] {
        match trie.complete(prefix, 3).as_slice() {
            [] => println!("{prefix}: nothing starts like that"),
            [(best, weight), rest @ ..] => {
                println!("{prefix}: {best} ({weight}), then {rest:?}");
            }
        }
    }

    trie.insert("teapot", 45);
    println!("after the tea party: {:?}", trie.complete("te", 1));
}
