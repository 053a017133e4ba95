//! The Vigenere cipher and a Kasiski-style guess at the length of its keyword.

use std::collections::HashMap;

const PLAINTEXT: &str = "The convoy leaves the harbour at dawn, when the tide turns. \
    The convoy follows the lighthouse until the harbour pilot leaves the convoy.";

#[derive(Debug, Clone)]
pub struct Vigenere {
    shifts: Vec<u8>,
}

impl Vigenere {
    /// `None` unless the keyword is made of one or more ASCII letters.
    pub fn new(keyword: &str) -> Option<Self> {
        let all_letters = !keyword.is_empty() && keyword.bytes().all(|b| b.is_ascii_alphabetic());
        all_letters.then(|| Vigenere {
            shifts: keyword.bytes().map(|b| b.to_ascii_uppercase() - b'A').collect(),
        })
    }

    pub fn encrypt(&self, plaintext: &str) -> String {
        self.rotate(plaintext, |shift| shift)
    }

    pub fn decrypt(&self, ciphertext: &str) -> String {
        self.rotate(ciphertext, |shift| 26 - shift)
    }

    fn rotate(&self, text: &str, amount: impl Fn(u8) -> u8) -> String {
        let mut shifts = self.shifts.iter().copied().cycle();
        text.chars()
            .map(|c| match c.to_ascii_uppercase() {
                letter @ 'A'..='Z' => {
                    let shift = shifts.next().map_or(0, &amount);
                    char::from(b'A' + (letter as u8 - b'A' + shift) % 26)
                }
                other => other,
            })
            .collect()
    }
}

/// Distances between consecutive occurrences of the same trigram.
pub fn repeat_distances(ciphertext: &str) -> Vec<usize> {
    let letters: Vec<u8> = ciphertext.bytes().filter(u8::is_ascii_uppercase).collect();
    let mut last_seen = HashMap::new();
    letters
        .windows(3)
        .enumerate()
        .filter_map(|(at, trigram)| last_seen.insert(trigram, at).map(|before| at - before))
        .collect()
}

pub fn guess_key_length(ciphertext: &str, longest: usize) -> Option<usize> {
    let distances = repeat_distances(ciphertext);
    (2..=longest)
        .map(|length| (distances.iter().filter(|&d| d % length == 0).count(), length))
        .filter(|&(votes, _)| votes > 0)
        .max()
        .map(|(_, length)| length)
}

fn main() {
    let cipher = Vigenere::new("LEMON").expect("LEMON is all letters");
    assert_eq!(cipher.encrypt("attack at dawn"), "LXFOPV EF RNHR");

    let ciphertext = cipher.encrypt(PLAINTEXT);
    println!("{ciphertext}\n{}", cipher.decrypt(&ciphertext));
    println!("distances of repeats: {:?}", repeat_distances(&ciphertext));
    match guess_key_length(&ciphertext, 12) {
        Some(length) => println!("key length {length} fits best"),
        None => println!("too little repetition for a guess"),
    }
}
