//! Inventory ledger: FIFO cost layers per SKU, stock issues and low-stock alerts.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    Receive { units: u32, unit_cost: u64 },
    Issue { units: u32 },
}

#[derive(Debug, PartialEq, Eq)]
pub enum LedgerError {
    UnknownSku(String),
    Shortage { sku: String, wanted: u32, on_hand: u32 },
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownSku(sku) => write!(f, "no such item: {sku}"),
            Self::Shortage { sku, wanted, on_hand } => {
                write!(f, "{sku}: wanted {wanted} but only {on_hand} on hand")
            }
        }
    }
}

impl std::error::Error for LedgerError {}

#[derive(Default)]
struct Item {
    reorder_point: u32,
    layers: VecDeque<(u32, u64)>,
}

impl Item {
    fn on_hand(&self) -> u32 {
        self.layers.iter().map(|&(units, _)| units).sum()
    }

    /// The caller has checked that enough units exist.
    fn draw(&mut self, mut units: u32) -> u64 {
        let mut cost = 0;
        while let Some((available, unit_cost)) = self.layers.pop_front() {
            let taken = available.min(units);
            cost += u64::from(taken) * unit_cost;
            units -= taken;
            if taken < available {
                self.layers.push_front((available - taken, unit_cost));
            }
            if units == 0 {
                break;
            }
        }
        cost
    }
}

#[derive(Default)]
pub struct Ledger {
    items: BTreeMap<String, Item>,
}

impl Ledger {
    pub fn stock(mut self, sku: &str, reorder_point: u32) -> Self {
        self.items.entry(sku.to_owned()).or_default().reorder_point = reorder_point;
        self
    }

    /// Posts one movement; an issue yields the cost of the goods that left.
    pub fn post(&mut self, sku: &str, movement: Movement) -> Result<u64, LedgerError> {
        let item = self.items.get_mut(sku).ok_or_else(|| LedgerError::UnknownSku(sku.to_owned()))?;
        match movement {
            Movement::Receive { units, unit_cost } => {
                item.layers.push_back((units, unit_cost));
                Ok(0)
            }
            Movement::Issue { units: wanted } if wanted > item.on_hand() => {
                Err(LedgerError::Shortage { sku: sku.to_owned(), wanted, on_hand: item.on_hand() })
            }
            Movement::Issue { units } => Ok(item.draw(units)),
        }
    }

    pub fn alerts(&self) -> impl Iterator<Item = (&str, u32)> + '_ {
        self.items
            .iter()
            .filter(|(_, item)| item.on_hand() < item.reorder_point)
            .map(|(sku, item)| (sku.as_str(), item.on_hand()))
    }
}

fn main() -> Result<(), LedgerError> {
    use Movement::{Issue, Receive};
    let mut ledger = Ledger::default().stock("BOLT-M8", 50).stock("GASKET-40", 20).stock("VALVE-3W", 4);
    ledger.post("BOLT-M8", Receive { units: 100, unit_cost: 12 })?;
    ledger.post("BOLT-M8", Receive { units: 60, unit_cost: 15 })?;
    ledger.post("GASKET-40", Receive { units: 30, unit_cost: 210 })?;
    println!("bolts issued for {} cents", ledger.post("BOLT-M8", Issue { units: 120 })?);
    if let Err(error) = ledger.post("VALVE-3W", Issue { units: 10 }) {
        eprintln!("{error}");
    }
    for (sku, left) in ledger.alerts() {
        println!("low stock: {sku} has {left} left");
    }
    Ok(())
}
