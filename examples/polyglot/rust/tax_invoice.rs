//! Tax invoice: line items, a discount by subtotal tier and VAT per category.
//! Money is kept in whole cents; percentages round half up.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vat {
    Standard,
    Reduced,
    Zero,
}

impl Vat {
    const fn percent(self) -> u64 {
        match self {
            Vat::Standard => 20,
            Vat::Reduced => 5,
            Vat::Zero => 0,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cents(u64);

impl Cents {
    fn percent(self, percent: u64) -> Cents {
        Cents((self.0 * percent + 50) / 100)
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

pub struct Line {
    description: &'static str,
    quantity: u64,
    unit_price: Cents,
    vat: Vat,
}

impl Line {
    fn amount(&self) -> Cents {
        Cents(self.quantity * self.unit_price.0)
    }
}

pub struct Invoice(Vec<Line>);

impl Invoice {
    pub fn sample() -> Self {
        let line = |description, quantity, cents, vat| {
            let unit_price = Cents(cents);
            Line { description, quantity, unit_price, vat }
        };
        Invoice(vec![
            line("Oak desk", 2, 249_00, Vat::Standard),
            line("Atlas of Rivers", 6, 18_50, Vat::Zero),
            line("Child car seat", 1, 139_99, Vat::Reduced),
        ])
    }

    pub fn subtotal(&self) -> Cents {
        Cents(self.0.iter().map(|line| line.amount().0).sum())
    }

    pub fn discount_percent(&self) -> u64 {
        match self.subtotal().0 {
            1000_00.. => 10,
            500_00.. => 5,
            200_00.. => 2,
            _ => 0,
        }
    }

    fn nets(&self) -> BTreeMap<Vat, Cents> {
        let rate = self.discount_percent();
        self.0.iter().fold(BTreeMap::new(), |mut nets, line| {
            let amount = line.amount();
            nets.entry(line.vat).or_insert(Cents(0)).0 += amount.0 - amount.percent(rate).0;
            nets
        })
    }

    pub fn total(&self) -> Cents {
        Cents(self.nets().iter().map(|(vat, net)| net.0 + net.percent(vat.percent()).0).sum())
    }
}

impl fmt::Display for Invoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            writeln!(f, "{:>3} {:<18}{:>10}", line.quantity, line.description, line.amount())?;
        }
        writeln!(f, "subtotal {} less {}%", self.subtotal(), self.discount_percent())?;
        for (vat, net) in self.nets() {
            let percent = vat.percent();
            writeln!(f, "{vat:?} {percent:>3}% of {net:>8}: {:>7}", net.percent(percent))?;
        }
        write!(f, "total due {}", self.total())
    }
}

fn main() {
    println!("{}", Invoice::sample());
}
