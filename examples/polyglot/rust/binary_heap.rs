//! Priority queue with decrease-key for a print spooler.
//!
//! `std::collections::BinaryHeap` cannot re-prioritise an element, so this one tracks the slot of
//! each job in a side table and reports misuse through `SpoolError`.

use std::collections::HashMap;
use std::fmt;

#[derive(Debug, PartialEq, Eq)]
pub enum SpoolError {
    Duplicate(String),
    Unknown(String),
    LessUrgent { job: String, current: u32, requested: u32 },
}

impl fmt::Display for SpoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpoolError::Duplicate(job) => write!(f, "{job} is queued twice"),
            SpoolError::Unknown(job) => write!(f, "{job} is not in the queue"),
            SpoolError::LessUrgent { job, current, requested } => {
                write!(f, "{job} already has priority {current}, refusing {requested}")
            }
        }
    }
}

impl std::error::Error for SpoolError {}

#[derive(Default)]
pub struct BinaryHeap {
    nodes: Vec<(u32, String)>,
    slots: HashMap<String, usize>,
}

impl BinaryHeap {
    pub fn push(&mut self, job: &str, priority: u32) -> Result<(), SpoolError> {
        if self.slots.contains_key(job) {
            return Err(SpoolError::Duplicate(job.to_owned()));
        }
        let slot = self.nodes.len();
        self.nodes.push((priority, job.to_owned()));
        self.slots.insert(job.to_owned(), slot);
        self.sift_up(slot);
        Ok(())
    }

    pub fn decrease_key(&mut self, job: &str, requested: u32) -> Result<(), SpoolError> {
        let slot = *self.slots.get(job).ok_or_else(|| SpoolError::Unknown(job.to_owned()))?;
        let current = self.nodes[slot].0;
        if requested > current {
            return Err(SpoolError::LessUrgent { job: job.to_owned(), current, requested });
        }
        self.nodes[slot].0 = requested;
        self.sift_up(slot);
        Ok(())
    }

    pub fn pop(&mut self) -> Option<(u32, String)> {
        let last = self.nodes.len().checked_sub(1)?;
        self.swap(0, last);
        let top = self.nodes.pop()?;
        self.slots.remove(&top.1);
        self.sift_down(0);
        Some(top)
    }

    fn sift_up(&mut self, mut slot: usize) {
        while slot > 0 && self.nodes[slot].0 < self.nodes[(slot - 1) / 2].0 {
            self.swap(slot, (slot - 1) / 2);
            slot = (slot - 1) / 2;
        }
    }

    fn sift_down(&mut self, mut slot: usize) {
        let len = self.nodes.len();
        while let Some(child) = (2 * slot + 1..len.min(2 * slot + 3)).min_by_key(|&c| self.nodes[c].0) {
            if self.nodes[slot].0 <= self.nodes[child].0 {
                break;
            }
            self.swap(slot, child);
            slot = child;
        }
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.nodes.swap(a, b);
        for slot in [a, b] {
            if let Some(entry) = self.slots.get_mut(&self.nodes[slot].1) {
                *entry = slot;
            }
        }
    }
}

fn main() -> Result<(), SpoolError> {
    let mut spool = BinaryHeap::default();
    let office = [("payroll", 40), ("poster", 75), ("invoice", 35)];
    let walk_ins = [("thesis", 60), ("boarding-pass", 20), ("recipe", 90)];
    for (job, priority) in office.into_iter().chain(walk_ins) {
        spool.push(job, priority)?;
    }
    spool.decrease_key("thesis", 10)?;
    spool.decrease_key("recipe", 30)?;
    while let Some((priority, job)) = spool.pop() {
        println!("{priority:>3} {job}");
    }
    Ok(())
}
