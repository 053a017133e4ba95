//! Shuffles a card deck with a hand-made xorshift generator and classifies the poker hands dealt.

use std::{cmp::Reverse, collections::BTreeMap, fmt, str::FromStr};

const RANKS: &str = "23456789TJQKA";
const SUITS: &str = "CDHS";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Category {
    HighCard,
    Pair,
    TwoPair,
    ThreeOfAKind,
    Straight,
    Flush,
    FullHouse,
    FourOfAKind,
    StraightFlush,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Card {
    rank: u8,
    suit: char,
}

impl FromStr for Card {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut letters = text.chars();
        let rank = letters.next().and_then(|r| RANKS.find(r)).ok_or(format!("no rank in {text:?}"))?;
        let suit = letters.next().filter(|&s| SUITS.contains(s)).ok_or(format!("no suit in {text:?}"))?;
        Ok(Card { rank: rank as u8 + 2, suit })
    }
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = usize::from(self.rank) - 2;
        write!(f, "{}{}", &RANKS[index..=index], self.suit)
    }
}

/// The value of a hand; tuples compare by category first and by the deciding ranks next.
fn classify(hand: &[Card; 5]) -> (Category, Vec<u8>) {
    let mut counts = BTreeMap::new();
    for card in hand {
        *counts.entry(card.rank).or_insert(0) += 1;
    }
    let mut groups: Vec<(i32, u8)> = counts.into_iter().map(|(rank, n)| (n, rank)).collect();
    groups.sort_by_key(|&group| Reverse(group));
    let mut ranks: Vec<u8> = groups.iter().map(|&(_, rank)| rank).collect();
    if ranks == [14, 5, 4, 3, 2] {
        ranks = vec![5, 4, 3, 2, 1];
    }
    let flush = hand.iter().all(|card| card.suit == hand[0].suit);
    let category = match groups[..] {
        [(4, _), _] => Category::FourOfAKind,
        [(3, _), _] => Category::FullHouse,
        [(3, _), ..] => Category::ThreeOfAKind,
        [(2, _), (2, _), _] => Category::TwoPair,
        [(2, _), ..] => Category::Pair,
        _ => match (ranks[0] - ranks[4] == 4, flush) {
            (true, true) => Category::StraightFlush,
            (true, false) => Category::Straight,
            (false, true) => Category::Flush,
            (false, false) => Category::HighCard,
        },
    };
    (category, ranks)
}

fn shuffled_deck(seed: u32) -> Vec<Card> {
    let mut deck: Vec<Card> =
        SUITS.chars().flat_map(|suit| (2..=14).map(move |rank| Card { rank, suit })).collect();
    let mut x = seed;
    for i in (1..deck.len()).rev() {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        deck.swap(i, x as usize % (i + 1));
    }
    deck
}

fn main() {
    let deck = shuffled_deck(772_024);
    let hands = deck.chunks_exact(5).map(|cards| <[Card; 5]>::try_from(cards).expect("five cards"));
    let seats: Vec<_> = ["North", "East", "South", "West"].into_iter().zip(hands).collect();
    for (player, hand) in &seats {
        println!("{player:<6}{}  {:?}", hand.map(|c| c.to_string()).join(" "), classify(hand).0);
    }
    let winner = seats.iter().max_by_key(|(_, hand)| classify(hand)).map(|(player, _)| player);
    println!("winner: {}", winner.unwrap_or(&"nobody"));
}

#[test]
fn hands_are_ranked() {
    let ascending = "AH QD 9C 6S 3H  8C 8H 2S 5D QS  8S 8D 2C 5H KS  4S 4D JC JH AS  7S 7D 7C QH 2S  \
        AS 2D 3C 4H 5S  2S 3D 4C 5H 6S  2H 5H 9H JH KH  3S 3D 3C KH KD  9C 9D 9H 9S 2C  TH JH QH KH AH";
    let cards: Vec<Card> = ascending.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let values: Vec<_> = cards.chunks(5).map(|hand| classify(hand.try_into().unwrap())).collect();
    assert!(values.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(values[10].0, Category::StraightFlush);
}
