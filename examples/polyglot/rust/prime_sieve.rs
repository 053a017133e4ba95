//! Segmented sieve of Eratosthenes, twin primes and factorisation into prime powers.

use std::collections::BTreeMap;

const SEGMENT: u64 = 32_768;

/// Lazily walks the primes of an inclusive range, one segment after another.
pub struct Primes {
    base: Vec<u64>,
    segment: std::vec::IntoIter<u64>,
    next_start: u64,
    high: u64,
}

impl Primes {
    pub fn between(low: u64, high: u64) -> Self {
        let base = small_primes((high as f64).sqrt() as u64 + 1);
        Primes { base, segment: Vec::new().into_iter(), next_start: low.max(2), high }
    }

    fn sieve_segment(&self, start: u64, end: u64) -> Vec<u64> {
        let mut alive = vec![true; (end - start) as usize];
        for &p in self.base.iter().take_while(|&&p| p * p < end) {
            let first = (p * p).max(start.div_ceil(p) * p);
            for multiple in (first..end).step_by(p as usize) {
                alive[(multiple - start) as usize] = false;
            }
        }
        (start..end).zip(alive).filter_map(|(n, ok)| ok.then_some(n)).collect()
    }
}

impl Iterator for Primes {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        loop {
            if let Some(prime) = self.segment.next() {
                return Some(prime);
            }
            if self.next_start > self.high {
                return None;
            }
            let end = (self.next_start + SEGMENT).min(self.high + 1);
            self.segment = self.sieve_segment(self.next_start, end).into_iter();
            self.next_start = end;
        }
    }
}

fn small_primes(limit: u64) -> Vec<u64> {
    let mut primes: Vec<u64> = Vec::new();
    for n in 2..=limit {
        if primes.iter().take_while(|&&p| p * p <= n).all(|p| n % p != 0) {
            primes.push(n);
        }
    }
    primes
}

pub fn twin_primes(low: u64, high: u64) -> Vec<(u64, u64)> {
    let primes: Vec<_> = Primes::between(low, high).collect();
    primes.windows(2).filter(|w| w[1] - w[0] == 2).map(|w| (w[0], w[1])).collect()
}

/// Prime factors and exponents; `None` for zero, which has no factorisation.
pub fn factorise(mut n: u64) -> Option<BTreeMap<u64, u32>> {
    if n == 0 {
        return None;
    }
    let mut powers = BTreeMap::new();
    let mut divisor = 2;
    while divisor * divisor <= n {
        if n % divisor == 0 {
            *powers.entry(divisor).or_default() += 1;
            n /= divisor;
        } else {
            divisor += 1;
        }
    }
    if n > 1 {
        *powers.entry(n).or_default() += 1;
    }
    Some(powers)
}

fn main() {
    println!("primes up to 200000: {}", Primes::between(2, 200_000).count());
    println!("twins: {:?}", twin_primes(10_000, 10_500));
    for n in [600_851_475_143, 9_699_690, 1_001_001, 65_536] {
        println!("{n}: {:?}", factorise(n).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_across_segments() {
        assert_eq!(Primes::between(0, 200_000).count(), 17_984);
    }

    #[test]
    fn factors_of_a_power_of_two() {
        assert_eq!(factorise(65_536), Some(BTreeMap::from([(2, 16)])));
        assert_eq!(factorise(0), None);
    }
}
