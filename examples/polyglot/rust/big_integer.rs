//! Unsigned big integers as a vector of base-10^9 limbs, least significant first.

use std::fmt;
use std::ops::{Add, Mul};
use std::str::FromStr;

const BASE: u64 = 1_000_000_000;
const WIDTH: usize = 9;

/// The offending text was not a run of decimal digits.
#[derive(Debug, PartialEq)]
pub struct ParseDigitsError(String);

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct BigInteger {
    limbs: Vec<u32>,
}

impl BigInteger {
    /// Builds a number from column sums that may still exceed the base.
    fn carry(columns: impl IntoIterator<Item = u64>) -> Self {
        let mut limbs = Vec::new();
        let mut carry = 0;
        for column in columns {
            let total = column + carry;
            limbs.push((total % BASE) as u32);
            carry = total / BASE;
        }
        while carry > 0 {
            limbs.push((carry % BASE) as u32);
            carry /= BASE;
        }
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        BigInteger { limbs }
    }

    pub fn factorial(n: u32) -> Self {
        (1..=n).fold(BigInteger::from(1), |product, k| &product * &BigInteger::from(k))
    }
}

impl From<u32> for BigInteger {
    fn from(value: u32) -> Self {
        Self::carry([u64::from(value)])
    }
}

impl FromStr for BigInteger {
    type Err = ParseDigitsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ParseDigitsError(text.to_owned()));
        }
        let value = |acc, digit: &u8| acc * 10 + u64::from(digit - b'0');
        Ok(Self::carry(text.as_bytes().rchunks(WIDTH).map(|chunk| chunk.iter().fold(0, value))))
    }
}

impl Add for &BigInteger {
    type Output = BigInteger;

    fn add(self, rhs: Self) -> BigInteger {
        let limb = |n: &BigInteger, i: usize| n.limbs.get(i).copied().map_or(0, u64::from);
        let len = self.limbs.len().max(rhs.limbs.len());
        BigInteger::carry((0..len).map(|i| limb(self, i) + limb(rhs, i)))
    }
}

impl Mul for &BigInteger {
    type Output = BigInteger;

    fn mul(self, rhs: Self) -> BigInteger {
        let mut total = BigInteger::default();
        for (shift, &a) in self.limbs.iter().enumerate() {
            let row = rhs.limbs.iter().map(|&b| u64::from(a) * u64::from(b));
            total = &total + &BigInteger::carry(std::iter::repeat(0).take(shift).chain(row));
        }
        total
    }
}

impl fmt::Display for BigInteger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut limbs = self.limbs.iter().rev();
        write!(f, "{}", limbs.next().unwrap_or(&0))?;
        limbs.try_for_each(|limb| write!(f, "{limb:09}"))
    }
}

fn main() -> Result<(), ParseDigitsError> {
    let nines: BigInteger = "99999999999999999999".parse()?;
    println!("{nines} + 1 = {}", &nines + &1.into());

    let (a, b): (BigInteger, BigInteger) = ("123456789123456789".parse()?, "987654321987654321".parse()?);
    println!("{a} * {b} = {}", &a * &b);
    println!("30! = {}", BigInteger::factorial(30));
    Ok(())
}

#[test]
fn thirty_factorial() {
    assert_eq!(BigInteger::factorial(30).to_string(), "265252859812191058636308480000000");
}
