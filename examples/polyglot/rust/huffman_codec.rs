//! Huffman codec: code tree, encoder, decoder and the compression ratio of a message.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tree {
    Leaf(char),
    Branch(Box<Tree>, Box<Tree>),
}

impl Tree {
    /// Returns `None` for an empty message, which has no symbols to assign codes to.
    fn for_message(message: &str) -> Option<Tree> {
        let mut frequencies: BTreeMap<char, usize> = BTreeMap::new();
        for symbol in message.chars() {
            *frequencies.entry(symbol).or_default() += 1;
        }

        let mut heap: BinaryHeap<_> = frequencies
            .into_iter()
            .map(|(symbol, weight)| Reverse((weight, Tree::Leaf(symbol))))
            .collect();

        loop {
            let Reverse((first_weight, first)) = heap.pop()?;
            match heap.pop() {
                None => return Some(first),
                Some(Reverse((second_weight, second))) => {
                    let branch = Tree::Branch(Box::new(first), Box::new(second));
                    heap.push(Reverse((first_weight + second_weight, branch)));
                }
            }
        }
    }

    fn collect_codes(&self, path: &mut Vec<bool>, codes: &mut BTreeMap<char, Vec<bool>>) {
        match self {
            Tree::Leaf(symbol) => {
                let code = if path.is_empty() { vec![false] } else { path.clone() };
                codes.insert(*symbol, code);
            }
            Tree::Branch(zero, one) => {
                for (bit, child) in [(false, zero), (true, one)] {
                    path.push(bit);
                    child.collect_codes(path, codes);
                    path.pop();
                }
            }
        }
    }
}

struct Codec {
    root: Tree,
    codes: BTreeMap<char, Vec<bool>>,
}

impl Codec {
    fn new(message: &str) -> Option<Self> {
        let root = Tree::for_message(message)?;
        let mut codes = BTreeMap::new();
        root.collect_codes(&mut Vec::new(), &mut codes);
        Some(Codec { root, codes })
    }

    fn encode(&self, message: &str) -> Result<Vec<bool>, String> {
        let mut bits = Vec::new();
        for symbol in message.chars() {
            let code = self.codes.get(&symbol).ok_or_else(|| format!("no code for {symbol:?}"))?;
            bits.extend_from_slice(code);
        }
        Ok(bits)
    }

    fn decode(&self, bits: &[bool]) -> String {
        let mut node = &self.root;
        let mut message = String::new();
        for &bit in bits {
            if let Tree::Branch(zero, one) = node {
                node = if bit { one } else { zero };
            }
            if let Tree::Leaf(symbol) = node {
                message.push(*symbol);
                node = &self.root;
            }
        }
        message
    }
}

fn main() -> Result<(), String> {
    let message = "she sells seashells by the seashore";
    let codec = Codec::new(message).ok_or("empty message")?;
    let bits = codec.encode(message)?;

    for (symbol, code) in &codec.codes {
        let digits: String = code.iter().map(|&bit| if bit { '1' } else { '0' }).collect();
        println!("{symbol:?} => {digits}");
    }
    assert_eq!(codec.decode(&bits), message);
    let ratio = (message.len() * 8) as f64 / bits.len() as f64;
    println!("{} bits encoded, compression ratio {ratio:.2}", bits.len());
    Ok(())
}
