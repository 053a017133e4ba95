//! Bloom filter with FNV-1a and double hashing.

use std::f64::consts::LN_2;
use std::hash::Hasher;

/// 64-bit FNV-1a as a standard [`Hasher`].
struct Fnv1a(u64);

impl Default for Fnv1a {
    fn default() -> Self {
        Fnv1a(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv1a {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

pub struct BloomFilter {
    blocks: Vec<u64>,
    bit_len: u64,
    hashes: u32,
    inserted: usize,
}

impl BloomFilter {
    pub fn with_rate(capacity: usize, false_positive_rate: f64) -> Self {
        assert!(capacity > 0, "capacity must not be zero");
        let bit_len = (-(capacity as f64) * false_positive_rate.ln() / LN_2.powi(2)).ceil();
        let hashes = (bit_len / capacity as f64 * LN_2).round().max(1.0) as u32;
        let bit_len = bit_len as u64;
        BloomFilter { blocks: vec![0; bit_len.div_ceil(64) as usize], bit_len, hashes, inserted: 0 }
    }

    fn locations(&self, item: &[u8]) -> impl Iterator<Item = (usize, u64)> {
        let mut hasher = Fnv1a::default();
        hasher.write(item);
        let digest = hasher.finish();
        let (start, stride) = (digest >> 32, digest & 0xffff_ffff | 1);
        let bit_len = self.bit_len;
        (0..u64::from(self.hashes)).map(move |i| {
            let bit = (start + i * stride) % bit_len;
            ((bit / 64) as usize, 1 << (bit % 64))
        })
    }

    pub fn insert(&mut self, item: impl AsRef<[u8]>) {
        let locations: Vec<_> = self.locations(item.as_ref()).collect();
        for (block, mask) in locations {
            self.blocks[block] |= mask;
        }
        self.inserted += 1;
    }

    pub fn may_contain(&self, item: impl AsRef<[u8]>) -> bool {
        self.locations(item.as_ref()).all(|(block, mask)| self.blocks[block] & mask != 0)
    }

    pub fn false_positive_rate(&self) -> f64 {
        let load = f64::from(self.hashes) * self.inserted as f64 / self.bit_len as f64;
        (1.0 - (-load).exp()).powi(self.hashes as i32)
    }
}

impl<S: AsRef<[u8]>> Extend<S> for BloomFilter {
    fn extend<I: IntoIterator<Item = S>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.insert(item));
    }
}

fn main() {
    let spotted = ["sparrow", "heron", "kestrel", "avocet", "plover", "dunnock", "wigeon", "bittern"];
    let mut sightings = BloomFilter::with_rate(spotted.len(), 0.01);
    sightings.extend(spotted);
    assert!(spotted.iter().all(|bird| sightings.may_contain(bird)));

    let set_bits: u32 = sightings.blocks.iter().map(|block| block.count_ones()).sum();
    println!("{set_bits} of {} bits set by {} hashes", sightings.bit_len, sightings.hashes);
    for bird in ["penguin", "ostrich", "toucan", "flamingo"] {
        let verdict = if sightings.may_contain(bird) { "perhaps seen" } else { "never seen" };
        println!("{bird:>9}: {verdict}");
    }
    println!("false positive estimate {:.4}", sightings.false_positive_rate());
}
