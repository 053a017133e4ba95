//! 0/1 knapsack for a hiking trip: fill a rucksack with the most valuable gear.

use std::fmt;

#[derive(Debug, Clone, PartialEq)]
struct Gear {
    name: &'static str,
    /// In units of 100 grams.
    weight: usize,
    value: u32,
}

const fn gear(name: &'static str, weight: usize, value: u32) -> Gear {
    Gear { name, weight, value }
}

const CLOSET: [Gear; 12] = [
    gear("tent", 18, 60),
    gear("stove", 6, 34),
    gear("sleeping bag", 12, 55),
    gear("rain jacket", 5, 38),
    gear("camera", 9, 22),
    gear("water filter", 3, 30),
    gear("paperback", 4, 8),
    gear("head torch", 2, 19),
    gear("first aid kit", 3, 28),
    gear("trekking poles", 5, 17),
    gear("bear canister", 11, 25),
    gear("binoculars", 7, 12),
];

struct Rucksack<'a> {
    capacity: usize,
    packed: Vec<&'a Gear>,
}

impl<'a> Rucksack<'a> {
    fn plan(items: &'a [Gear], capacity: usize) -> Self {
        let mut best = vec![0; capacity + 1];
        let decisions: Vec<Vec<bool>> =
            items.iter().map(|item| Self::consider(item, &mut best)).collect();

        let mut room = capacity;
        let mut packed: Vec<_> = items
            .iter()
            .zip(&decisions)
            .rev()
            .filter(|(item, take)| {
                let chosen = take[room];
                if chosen {
                    room -= item.weight;
                }
                chosen
            })
            .map(|(item, _)| item)
            .collect();
        packed.reverse();
        Rucksack { capacity, packed }
    }

    /// Updates the best values for one more item; says for which capacities it was worth taking.
    fn consider(item: &Gear, best: &mut [u32]) -> Vec<bool> {
        let mut take = vec![false; best.len()];
        for room in (item.weight..best.len()).rev() {
            let candidate = best[room - item.weight] + item.value;
            if candidate > best[room] {
                best[room] = candidate;
                take[room] = true;
            }
        }
        take
    }

    fn weight(&self) -> usize {
        self.packed.iter().map(|g| g.weight).sum()
    }

    fn value(&self) -> u32 {
        self.packed.iter().map(|g| g.value).sum()
    }
}

impl fmt::Display for Rucksack<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kg = |hectograms: usize| hectograms as f64 / 10.0;
        writeln!(f, "{:.1} of {:.1} kg, value {}", kg(self.weight()), kg(self.capacity), self.value())?;
        for item in &self.packed {
            writeln!(f, "  {:<15}{:>5.1}{:>5}", item.name, kg(item.weight), item.value)?;
        }
        Ok(())
    }
}

fn main() {
    for capacity in [55, 30] {
        println!("{}", Rucksack::plan(&CLOSET, capacity));
    }
}
