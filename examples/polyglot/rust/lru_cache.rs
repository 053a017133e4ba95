//! A least-recently-used cache with hit statistics.
//!
//! Every use of an entry stamps it with the next tick of a logical clock. An ordered map
//! from stamp to key then always has the stalest key at its front.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::num::NonZeroUsize;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Stats {
    pub hits: u32,
    pub misses: u32,
    pub evictions: u32,
}

impl Stats {
    pub fn hit_ratio(&self) -> Option<f64> {
        match self.hits + self.misses {
            0 => None,
            lookups => Some(f64::from(self.hits) / f64::from(lookups)),
        }
    }
}

pub struct LruCache<K, V> {
    capacity: NonZeroUsize,
    clock: u64,
    entries: HashMap<K, (u64, V)>,
    by_age: BTreeMap<u64, K>,
    stats: Stats,
}

impl<K: Hash + Eq + Clone, V> LruCache<K, V> {
    pub fn new(capacity: NonZeroUsize) -> Self {
        LruCache {
            capacity,
            clock: 0,
            entries: HashMap::with_capacity(capacity.get()),
            by_age: BTreeMap::new(),
            stats: Stats::default(),
        }
    }

    pub fn get(&mut self, key: &K) -> Option<&V> {
        let Some((stamp, value)) = self.entries.get_mut(key) else {
            self.stats.misses += 1;
            return None;
        };
        self.stats.hits += 1;
        self.clock += 1;
        self.by_age.remove(stamp);
        self.by_age.insert(self.clock, key.clone());
        *stamp = self.clock;
        Some(value)
    }

    /// Stores a value and hands back the key that had to go, if one had to.
    pub fn put(&mut self, key: K, value: V) -> Option<K> {
        self.clock += 1;
        if let Some((stamp, _)) = self.entries.insert(key.clone(), (self.clock, value)) {
            self.by_age.remove(&stamp);
        }
        self.by_age.insert(self.clock, key);
        if self.entries.len() <= self.capacity.get() {
            return None;
        }
        let (_, stalest) = self.by_age.pop_first()?;
        self.entries.remove(&stalest);
        self.stats.evictions += 1;
        Some(stalest)
    }

    pub fn newest_first(&self) -> impl Iterator<Item = &K> {
        self.by_age.values().rev()
    }
}

fn main() {
    let mut pages = LruCache::new(NonZeroUsize::new(3).expect("three is not zero"));
    for path in ["/home", "/cart", "/help", "/home", "/blog", "/cart", "/home"] {
        if pages.get(&path).is_none() {
            let html = format!("<h1>{}</h1>", &path[1..]);
            if let Some(evicted) = pages.put(path, html) {
                println!("{path} pushed out {evicted}");
            }
        }
    }
    println!("{:?}, hit ratio {:.3}", pages.stats, pages.stats.hit_ratio().unwrap_or(0.0));
    println!("newest first: {:?}", pages.newest_first().collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_a_page_keeps_it_alive() {
        let mut cache = LruCache::new(NonZeroUsize::new(2).unwrap());
        assert_eq!(cache.put("/home", 1), None);
        assert_eq!(cache.put("/cart", 2), None);
        assert_eq!(cache.get(&"/home"), Some(&1));
        assert_eq!(cache.put("/help", 3), Some("/cart"));
        assert_eq!(cache.stats, Stats { hits: 1, misses: 0, evictions: 1 });
    }
}
