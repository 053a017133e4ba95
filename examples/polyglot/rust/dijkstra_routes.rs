//! Shortest routes on a road map with named towns (Dijkstra's algorithm on a binary heap).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

type Kilometres = u32;

#[derive(Debug, PartialEq, Eq)]
pub struct Route<'a> {
    pub towns: Vec<&'a str>,
    pub length: Kilometres,
}

/// An undirected road network.
#[derive(Default)]
pub struct RoadMap<'a> {
    roads: HashMap<&'a str, Vec<(&'a str, Kilometres)>>,
}

impl<'a> RoadMap<'a> {
    pub fn add_road(&mut self, a: &'a str, b: &'a str, length: Kilometres) {
        self.roads.entry(a).or_default().push((b, length));
        self.roads.entry(b).or_default().push((a, length));
    }

    /// `None` if no road, however long, connects the two towns.
    pub fn shortest_route(&self, origin: &'a str, destination: &'a str) -> Option<Route<'a>> {
        let mut best: HashMap<&str, (Kilometres, Option<&'a str>)> = HashMap::from([(origin, (0, None))]);
        let mut frontier = BinaryHeap::from([Reverse((0, origin))]);

        while let Some(Reverse((travelled, town))) = frontier.pop() {
            if town == destination {
                let mut towns: Vec<&'a str> =
                    std::iter::successors(Some(town), |stop| best[stop].1).collect();
                towns.reverse();
                return Some(Route { towns, length: travelled });
            }
            if travelled > best[town].0 {
                continue;
            }
            for &(neighbour, leg) in self.roads.get(town).into_iter().flatten() {
                let candidate = travelled + leg;
                let improves = best.get(neighbour).map_or(true, |&(known, _)| candidate < known);
                if improves {
                    best.insert(neighbour, (candidate, Some(town)));
                    frontier.push(Reverse((candidate, neighbour)));
                }
            }
        }
        None
    }
}

fn scotland() -> RoadMap<'static> {
    let mut map = RoadMap::default();
    map.add_road("Edinburgh", "Glasgow", 76);
    map.add_road("Edinburgh", "Stirling", 59);
    map.add_road("Edinburgh", "Perth", 71);
    map.add_road("Glasgow", "Stirling", 43);
    map.add_road("Glasgow", "Oban", 155);
    map.add_road("Stirling", "Perth", 55);
    map.add_road("Perth", "Dundee", 35);
    map.add_road("Perth", "Inverness", 180);
    map.add_road("Dundee", "Aberdeen", 106);
    map.add_road("Aberdeen", "Inverness", 167);
    map
}

fn main() {
    let map = scotland();
    let trips =
        [("Glasgow", "Aberdeen"), ("Edinburgh", "Inverness"), ("Oban", "Dundee"), ("Oban", "Lerwick")];
    for (origin, destination) in trips {
        match map.shortest_route(origin, destination) {
            Some(Route { towns, length }) => println!("{length:>4} km  {}", towns.join(" -> ")),
            None => println!("   you cannot drive from {origin} to {destination}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glasgow_to_aberdeen_avoids_edinburgh() {
        let route = scotland().shortest_route("Glasgow", "Aberdeen").unwrap();
        assert_eq!(route.length, 239);
        assert_eq!(route.towns, ["Glasgow", "Stirling", "Perth", "Dundee", "Aberdeen"]);
    }
}
