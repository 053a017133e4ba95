//! CSV report: quoted fields, then units and revenue totalled by region.

use std::collections::BTreeMap;
use std::error::Error;
use std::iter::Peekable;
use std::str::Chars;

const SALES: &str = r#"region,product,units,price
North,"Bolts, M6",120,0.35
South,"Hinge ""Heavy""",14,6.20
North,Washers,300,0.05
West,"Multi
line bracket",8,11.75
South,Washers,50,0.05
"#;

/// Iterates over the records of a CSV text.
struct Records<'a> {
    chars: Peekable<Chars<'a>>,
}

impl<'a> Records<'a> {
    fn new(text: &'a str) -> Self {
        Records { chars: text.chars().peekable() }
    }

    /// Reads one field, leaving the comma or line break that ends it.
    fn field(&mut self) -> Result<String, String> {
        let mut field = String::new();
        if self.chars.next_if_eq(&'"').is_none() {
            while let Some(c) = self.chars.next_if(|c| !matches!(c, ',' | '\n')) {
                field.push(c);
            }
            return Ok(field);
        }
        loop {
            match self.chars.next() {
                Some('"') if self.chars.next_if_eq(&'"').is_some() => field.push('"'),
                Some('"') => return Ok(field),
                Some(c) => field.push(c),
                None => return Err(format!("quoted field never closed: {field:?}")),
            }
        }
    }

    fn record(&mut self) -> Result<Vec<String>, String> {
        let mut fields = vec![self.field()?];
        loop {
            match self.chars.next() {
                Some(',') => fields.push(self.field()?),
                Some('\n') | None => return Ok(fields),
                Some(c) => return Err(format!("unexpected {c:?} after a closing quote")),
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<String>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        self.chars.peek()?;
        Some(self.record())
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Totals {
    units: u64,
    cents: u64,
}

fn parse_cents(price: &str) -> Result<u64, Box<dyn Error>> {
    let (whole, fraction) = price.split_once('.').ok_or("price needs two decimals")?;
    if fraction.len() != 2 {
        return Err(format!("price {price} needs two decimals").into());
    }
    Ok(whole.parse::<u64>()? * 100 + fraction.parse::<u64>()?)
}

fn total_by_region(csv: &str) -> Result<BTreeMap<String, Totals>, Box<dyn Error>> {
    let mut groups: BTreeMap<String, Totals> = BTreeMap::new();
    for record in Records::new(csv).skip(1) {
        let [region, _product, units, price]: [String; 4] =
            record?.try_into().map_err(|fields: Vec<_>| format!("expected 4 fields, got {}", fields.len()))?;
        let units: u64 = units.parse()?;
        let totals = groups.entry(region).or_default();
        totals.units += units;
        totals.cents += units * parse_cents(&price)?;
    }
    Ok(groups)
}

fn main() -> Result<(), Box<dyn Error>> {
    let groups = total_by_region(SALES)?;
    for (region, Totals { units, cents }) in &groups {
        println!("{region:<8}{units:>6}{:>8}.{:02}", cents / 100, cents % 100);
    }
    let grand: u64 = groups.values().map(|totals| totals.cents).sum();
    println!("{:<8}{:>14}.{:02}", "Total", grand / 100, grand % 100);
    Ok(())
}
