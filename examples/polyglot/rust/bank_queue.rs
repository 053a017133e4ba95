//! A bank with several tellers and one line, driven by a priority queue of events.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

const TELLERS: u32 = 3;
const CLOSING_TIME: f64 = 240.0;
const MEAN_INTERARRIVAL: f64 = 2.5;
const MEAN_SERVICE: f64 = 7.0;

/// Linear congruential generator with the Numerical Recipes multiplier.
struct Lcg(u32);

impl Lcg {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(self.0) + 1.0) / 2f64.powi(32)
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.uniform().ln()
    }
}

#[derive(PartialEq)]
enum Event {
    Arrival(f64),
    Departure(f64),
}

impl Event {
    fn time(&self) -> f64 {
        let (Event::Arrival(t) | Event::Departure(t)) = self;
        *t
    }
}

impl Eq for Event {}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        self.time().total_cmp(&other.time())
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Default)]
struct Report {
    waits: Vec<f64>,
    longest_queue: usize,
    busy: f64,
    last_departure: f64,
}

impl Report {
    fn percentile(&self, q: f64) -> Option<f64> {
        let mut sorted = self.waits.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (q * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied()
    }
}

fn simulate(mut rng: Lcg) -> Report {
    let mut report = Report::default();
    let mut line = VecDeque::new();
    let mut free = TELLERS;
    let mut agenda = BinaryHeap::from([Reverse(Event::Arrival(rng.exponential(MEAN_INTERARRIVAL)))]);
    while let Some(Reverse(event)) = agenda.pop() {
        let now = event.time();
        match event {
            Event::Arrival(_) if now < CLOSING_TIME => {
                line.push_back(now);
                agenda.push(Reverse(Event::Arrival(now + rng.exponential(MEAN_INTERARRIVAL))));
            }
            Event::Arrival(_) => {} // too late, the doors are closed
            Event::Departure(_) => {
                free += 1;
                report.last_departure = now;
            }
        }
        if free > 0 {
            if let Some(arrived) = line.pop_front() {
                free -= 1;
                report.waits.push(now - arrived);
                let service = rng.exponential(MEAN_SERVICE);
                report.busy += service;
                agenda.push(Reverse(Event::Departure(now + service)));
            }
        }
        report.longest_queue = report.longest_queue.max(line.len());
    }
    report
}

fn main() {
    let report = simulate(Lcg(2024));
    let served = report.waits.len();
    println!("served {served} customers, longest queue {}", report.longest_queue);
    println!("mean wait {:.2} min", report.waits.iter().sum::<f64>() / served as f64);
    for q in [0.5, 0.95, 1.0] {
        println!("{:>3.0}% waited at most {:.2} min", q * 100.0, report.percentile(q).unwrap_or(0.0));
    }
    println!("utilisation {:.1}%", 100.0 * report.busy / (f64::from(TELLERS) * report.last_departure));
}
