//! Build order of packages by Kahn's algorithm, with a report of the cycle if there is one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Packages that need each other; the first package is repeated at the end.
#[derive(Debug, PartialEq, Eq)]
pub struct Cycle(Vec<String>);

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dependency cycle {}", self.0.join(" -> "))
    }
}

impl std::error::Error for Cycle {}

#[derive(Debug, Default)]
pub struct Manifest {
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Manifest {
    /// Reads lines of the form `package: dependency dependency`.
    pub fn parse(text: &str) -> Manifest {
        let mut manifest = Manifest::default();
        for (package, dependencies) in text.lines().filter_map(|line| line.split_once(':')) {
            for dependency in dependencies.split_whitespace() {
                manifest.needs.entry(dependency.to_string()).or_default();
                let needs = manifest.needs.entry(package.trim().to_string()).or_default();
                needs.insert(dependency.to_string());
            }
        }
        manifest
    }

    pub fn build_order(mut self) -> Result<Vec<String>, Cycle> {
        let mut order = Vec::with_capacity(self.needs.len());
        // Only the sets of the packages still to be built shrink; an empty set means ready.
        while let Some(ready) = self.next_ready() {
            self.needs.remove(&ready);
            for open in self.needs.values_mut() {
                open.remove(&ready);
            }
            order.push(ready);
        }
        match self.needs.keys().next() {
            None => Ok(order),
            Some(stuck) => Err(self.cycle_from(stuck)),
        }
    }

    fn next_ready(&self) -> Option<String> {
        let (package, _) = self.needs.iter().find(|(_, open)| open.is_empty())?;
        Some(package.clone())
    }

    fn cycle_from(&self, stuck: &String) -> Cycle {
        let mut trail: Vec<&String> = Vec::new();
        let mut package = stuck;
        loop {
            if let Some(start) = trail.iter().position(|&seen| seen == package) {
                let closed = trail[start..].iter().copied().chain([package]);
                return Cycle(closed.cloned().collect());
            }
            trail.push(package);
            package = self.needs[package].first().expect("a stuck package waits for another");
        }
    }
}

const WEB_SHOP: &str = "
    app: http auth logging
    http: sockets logging
    auth: crypto storage
    storage: logging";

const COMPILER: &str = "
    driver: parser
    parser: lexer
    lexer: tokens
    tokens: parser";

fn main() {
    for (project, text) in [("web shop", WEB_SHOP), ("compiler", COMPILER)] {
        match Manifest::parse(text).build_order() {
            Ok(order) => println!("{project}: {}", order.join(", ")),
            Err(cycle) => println!("{project}: {cycle}"),
        }
    }
}

#[cfg(test)]
#[test]
fn the_compiler_cannot_be_built() {
    let Cycle(path) = Manifest::parse(COMPILER).build_order().unwrap_err();
    assert_eq!(path.len(), 4);
    assert_eq!(path.first(), path.last());
}
